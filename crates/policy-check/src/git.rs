//! Policies as they were at a revision of git.

use std::path::Path;
use std::process::Command;

use rolecall_engine::Source;

use crate::failure::{Failure, reason};
use crate::printable::{path_name, printable};

/// The policies of a folder at a revision.
pub(crate) fn policies(revision: &str, folder: &Path) -> Result<Vec<Source>, Failure> {
    if revision.starts_with('-') || revision.contains(':') {
        let message = format!("`{}` is no revision of git", printable(revision));
        return Err(Failure::new(message).help("name a branch, a tag or a commit"));
    }
    let list = git(
        folder,
        &["ls-tree", "-r", "-z", "--name-only", revision, "--", "."],
    )?;
    let names = list
        .split(|byte| *byte == 0)
        .filter_map(|name| std::str::from_utf8(name).ok());
    let mut sources = Vec::new();
    for name in names.filter(|name| name.ends_with(".policy")) {
        let text = git(folder, &["show", &format!("{revision}:./{name}")])?;
        let shown = format!("{revision}:{name}");
        let text = String::from_utf8(text)
            .map_err(|_| Failure::new(format!("`{}` is not UTF-8", printable(&shown))))?;
        sources.push(Source::new(shown, text));
    }
    Ok(sources)
}

/// What git prints, run in a folder.
fn git(folder: &Path, arguments: &[&str]) -> Result<Vec<u8>, Failure> {
    let output = Command::new("git").arg("-C").arg(folder).args(arguments).output();
    let output = output.map_err(|error| Failure::new(format!("cannot run `git`: {}", reason(&error))))?;
    if output.status.success() {
        return Ok(output.stdout);
    }
    let said = String::from_utf8_lossy(&output.stderr);
    let said = said.lines().next().unwrap_or_default();
    let message = format!("git does not show `{}`: {}", path_name(folder), printable(said));
    Err(Failure::new(message).help("name a folder of a repository, and a revision that it has"))
}
