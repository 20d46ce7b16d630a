//! Mistakes that authors make, and what they are told. The form of the files is in `cases/mistakes/README.md`.
//!
//! `ROLECALL_BLESS=1` writes what is reported now; look at the difference.

use crate::support::blessing;
use rolecall_engine::{PolicySet, Source};
use std::fmt::Write;
use std::path::{Path, PathBuf};

/// The place of a mistake in the policy of its file.
const PLACE: &str = "…";

const END_OF_POLICY: &str = "\n---\n";

/// Returns the errors of a policy, as they stand under a mistake.
fn reported(policy: &str) -> String {
    let mut lines = String::new();
    let Err(error) = PolicySet::compile([Source::new("", policy)]) else {
        return "> nothing\n".to_owned();
    };
    for diagnostic in error.diagnostics {
        let text = &policy[diagnostic.location.span().start..diagnostic.location.span().end];
        let place = match text.lines().next() {
            None => "nothing".to_owned(),
            Some(line) if line.len() < text.len() => format!("`{line} …`"),
            Some(line) => format!("`{line}`"),
        };
        writeln!(lines, "> {place}: {}", diagnostic.message).unwrap();
        if let Some(help) = diagnostic.help {
            writeln!(lines, ">   help: {help}").unwrap();
        }
    }
    lines
}

/// Returns a file as it would be right, and the number of its mistakes.
fn right(file: &str) -> (String, usize) {
    let (policy, mistakes) = file.split_once(END_OF_POLICY).unwrap();
    let mut right = format!("{policy}{END_OF_POLICY}");
    let is_answer = |line: &&str| line.starts_with("> ");
    let mut count = 0;
    for (index, mistake) in mistakes.split("\n\n").enumerate() {
        let text: Vec<&str> = mistake
            .trim_end()
            .lines()
            .filter(|line| !is_answer(line))
            .collect();
        let text = text.join("\n");
        let separator = if index == 0 { "" } else { "\n" };
        let reported = reported(&policy.replacen(PLACE, &text, 1));
        write!(right, "{separator}{text}\n{reported}").unwrap();
        count += 1;
    }
    (right, count)
}

#[test]
fn mistakes_are_explained() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases/mistakes");
    let files = std::fs::read_dir(folder).unwrap();
    let mut files: Vec<PathBuf> = files.map(|file| file.unwrap().path()).collect();
    files.retain(|file| file.extension().is_some_and(|end| end == "txt"));
    files.sort();
    let (mut mistakes, mut wrong) = (0, Vec::new());
    for path in files {
        let file = std::fs::read_to_string(&path).unwrap();
        let (right, count) = right(&file);
        mistakes += count;
        if blessing() {
            std::fs::write(&path, right).unwrap();
        } else if right != file {
            wrong.push(format!("{}\nexpected\n{file}\nfound\n{right}", path.display()));
        }
    }
    println!("{mistakes} mistakes");
    assert!(mistakes >= 200, "{mistakes} mistakes");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
