//! Versions of files: on disk, or at a git revision.

use crate::checkout;
use crate::git::Revision;
use crate::input::{self, MAX_DOCUMENT_BYTES};
use rolecall::{PolicyFilesError, PolicyTree, Resolved, resolve};
use rolecall_report::failure::Failure;
use rolecall_report::printable::path_name;
use std::path::Path;

/// A version of the files.
#[derive(Clone)]
pub(crate) enum Version {
    /// The files on disk.
    Disk,
    /// The files at a revision. Files outside of its repository are those on disk.
    Revision(Revision),
}

impl Version {
    /// Reads a file with a well-known name, if it exists. It must be a regular file, not a link, within the
    /// size limit.
    pub(crate) fn found(&self, path: &Path) -> Result<Option<Vec<u8>>, Failure> {
        let Some((revision, inside)) = self.revision(path)? else {
            return input::found(path);
        };
        let root = revision.folder("");
        let failure = |problem: PolicyFilesError| problem_in(&revision.shown(&inside), &problem);
        match resolve(&root, &inside).map_err(failure)? {
            Resolved::Nothing => Ok(None),
            Resolved::File(real) if real == inside => {
                root.read(&real, MAX_DOCUMENT_BYTES).map_err(failure).map(Some)
            }
            _ => Err(failure(PolicyFilesError::NotAFile { path: inside.clone() })),
        }
    }

    /// Returns whether a path exists.
    pub(crate) fn exists(&self, path: &Path) -> Result<bool, Failure> {
        let Some((revision, inside)) = self.revision(path)? else {
            return Ok(checkout::locate(path)?.absolute().symlink_metadata().is_ok());
        };
        let kind = revision.folder("").kind(&inside);
        let kind = kind.map_err(|problem| problem_in(&revision.shown(&inside), &problem))?;
        Ok(kind.is_some())
    }

    /// Reads a file named by the policies of a folder, if it exists in their checkout. A link may lead to it.
    /// Files outside of the checkout belong to the operator and are not read.
    pub(crate) fn named_by(&self, folder: &Path, file: &str) -> Result<Option<Vec<u8>>, Failure> {
        let path = folder.join(file);
        let [own, other] = [checkout::locate(folder)?, checkout::locate(&path)?];
        // Outside of a checkout any regular file counts; a pipe would block.
        let is_meant = match own.root() {
            Some(root) => other.root() == Some(root),
            None => other.root().is_none() && path.is_file(),
        };
        if !is_meant || !self.exists(&path)? {
            return Ok(None);
        }
        let Some((revision, inside)) = self.revision(&path)? else {
            return input::document(&path).map(Some);
        };
        let root = revision.folder("");
        let failure = |problem: PolicyFilesError| problem_in(&revision.shown(&inside), &problem);
        match resolve(&root, &inside).map_err(failure)? {
            Resolved::File(real) => root.read(&real, MAX_DOCUMENT_BYTES).map_err(failure).map(Some),
            Resolved::Nothing => Ok(None),
            _ => Err(failure(PolicyFilesError::NotAFile { path: inside.clone() })),
        }
    }

    /// Returns the name of a file in messages.
    pub(crate) fn shown(&self, path: &Path) -> String {
        match self.revision(path) {
            Ok(Some((revision, inside))) => revision.shown(&inside),
            _ => path_name(path),
        }
    }

    /// Returns the revision and the path of a file in it, if the file is in the revision's repository.
    pub(crate) fn revision(&self, path: &Path) -> Result<Option<(&Revision, String)>, Failure> {
        match self {
            Self::Disk => Ok(None),
            Self::Revision(revision) => Ok(revision.path(path)?.map(|inside| (revision, inside))),
        }
    }
}

/// Converts an error of the policy files in a folder.
pub(crate) fn problem_in(folder: &str, problem: &PolicyFilesError) -> Failure {
    let message = match problem {
        PolicyFilesError::Empty => format!("there are no `.policy` files in `{folder}`"),
        PolicyFilesError::NotRead { path, reason } if path.is_empty() => {
            format!("cannot read `{folder}`: {reason}")
        }
        PolicyFilesError::NotInClone { path } if path.is_empty() => {
            format!("the clone does not contain all of `{folder}`")
        }
        problem => format!("`{folder}` is not a policy set: {problem}"),
    };
    Failure::new(message).help(problem.help())
}
