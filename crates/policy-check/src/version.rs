//! The files that a command looks at: as they are on disk, or as they were at a revision of git.

use std::path::Path;

use rolecall::{PolicyFilesError, PolicyTree, Resolved, resolve};

use crate::checkout;
use crate::failure::Failure;
use crate::git::Revision;
use crate::input::{self, MAX_DOCUMENT_BYTES};
use crate::printable::path_name;

/// A state of the files.
#[derive(Clone)]
pub(crate) enum Version {
    /// As they are on disk.
    Disk,
    /// As they were at a revision. Files outside of its repository are as they are on disk.
    Revision(Revision),
}

impl Version {
    /// Reads a file that is looked for by its name, if it is there: a regular file, no link, of bounded size.
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

    /// Returns whether there is something at a path.
    pub(crate) fn exists(&self, path: &Path) -> Result<bool, Failure> {
        let Some((revision, inside)) = self.revision(path)? else {
            return Ok(checkout::locate(path)?.absolute().symlink_metadata().is_ok());
        };
        let kind = revision.folder("").kind(&inside);
        let kind = kind.map_err(|problem| problem_in(&revision.shown(&inside), &problem))?;
        Ok(kind.is_some())
    }

    /// Reads a file that the policies of a folder name, if it is a file of their checkout that is there. A link may lead to it.
    /// What is outside of the checkout is the operator's, and is not looked at.
    pub(crate) fn named_by(&self, folder: &Path, file: &str) -> Result<Option<Vec<u8>>, Failure> {
        let path = folder.join(file);
        let [own, other] = [checkout::locate(folder)?, checkout::locate(&path)?];
        // Outside of a checkout a regular file counts wherever it is; a pipe would be waited for.
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

    /// The name of a file in messages.
    pub(crate) fn shown(&self, path: &Path) -> String {
        match self.revision(path) {
            Ok(Some((revision, inside))) => revision.shown(&inside),
            _ => path_name(path),
        }
    }

    /// The revision, and the path of a file in it, if it has the file's repository.
    pub(crate) fn revision(&self, path: &Path) -> Result<Option<(&Revision, String)>, Failure> {
        match self {
            Self::Disk => Ok(None),
            Self::Revision(revision) => Ok(revision.path(path)?.map(|inside| (revision, inside))),
        }
    }
}

/// A problem of the files of a folder, in the words of this command.
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
