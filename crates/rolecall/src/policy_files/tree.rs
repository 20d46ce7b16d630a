//! File trees: folders on disk, or of a git revision.

use std::ffi::OsString;
use std::sync::Arc;

use super::error::PolicyFilesError;

/// A file tree in which a policy set is searched. Paths are relative to its root, with `/` between the parts;
/// the root is the empty path. No method follows links.
pub trait PolicyTree {
    /// Lists a folder.
    ///
    /// # Errors
    /// [`PolicyFilesError`] if it cannot be read.
    fn list(&self, folder: &str) -> Result<Vec<TreeEntry>, PolicyFilesError>;

    /// Returns the kind of the entry at a path, or `None` if there is none.
    ///
    /// # Errors
    /// [`PolicyFilesError`] if the operating system refuses access.
    fn kind(&self, path: &str) -> Result<Option<EntryKind>, PolicyFilesError>;

    /// Returns the target of a link, as written.
    ///
    /// # Errors
    /// [`PolicyFilesError`] if it cannot be read.
    fn target(&self, link: &str) -> Result<String, PolicyFilesError>;

    /// Returns whether a link that leads outside of the tree leads to a folder, or may.
    fn leads_to_folder(&self, link: &str) -> bool;
}

/// A shared tree is a tree.
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
#[allow(clippy::exhaustive_structs, reason = "trees of other crates construct them")]
pub struct TreeEntry {
    /// The name of the entry, which need not be UTF-8.
    pub name: OsString,
    /// The kind of the entry.
    pub kind: EntryKind,
}

/// The kind of an entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(clippy::exhaustive_enums, reason = "trees of other crates construct them")]
pub enum EntryKind {
    /// A regular file.
    File,
    /// A folder.
    Folder,
    /// A symbolic link.
    Link,
    /// A git submodule, whose files are in another repository.
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
