//! Symbolic links of a tree, resolved without leaving it.

use super::error::PolicyFilesError;
use super::names::is_git;
use super::tree::{EntryKind, PolicyTree};

/// The maximum number of links that one path may go through, as on Linux (path_resolution(7)).
const MAX_HOPS: usize = 40;
/// The maximum number of steps for all links of a tree together.
const MAX_STEPS: usize = 1_000_000;

/// The end of a path. The paths in it have no links.
#[derive(Clone, Debug, PartialEq, Eq)]
#[allow(clippy::exhaustive_enums, reason = "callers must handle each kind of end")]
pub enum Resolved {
    /// A regular file.
    File(String),
    /// A folder.
    Folder(String),
    /// A pipe, a socket or a device.
    Other(String),
    /// Nothing: the target does not exist, or the links form a cycle.
    Nothing,
    /// An entry outside of the tree, below a `.git`, or in another repository.
    Outside,
}

/// The links of a tree, with a bound on the work for all of them.
pub(super) struct Links<'t, T> {
    tree: &'t T,
    steps_left: usize,
}

impl<'t, T: PolicyTree> Links<'t, T> {
    pub(super) fn new(tree: &'t T) -> Self {
        Self {
            tree,
            steps_left: MAX_STEPS,
        }
    }

    /// Follows a link to its end. An absolute target always counts as outside, because it means another entry
    /// in each checkout.
    pub(super) fn resolve(&mut self, link: &str) -> Result<Resolved, PolicyFilesError> {
        let mut hops_left = MAX_HOPS;
        let mut done: Vec<String> = Vec::new();
        let mut rest = parts(link);
        while let Some(part) = rest.pop() {
            let steps_left = self.steps_left.checked_sub(1);
            self.steps_left = steps_left.ok_or(PolicyFilesError::TooManyLinks { limit: MAX_STEPS })?;
            if part == ".." {
                match done.pop() {
                    Some(_) => continue,
                    None => return Ok(Resolved::Outside),
                }
            }
            if is_git(&part) {
                return Ok(Resolved::Outside);
            }
            done.push(part);
            let path = done.join("/");
            match self.tree.kind(&path)? {
                None => return Ok(Resolved::Nothing),
                Some(EntryKind::Folder) => {}
                Some(EntryKind::Submodule) => return Ok(Resolved::Outside),
                Some(EntryKind::Link) => {
                    match hops_left.checked_sub(1) {
                        Some(left) => hops_left = left,
                        None => return Ok(Resolved::Nothing),
                    }
                    let target = self.tree.target(&path)?;
                    if target.starts_with('/') {
                        return Ok(Resolved::Outside);
                    }
                    done.pop();
                    rest.extend(parts(&target));
                }
                // A file has nothing below it.
                Some(_) if !rest.is_empty() => return Ok(Resolved::Nothing),
                Some(EntryKind::File) => return Ok(Resolved::File(path)),
                Some(EntryKind::Other) => return Ok(Resolved::Other(path)),
            }
        }
        Ok(Resolved::Folder(done.join("/")))
    }
}

/// Follows a path of a tree to its end, through links that stay inside of it.
///
/// # Errors
/// [`PolicyFilesError`] if an entry cannot be read, or there are too many links.
pub fn resolve(tree: &impl PolicyTree, path: &str) -> Result<Resolved, PolicyFilesError> {
    Links::new(tree).resolve(path)
}

/// Returns the parts of a path without empty ones and `.`, the first part last.
fn parts(path: &str) -> Vec<String> {
    let parts = path.split('/').filter(|part| !part.is_empty() && *part != ".");
    parts.rev().map(str::to_owned).collect()
}
