//! The walk over a tree that finds the files of its policy set.

use std::collections::BTreeMap;

use super::error::PolicyFilesError;
use super::links::{Links, Resolved};
use super::names::{self, is_git, is_policy};
use super::selection::{PolicyFile, Selection};
use super::tree::{self, EntryKind, PolicyTree, TreeEntry};

/// The most entries of folders that are looked at.
const MAX_ENTRIES: usize = 1_000_000;
/// The most files of a policy set.
const MAX_FILES: usize = 10_000;
/// The most folders inside of one another.
const MAX_DEPTH: usize = 256;

/// Finds the files of the policy set in a tree. The result does not depend on the order in which the tree lists its entries.
pub fn select(tree: &impl PolicyTree) -> Selection {
    let mut walk = Walk {
        tree,
        selection: Selection::default(),
        found: BTreeMap::new(),
        links: Vec::new(),
        entries: 0,
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

/// A walk over a tree.
struct Walk<'t, T> {
    tree: &'t T,
    selection: Selection,
    /// The files by their paths, with the best name so far.
    found: BTreeMap<String, String>,
    links: Vec<String>,
    entries: usize,
}

impl<T: PolicyTree> Walk<'_, T> {
    /// Looks at all folders. Links are put aside, so that there is no circle.
    fn folders(&mut self) {
        let mut folders = vec![(String::new(), 0_usize)];
        while let Some((folder, depth)) = folders.pop() {
            if depth > MAX_DEPTH {
                let limit = MAX_DEPTH;
                self.problem(PolicyFilesError::TooDeep { folder, limit });
                continue;
            }
            let entries = match self.tree.list(&folder) {
                Ok(entries) => entries,
                Err(problem) => {
                    self.problem(problem);
                    continue;
                }
            };
            self.entries = self.entries.saturating_add(entries.len());
            if self.entries > MAX_ENTRIES {
                return self.problem(PolicyFilesError::TooManyEntries { limit: MAX_ENTRIES });
            }
            for entry in entries {
                if let Some(below) = self.entry(&folder, entry) {
                    folders.push((below, depth.saturating_add(1)));
                }
            }
        }
    }

    /// Takes an entry of a folder into account. Returns its path if it is a folder to look at.
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
                Ok(Resolved::File(path)) if is_policy => names::better(&mut self.found, path, link),
                Ok(Resolved::Folder(path)) => names::better(&mut folders, path, link),
                Ok(Resolved::Outside) if is_policy || self.tree.leads_to_folder(&link) => {
                    let target = self.tree.target(&link).unwrap_or_default();
                    self.problem(PolicyFilesError::LeadsOutside { link, target });
                }
                Ok(Resolved::Nothing) if is_policy => {
                    let target = self.tree.target(&link).unwrap_or_default();
                    self.problem(PolicyFilesError::LeadsNowhere { link, target });
                }
                Ok(Resolved::Other(path)) if is_policy => self.problem(PolicyFilesError::NotAFile { path }),
                Ok(_) => {}
                Err(problem) => return self.problem(problem),
            }
        }
        names::through_folders(&mut self.found, &folders);
    }

    fn problem(&mut self, problem: PolicyFilesError) {
        self.selection.problems.push(problem);
    }
}

#[cfg(test)]
mod tests;
