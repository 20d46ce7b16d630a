//! Traversal of a tree that finds the files of its policy set.

use std::collections::BTreeMap;

use super::error::PolicyFilesError;
use super::links::{Links, Resolved};
use super::names::{self, is_git, is_policy};
use super::selection::{PolicyFile, Selection};
use super::tree::{self, EntryKind, PolicyTree, TreeEntry};

/// The maximum number of entries of all folders together.
const MAX_ENTRIES: usize = 1_000_000;
/// The maximum number of files of a policy set.
const MAX_FILES: usize = 10_000;
/// The maximum nesting of folders.
const MAX_DEPTH: usize = 256;

/// Finds the files of the policy set in a tree. The result does not depend on the order in which the tree
/// lists its entries.
pub fn select(tree: &impl PolicyTree) -> Selection {
    let mut walk = Walk {
        tree,
        selection: Selection::default(),
        found: BTreeMap::new(),
        links: Vec::new(),
        entries_left: MAX_ENTRIES,
    };
    walk.folders();
    walk.follow();
    let Walk {
        mut selection, found, ..
    } = walk;
    if found.len() > MAX_FILES {
        let limit = MAX_FILES;
        selection.problems.push(PolicyFilesError::TooManyFiles { limit });
    } else if found.is_empty() && selection.problems.is_empty() {
        selection.problems.push(PolicyFilesError::Empty);
    }
    let files = found.into_iter().map(|(path, name)| PolicyFile { name, path });
    selection.files = files.collect();
    selection.files.sort_unstable();
    selection.repositories.sort_unstable();
    selection.problems.sort_unstable();
    selection.problems.dedup();
    selection
}

/// The state of the traversal.
struct Walk<'t, T> {
    tree: &'t T,
    selection: Selection,
    /// The best name so far of each file, by path.
    found: BTreeMap<String, String>,
    links: Vec<String>,
    entries_left: usize,
}

impl<T: PolicyTree> Walk<'_, T> {
    /// Visits all folders. Links are collected for later, so that there is no cycle.
    fn folders(&mut self) {
        // Each folder with the number of levels that may be below it; none if it is too deep itself.
        let mut folders = vec![(String::new(), Some(MAX_DEPTH))];
        while let Some((folder, levels)) = folders.pop() {
            let Some(levels) = levels else {
                let limit = MAX_DEPTH;
                self.problem(PolicyFilesError::TooDeep { folder, limit });
                continue;
            };
            let entries = match self.tree.list(&folder) {
                Ok(entries) => entries,
                Err(problem) => {
                    self.problem(problem);
                    continue;
                }
            };
            let Some(entries_left) = self.entries_left.checked_sub(entries.len()) else {
                return self.problem(PolicyFilesError::TooManyEntries { limit: MAX_ENTRIES });
            };
            self.entries_left = entries_left;
            for entry in entries {
                if let Some(below) = self.entry(&folder, entry) {
                    folders.push((below, levels.checked_sub(1)));
                }
            }
        }
    }

    /// Adds an entry of a folder. Returns its path if it is a folder to visit.
    fn entry(&mut self, folder: &str, entry: TreeEntry) -> Option<String> {
        let TreeEntry { name, kind } = entry;
        let name = match name.into_string() {
            Ok(name) => name,
            Err(name) => {
                let name = name.to_string_lossy();
                if kind != EntryKind::File || is_policy(&name) {
                    self.problem(PolicyFilesError::NameNotUtf8 {
                        name: tree::join(folder, &name),
                    });
                }
                return None;
            }
        };
        if is_git(&name) {
            if !folder.is_empty() {
                self.selection.repositories.push(folder.to_owned());
            }
            return None;
        }
        let path = tree::join(folder, &name);
        match kind {
            EntryKind::Folder => return Some(path),
            EntryKind::Submodule => self.selection.repositories.push(path),
            EntryKind::Link => self.links.push(path),
            EntryKind::File if is_policy(&name) => {
                self.found.insert(path.clone(), path);
            }
            EntryKind::Other if is_policy(&name) => self.problem(PolicyFilesError::NotAFile { path }),
            EntryKind::File | EntryKind::Other => {}
        }
        None
    }

    /// Follows the links, and gives files the names of those that lead to them.
    fn follow(&mut self) {
        let mut links = Links::new(self.tree);
        let mut folders = BTreeMap::new();
        for link in std::mem::take(&mut self.links) {
            let is_policy = is_policy(&link);
            match links.resolve(&link) {
                Ok(Resolved::File(target)) if is_policy && !names::is_policy(&target) => {
                    self.problem(PolicyFilesError::LeadsToOther { link, target });
                }
                Ok(Resolved::File(path)) if is_policy => names::prefer(&mut self.found, path, link),
                Ok(Resolved::Folder(path)) => names::prefer(&mut folders, path, link),
                Ok(Resolved::Outside) if is_policy || self.tree.leads_to_folder(&link) => {
                    self.bad_link(link, |link, target| PolicyFilesError::LeadsOutside {
                        link,
                        target,
                    });
                }
                Ok(Resolved::Nothing) if is_policy => {
                    self.bad_link(link, |link, target| PolicyFilesError::LeadsNowhere {
                        link,
                        target,
                    });
                }
                Ok(Resolved::Other(path)) if is_policy => self.problem(PolicyFilesError::NotAFile { path }),
                Ok(_) => {}
                Err(problem) => return self.problem(problem),
            }
        }
        names::through_folders(&mut self.found, &folders);
    }

    /// Reports a link with its target, or that the target cannot be read.
    fn bad_link(&mut self, link: String, problem: impl FnOnce(String, String) -> PolicyFilesError) {
        match self.tree.target(&link) {
            Ok(target) => self.problem(problem(link, target)),
            Err(error) => self.problem(error),
        }
    }

    fn problem(&mut self, problem: PolicyFilesError) {
        self.selection.problems.push(problem);
    }
}

#[cfg(test)]
mod tests;
