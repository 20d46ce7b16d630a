//! Files of a policy set that most tools do not show: hidden ones, and those that git ignores.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use ignore::Match;
use ignore::gitignore::{Gitignore, GitignoreBuilder};

use super::FileSet;
use crate::checkout;
use crate::failure::Failure;
use crate::input;

/// The files of a set that most tools do not show, by their names, with the reason.
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

/// The `.gitignore` of each folder, read once.
#[derive(Default)]
struct Rules(BTreeMap<PathBuf, Gitignore>);

impl Rules {
    /// Whether a `.gitignore` of the checkout names a file. Lists of the machine and of other tools do not count, so that the
    /// answer is the same everywhere.
    fn ignores(&mut self, path: &Path) -> Result<bool, Failure> {
        let place = checkout::locate(path)?;
        let Some(root) = place.root() else {
            return Ok(false);
        };
        let mut folders: Vec<&Path> = place.absolute().ancestors().skip(1).collect();
        folders.retain(|folder| folder.starts_with(root));
        let mut ignores = false;
        for folder in folders.into_iter().rev() {
            match self
                .of(folder)?
                .matched_path_or_any_parents(place.absolute(), false)
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
            let text = input::found(&folder.join(".gitignore"))?.unwrap_or_default();
            let mut builder = GitignoreBuilder::new(folder);
            for line in String::from_utf8_lossy(&text).lines() {
                // A line that is not a pattern ignores nothing.
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
