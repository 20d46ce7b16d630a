//! A tree of files: a folder on disk, or one of a revision of git.

use std::ffi::OsString;
use std::sync::Arc;

use super::error::PolicyFilesError;

/// A tree of files in which a policy set is looked for. Paths are relative to its root, with `/` between the parts; the root is
/// the empty path. No function follows links.
pub trait PolicyTree {
    /// Lists a folder.
    ///
    /// # Errors
    /// The problem if it cannot be read.
    fn list(&self, folder: &str) -> Result<Vec<TreeEntry>, PolicyFilesError>;

    /// Returns the kind of the entry at a path, or `None` if there is none.
    ///
    /// # Errors
    /// The problem if it cannot be looked at.
    fn kind(&self, path: &str) -> Result<Option<EntryKind>, PolicyFilesError>;

    /// Returns the path that a link has in it, as it is written.
    ///
    /// # Errors
    /// The problem if it cannot be read.
    fn target(&self, link: &str) -> Result<String, PolicyFilesError>;

    /// Returns whether a link that leads outside of the tree leads to a folder, or may.
    fn leads_to_folder(&self, link: &str) -> bool;
}

/// A tree that several files share is one.
impl<T: PolicyTree> PolicyTree for Arc<T> {
    fn list(&self, folder: &str) -> Result<Vec<TreeEntry>, PolicyFilesError> {
        T::list(self, folder)
    }

    fn kind(&self, path: &str) -> Result<Option<EntryKind>, PolicyFilesError> {
        T::kind(self, path)
    }

    fn target(&self, link: &str) -> Result<String, PolicyFilesError> {
        T::target(self, link)
    }

    fn leads_to_folder(&self, link: &str) -> bool {
        T::leads_to_folder(self, link)
    }
}

/// An entry of a folder.
#[derive(Clone, Debug, PartialEq, Eq)]
#[allow(clippy::exhaustive_structs, reason = "trees outside of this crate make them")]
pub struct TreeEntry {
    /// Its name, which need not be UTF-8.
    pub name: OsString,
    /// Its kind.
    pub kind: EntryKind,
}

/// The kind of an entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(clippy::exhaustive_enums, reason = "trees outside of this crate make them")]
pub enum EntryKind {
    /// A regular file.
    File,
    /// A folder.
    Folder,
    /// A symbolic link.
    Link,
    /// A submodule of git, whose files are in another repository.
    Submodule,
    /// A pipe, a socket or a device.
    Other,
}

/// Returns the path of an entry of a folder.
pub(super) fn join(folder: &str, name: &str) -> String {
    match folder {
        "" => name.to_owned(),
        folder => format!("{folder}/{name}"),
    }
}
