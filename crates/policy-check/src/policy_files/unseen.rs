//! Policy files that most tools do not show: hidden files, and those that git ignores.

use super::FileSet;
use crate::checkout;
use crate::input;
use ignore::Match;
use ignore::gitignore::{Gitignore, GitignoreBuilder};
use rolecall_report::failure::Failure;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// Returns the files of a set that most tools do not show, by their names, each with the reason.
pub(super) fn files(set: &FileSet) -> Result<BTreeMap<String, &'static str>, Failure> {
    let mut rules = Rules::default();
    let mut unseen = BTreeMap::new();
    for file in &set.files {
        if file.is_hidden {
            unseen.insert(file.name.clone(), "a part of its path begins with a dot");
        } else if let Some(path) = file.path()
            && rules.ignores(path)?
        {
            unseen.insert(file.name.clone(), "`.gitignore` matches it");
        }
    }
    Ok(unseen)
}

/// The `.gitignore` files of folders, each read once.
#[derive(Default)]
struct Rules(BTreeMap<PathBuf, Gitignore>);

impl Rules {
    /// Returns whether a `.gitignore` of the checkout matches a file. Ignore lists of the machine and of
    /// other tools do not count, so that the result is the same everywhere.
    fn ignores(&mut self, path: &Path) -> Result<bool, Failure> {
        let located = checkout::locate(path)?;
        let Some(root) = located.root() else {
            return Ok(false);
        };
        let mut folders: Vec<&Path> = located.absolute().ancestors().skip(1).collect();
        folders.retain(|folder| folder.starts_with(root));
        let mut ignores = false;
        for folder in folders.into_iter().rev() {
            match self
                .of(folder)?
                .matched_path_or_any_parents(located.absolute(), false)
            {
                Match::Ignore(_) => ignores = true,
                Match::Whitelist(_) => ignores = false,
                Match::None => {}
            }
        }
        Ok(ignores)
    }

    fn of(&mut self, folder: &Path) -> Result<&Gitignore, Failure> {
        if !self.0.contains_key(folder) {
            // A folder without the file has no rules.
            let text = input::found(&folder.join(".gitignore"))?.unwrap_or_default();
            let mut builder = GitignoreBuilder::new(folder);
            for line in String::from_utf8_lossy(&text).lines() {
                // An invalid pattern matches nothing.
                drop(builder.add_line(None, line));
            }
            let rules = builder.build().unwrap_or_else(|_| Gitignore::empty());
            self.0.insert(folder.to_path_buf(), rules);
        }
        Ok(self
            .0
            .entry(folder.to_path_buf())
            .or_insert_with(Gitignore::empty))
    }
}
