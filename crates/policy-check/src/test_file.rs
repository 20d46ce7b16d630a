//! The policy file that new tests are added to.

use crate::checkout;
use crate::new_tests::{Addition, Change, add};
use crate::policy_files::{FileSet, FoundSets};
use crate::replace::{create, replace};
use rolecall_engine::PolicySet;
use rolecall_report::failure::Failure;
use rolecall_report::printable::path_name;
use rolecall_report::witness::NewTest;
use std::fs;
use std::path::{Path, PathBuf};

/// A file of a policy set, or a new one in its folder.
#[derive(Debug)]
pub(crate) struct TestFile {
    path: PathBuf,
    /// The position among the files of the set; none for a new file.
    position: Option<usize>,
}

impl TestFile {
    /// Finds the file in the only one of the policy sets. It is not a link, and no link leads to it from the
    /// folder of the set.
    pub(crate) fn find(path: &Path, found: &FoundSets) -> Result<Self, Failure> {
        let [set] = found.sets.as_slice() else {
            let names: Vec<String> = found.sets.iter().map(|set| format!("`{}`", set.name)).collect();
            let message = format!("tests are added to one policy set, and there are {}", names.len());
            return Err(Failure::new(message).help(format!("name one of them: {}", names.join(", "))));
        };
        let located = checkout::locate(path)?;
        located.check()?;
        let mut position = None;
        for (number, file) in set.files.iter().enumerate() {
            if let Some(on_disk) = file.path()
                && checkout::locate(on_disk)?.absolute() == located.absolute()
            {
                position = Some(number);
            }
        }
        if position.is_none() {
            check_new(path, located.absolute(), set)?;
        }
        let path = path.to_path_buf();
        Ok(Self { path, position })
    }

    /// Returns the name in messages.
    pub(crate) fn name(&self) -> String {
        path_name(&self.path)
    }

    /// Adds tests to the text of the file.
    pub(crate) fn add(&self, set: &PolicySet, tests: &[NewTest]) -> Result<Addition, Failure> {
        add(set, self.position, &self.name(), tests)
    }

    /// Writes the file, if there are new tests for it.
    pub(crate) fn write(&self, addition: &Addition) -> Result<(), Failure> {
        match &addition.change {
            None => Ok(()),
            Some(Change { old: None, new }) => create(&self.path, new),
            Some(Change { old: Some(old), new }) => replace(&self.path, old, new),
        }
    }
}

/// Refuses a path at which a file would not be a new file of the policy set.
fn check_new(path: &Path, absolute: &Path, set: &FileSet) -> Result<(), Failure> {
    let name = path_name(path);
    let refused = |message: String, help: &str| Err(Failure::new(message).help(help));
    if fs::symlink_metadata(absolute).is_ok() {
        let message = format!("`{name}` is not a policy file of `{}`", set.name);
        return refused(message, "name one of its files, without links, or a new one");
    }
    if !set.is_folder() {
        let message = format!("`{name}` would not be one of the named files");
        return refused(message, "name the folder of the policy set");
    }
    let folder = checkout::locate(&set.folder)?;
    let Ok(below) = absolute.strip_prefix(folder.absolute()) else {
        let message = format!("`{name}` is not in the folder of the policy set, `{}`", set.name);
        return refused(message, "name a file in that folder");
    };
    if below.extension().is_none_or(|extension| extension != "policy") {
        let message = format!("`{name}` would not be a policy file");
        return refused(message, "end its name in `.policy`");
    }
    let (mut part, mut shown) = (folder.absolute().to_path_buf(), set.folder.clone());
    for name in below.parent().into_iter().flatten() {
        part.push(name);
        shown.push(name);
        if !fs::symlink_metadata(&part).is_ok_and(|found| found.is_dir()) {
            let message = format!(
                "cannot write `{}`: `{}` is not a folder",
                path_name(path),
                path_name(&shown)
            );
            return refused(
                message,
                "name a file in a folder of the policy set, without links",
            );
        }
    }
    Ok(())
}
