//! Names of roles that were ever issued: the file `names.lock` in the folder of the policies.
//!
//! Relying parties trust a role by its name. A name that is free again could be given to a role of others, whom those
//! relying parties would then let in: so it stays in the file, and is used again only if a line there says so.

use std::collections::HashMap;
use std::fmt::Write as _;
use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use rolecall::PolicySet;

use crate::failure::Failure;

/// The maximum size of the file in bytes.
const MAX_BYTES: u64 = 4 * 1024 * 1024;

const RETIRED: &str = "retired";
const REUSED: &str = "reused";

/// The file: a name a line, followed by `retired` or `reused`. A `#` begins a comment.
#[derive(Debug)]
pub(crate) struct Names {
    path: PathBuf,
    text: String,
    states: HashMap<String, State>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    InUse,
    /// No role has the name any more.
    Retired,
    /// A role may have the retired name.
    Reused,
}

impl Names {
    pub(crate) const FILE: &'static str = "names.lock";

    /// Returns the names before any was issued.
    pub(crate) fn new(folder: &Path) -> Self {
        Self {
            path: folder.join(Self::FILE),
            text: "# Names of roles that were ever issued: `rolecall-exchange check --lock` writes them.\n"
                .to_owned(),
            states: HashMap::new(),
        }
    }

    /// Reads the file of a folder, if there is one.
    ///
    /// # Errors
    /// [`Failure`] with the file, and the line if one is wrong.
    pub(crate) fn read(folder: &Path) -> Result<Option<Self>, Failure> {
        let path = folder.join(Self::FILE);
        let cannot =
            |error: std::io::Error| Failure::new(format!("cannot read `{}`: {error}", path.display()));
        let length = match fs::metadata(&path) {
            Ok(found) => found.len(),
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(cannot(error)),
        };
        if length > MAX_BYTES {
            return Err(Failure::new(format!("`{}` has more than 4 MiB", path.display())));
        }
        let text = fs::read_to_string(&path).map_err(cannot)?;
        let mut states = HashMap::new();
        for (line, content) in (1_u32..).zip(text.lines()) {
            let wrong = |fault: &str| {
                Failure::new(format!("{}:{line}: {fault}", path.display()))
                    .help("write a name alone, or followed by `retired` or `reused`")
            };
            let mut words = words(content);
            let Some(name) = words.next() else { continue };
            let state = match (words.next(), words.next()) {
                (None, _) => State::InUse,
                (Some(RETIRED), None) => State::Retired,
                (Some(REUSED), None) => State::Reused,
                _ => return Err(wrong(&format!("`{name}` is followed by an unknown word"))),
            };
            if states.insert(name.to_owned(), state).is_some() {
                return Err(wrong(&format!("`{name}` is there twice")));
            }
        }
        Ok(Some(Self { path, text, states }))
    }

    /// Returns the faults of a set: roles whose name is retired, or not in the file.
    pub(super) fn faults(&self, set: &PolicySet) -> Vec<Failure> {
        let roles = set.program().roles().values();
        let fault = |role: &rolecall_engine::ir::Role| {
            let (name, file, place) = (&role.name, self.path.display(), super::place(set, role.location));
            match self.states.get(&**name) {
                Some(State::InUse | State::Reused) => None,
                Some(State::Retired) => Some(
                    Failure::new(format!("{place}: the role name `{name}` is retired in `{file}`")).help(
                        "relying parties may still trust the name: use another one, or write `reused` in its line",
                    ),
                ),
                None => Some(
                    Failure::new(format!("{place}: the role name `{name}` is not in `{file}`"))
                        .help("`rolecall-exchange check --lock` adds it"),
                ),
            }
        };
        roles.filter_map(fault).collect()
    }

    /// Returns the names that are in use by the file, and that no role has.
    pub(crate) fn free<'n>(&'n self, set: &PolicySet) -> Vec<&'n str> {
        let states = self.states.iter();
        let in_use = states.filter(|(_, state)| **state != State::Retired);
        let mut free: Vec<&str> = in_use
            .map(|(name, _)| name.as_str())
            .filter(|name| set.program().role(name).is_none())
            .collect();
        free.sort_unstable();
        free
    }

    /// Returns the path and the new text of the file for a set: new names are at the end, names without a role are
    /// retired, and comments stay.
    pub(crate) fn updated(&self, set: &PolicySet) -> (&Path, String) {
        let free = self.free(set);
        let mut text = String::new();
        for line in self.text.lines() {
            match words(line).next() {
                Some(name) if free.contains(&name) => {
                    let comment = line.find('#').and_then(|at| line.get(at..));
                    let comment = comment.map(|comment| format!(" {comment}")).unwrap_or_default();
                    // Writing to a `String` does not fail.
                    let _ = writeln!(text, "{name} {RETIRED}{comment}");
                }
                _ => {
                    let _ = writeln!(text, "{line}");
                }
            }
        }
        let names = set.program().roles().values().map(|role| &*role.name);
        let mut new: Vec<&str> = names.filter(|name| !self.states.contains_key(*name)).collect();
        new.sort_unstable();
        for name in new {
            let _ = writeln!(text, "{name}");
        }
        (&self.path, text)
    }
}

/// Returns the words of a line, without its comment.
fn words(line: &str) -> impl Iterator<Item = &str> {
    let content = line.split('#').next().unwrap_or_default();
    content.split_whitespace()
}
