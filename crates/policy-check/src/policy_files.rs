//! Which files there are, and which of them form one policy set.

use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::path::{Path, PathBuf};

use clap::Args;
use ignore::WalkBuilder;

use crate::failure::{Failure, reason};
use crate::input::is_stdin;
use crate::printable::{path_name, printable};

/// The paths that a verb is given.
#[derive(Args, Clone, Debug)]
pub(crate) struct Paths {
    /// Files and folders; `-` is standard input
    #[arg(value_name = "PATH", default_value = ".")]
    paths: Vec<PathBuf>,
    /// What to call standard input in messages
    #[arg(long, value_name = "NAME", default_value = "<stdin>")]
    stdin_filename: String,
}

impl Paths {
    /// The paths themselves.
    pub(crate) fn all(&self) -> &[PathBuf] {
        &self.paths
    }

    /// Finds the policy sets of the paths.
    pub(crate) fn find(&self) -> Found {
        find(&self.paths, &self.stdin_filename)
    }
}

/// A file of policies, not read yet.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum PolicyFile {
    /// A file.
    Path(PathBuf),
    /// Standard input, and what to call it.
    Stdin(String),
}

impl PolicyFile {
    /// What to call it in messages.
    pub(crate) fn name(&self) -> String {
        match self {
            Self::Path(path) => path_name(path),
            Self::Stdin(name) => printable(name).into_owned(),
        }
    }

    /// The folder that it is in: for standard input, the working folder.
    fn folder(&self) -> PathBuf {
        match self {
            Self::Path(path) => path.parent().unwrap_or(path).to_path_buf(),
            Self::Stdin(_) => PathBuf::new(),
        }
    }
}

/// The files of one policy set, in the order of their paths.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct FileSet {
    /// The folder, or the files that were named.
    pub(crate) name: String,
    /// The folder, or that of the first file that was named.
    pub(crate) folder: PathBuf,
    /// The files; never empty.
    pub(crate) files: Vec<PolicyFile>,
}

/// What was found.
#[derive(Debug, Default)]
pub(crate) struct Found {
    /// The policy sets, that of the named files first, and then in the order of their folders.
    pub(crate) sets: Vec<FileSet>,
    /// What could not be looked at, or had no policies in it.
    pub(crate) failures: Vec<Failure>,
}

/// Finds the policy sets of some paths.
pub(crate) fn find(paths: &[PathBuf], stdin_name: &str) -> Found {
    let mut failures = Vec::new();
    let mut named = BTreeSet::new();
    let mut folders = BTreeMap::new();
    for path in paths {
        if is_stdin(path) {
            named.insert(PolicyFile::Stdin(stdin_name.to_owned()));
        } else if path.is_dir() {
            let before = failures.len();
            let files = walk(path, &mut failures);
            if files.is_empty() && failures.len() == before {
                let message = format!("there are no `.policy` files in `{}`", path_name(path));
                failures.push(Failure::new(message).help(
                    "name another folder; hidden files and those that `.gitignore` names are left out",
                ));
            }
            folders.extend(group(path, files));
        } else {
            named.insert(PolicyFile::Path(path.clone()));
        }
    }
    let mut sets = Vec::new();
    if let Some(first) = named.first() {
        let names: Vec<String> = named.iter().map(PolicyFile::name).collect();
        sets.push(FileSet {
            name: names.join(", "),
            folder: first.folder(),
            files: named.into_iter().collect(),
        });
    }
    sets.extend(folders.into_iter().map(|(folder, files)| FileSet {
        name: path_name(&folder),
        folder,
        files: files.into_iter().map(PolicyFile::Path).collect(),
    }));
    Found { sets, failures }
}

/// The policy files below a folder.
fn walk(folder: &Path, failures: &mut Vec<Failure>) -> BTreeSet<PathBuf> {
    let mut files = BTreeSet::new();
    // What is a policy may not depend on the machine: no global list of git, and no other tool's list.
    let walk = WalkBuilder::new(folder)
        .follow_links(true)
        .git_global(false)
        .ignore(false)
        .require_git(false)
        .build();
    for entry in walk {
        match entry {
            Ok(entry) => {
                let is_folder = entry.file_type().is_some_and(|kind| kind.is_dir());
                if !is_folder && is_policy(entry.path()) {
                    files.insert(entry.into_path());
                }
            }
            Err(error) => failures.extend(walk_failure(&error)),
        }
    }
    files
}

/// Whether a file is called like one of policies.
pub(crate) fn is_policy(path: &Path) -> bool {
    path.extension().is_some_and(|extension| extension == "policy")
}

/// What cannot be looked at, unless it can hold no policies.
fn walk_failure(error: &ignore::Error) -> Option<Failure> {
    let path = path_of(error)?;
    let cause = error.io_error()?;
    // A link to nowhere hides no policies, unless it is called like one.
    if cause.kind() == io::ErrorKind::NotFound && !is_policy(path) {
        return None;
    }
    let message = format!("cannot read `{}`: {}", path_name(path), reason(cause));
    Some(Failure::new(message))
}

/// A folder that contains itself has no path here: all that is in it is found anyway.
fn path_of(error: &ignore::Error) -> Option<&Path> {
    match error {
        ignore::Error::WithPath { path, .. } => Some(path),
        ignore::Error::WithDepth { err, .. } | ignore::Error::WithLineNumber { err, .. } => path_of(err),
        ignore::Error::Partial(errors) => errors.iter().find_map(path_of),
        _ => None,
    }
}

/// Gives each file to the topmost folder that has policies right in it.
fn group(root: &Path, files: BTreeSet<PathBuf>) -> BTreeMap<PathBuf, Vec<PathBuf>> {
    let folders: BTreeSet<PathBuf> = files
        .iter()
        .filter_map(|file| file.parent().map(Path::to_path_buf))
        .collect();
    let mut sets: BTreeMap<PathBuf, Vec<PathBuf>> = BTreeMap::new();
    for file in files {
        let above = file
            .ancestors()
            .skip(1)
            .take_while(|folder| folder.starts_with(root));
        let top = above.filter(|folder| folders.contains(*folder)).last();
        let top = top.unwrap_or(root).to_path_buf();
        sets.entry(top).or_default().push(file);
    }
    sets
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_set_is_the_topmost_folder_with_policies_in_it() {
        let files = [
            "p/a/1.policy",
            "p/a/deep/2.policy",
            "p/b/c/3.policy",
            "p/b/d/4.policy",
        ];
        let sets = group(Path::new("p"), files.iter().map(PathBuf::from).collect());
        let sets: Vec<_> = sets
            .iter()
            .map(|(folder, files)| (path_name(folder), files.len()))
            .collect();
        assert_eq!(
            sets,
            [
                ("p/a".to_owned(), 2),
                ("p/b/c".to_owned(), 1),
                ("p/b/d".to_owned(), 1)
            ]
        );
        let sets = group(Path::new("p/a"), [PathBuf::from("p/a/x/1.policy")].into());
        assert_eq!(sets.keys().next(), Some(&PathBuf::from("p/a/x")));
    }
}
