//! The paths that a command is about: policy sets, and the documents in other languages that a configuration lists.

use crate::checkout;
use crate::config;
use crate::policy_files::{FoundSets, find};
use crate::version::{Version, problem_in};
use clap::Args;
use rolecall::PolicyFilesError;
use rolecall_report::failure::Failure;
use std::path::{Path, PathBuf};

/// The path arguments of a command.
#[derive(Args, Clone, Debug)]
pub(crate) struct Paths {
    /// Files and folders; `-` is standard input
    #[arg(value_name = "PATH", default_value = ".")]
    paths: Vec<PathBuf>,
    /// Name of standard input in messages
    #[arg(long, value_name = "NAME", default_value = "<stdin>")]
    stdin_filename: String,
}

impl Paths {
    /// Returns the paths.
    pub(crate) fn all(&self) -> &[PathBuf] {
        &self.paths
    }

    /// Finds the policy sets of the paths, and the documents that their configurations list.
    pub(crate) fn find(&self) -> FoundSets {
        self.find_in(&Version::Disk)
    }

    /// Does the same in a version.
    pub(crate) fn find_in(&self, version: &Version) -> FoundSets {
        find_all(&self.paths, &self.stdin_filename, version)
    }
}

/// Finds the policy sets of some paths. The documents that the configuration in a named folder lists are one more set.
pub(crate) fn find_all(paths: &[PathBuf], stdin_name: &str, version: &Version) -> FoundSets {
    let mut found = find(paths, stdin_name, version);
    for folder in paths.iter().filter(|path| path.is_dir()) {
        let documents = match documents(folder, version) {
            Ok(documents) if documents.is_empty() => continue,
            Ok(documents) => find(&documents, stdin_name, version),
            Err(failure) => {
                found.failures.push(failure);
                continue;
            }
        };
        // A folder with documents needs no policies.
        let empty = problem_in(&version.shown(folder), &PolicyFilesError::Empty);
        found.failures.retain(|failure| failure.message != empty.message);
        found.sets.extend(documents.sets);
        found.failures.extend(documents.failures);
    }
    found
}

/// Finds the same files as one set, if one folder has policies: all other files are beside those of the folder. A question
/// can be about the policies and the documents together.
pub(crate) fn find_together(paths: &[PathBuf], stdin_name: &str, version: &Version) -> FoundSets {
    let (folders, mut files): (Vec<PathBuf>, Vec<PathBuf>) =
        paths.iter().cloned().partition(|path| path.is_dir());
    let mut failures = Vec::new();
    for folder in &folders {
        match documents(folder, version) {
            Ok(documents) => files.extend(documents),
            Err(failure) => failures.push(failure),
        }
    }
    let mut found = find(&folders, stdin_name, version);
    let beside = find(&files, stdin_name, version);
    if !beside.sets.is_empty() {
        let empty = |folder: &PathBuf| problem_in(&version.shown(folder), &PolicyFilesError::Empty).message;
        let empty: Vec<String> = folders.iter().map(empty).collect();
        found.failures.retain(|failure| !empty.contains(&failure.message));
    }
    match found.sets.is_empty() {
        true => found.sets = beside.sets,
        false => {
            for set in &mut found.sets {
                beside.sets.iter().for_each(|beside| set.join(beside));
            }
        }
    }
    found.failures.extend(beside.failures);
    found.failures.extend(failures);
    found
}

/// Returns the documents that the configuration in a folder lists.
fn documents(folder: &Path, version: &Version) -> Result<Vec<PathBuf>, Failure> {
    let configuration = config::nearest(folder, version)?;
    match configuration.is_in(checkout::locate(folder)?.absolute()) {
        true => configuration.documents(),
        false => Ok(Vec::new()),
    }
}
