//! Folders of a revision.

use gix::object::tree::EntryKind as GitKind;
use gix::{ObjectId, bstr::ByteSlice};
use rolecall::{EntryKind, PolicyFilesError, PolicyTree, Resolved, TreeEntry, resolve};
use std::cell::RefCell;
use std::collections::HashMap;
use std::ffi::OsString;

/// The maximum length of a link's target, as on Linux (PATH_MAX).
const MAX_TARGET: usize = 4096;

/// A folder of a revision.
pub(crate) struct FolderTree<'r> {
    objects: &'r gix::Repository,
    /// The tree of the revision.
    tree: ObjectId,
    /// The path from the root of the repository; empty for the root.
    path: String,
    /// The listed folders, by their paths from this one: a lookup from the root for each would be quadratic.
    folders: RefCell<HashMap<String, ObjectId>>,
}

impl<'r> FolderTree<'r> {
    pub(super) fn new(objects: &'r gix::Repository, tree: ObjectId, path: &str) -> Self {
        Self {
            objects,
            tree,
            path: path.to_owned(),
            folders: RefCell::default(),
        }
    }

    /// Returns the object at a path, if there is one.
    pub(super) fn object(&self, path: &str) -> Option<ObjectId> {
        Some(self.entry(path).ok()??.1)
    }

    /// Reads a file by its path without links, unless it is larger than the limit.
    pub(crate) fn read(&self, path: &str, limit: usize) -> Result<Vec<u8>, PolicyFilesError> {
        match self.entry(path)? {
            Some((EntryKind::File, id)) => self.blob(path, id, limit),
            _ => Err(PolicyFilesError::NotAFile {
                path: path.to_owned(),
            }),
        }
    }

    fn blob(&self, path: &str, id: ObjectId, limit: usize) -> Result<Vec<u8>, PolicyFilesError> {
        let header = self.objects.find_header(id).map_err(|_| unreadable(path))?;
        // The header has the size, so that a large object is not unpacked.
        let size = usize::try_from(header.size()).unwrap_or(usize::MAX);
        if size > limit {
            return Err(PolicyFilesError::FileTooLarge {
                path: path.to_owned(),
                bytes: size,
                limit,
            });
        }
        let blob = self.objects.find_blob(id).map_err(|_| unreadable(path))?;
        Ok(blob.detach().data)
    }

    /// Returns the kind and the object of the entry at a path below the folder.
    fn entry(&self, path: &str) -> Result<Option<(EntryKind, ObjectId)>, PolicyFilesError> {
        if let Some(id) = self.folders.borrow().get(path) {
            return Ok(Some((EntryKind::Folder, *id)));
        }
        let whole = self.whole(path);
        if whole.is_empty() {
            return Ok(Some((EntryKind::Folder, self.tree)));
        }
        let root = self.objects.find_tree(self.tree);
        let entry = root.map_err(|_| unreadable(path))?;
        let entry = entry.lookup_entry_by_path(&whole).map_err(|_| unreadable(path))?;
        Ok(entry.map(|entry| (kind(entry.mode().kind()), entry.object_id())))
    }

    fn whole(&self, path: &str) -> String {
        match (self.path.as_str(), path) {
            ("", path) => path.to_owned(),
            (folder, "") => folder.to_owned(),
            (folder, path) => format!("{folder}/{path}"),
        }
    }
}

impl PolicyTree for FolderTree<'_> {
    fn list(&self, folder: &str) -> Result<Vec<TreeEntry>, PolicyFilesError> {
        let Some((EntryKind::Folder, id)) = self.entry(folder)? else {
            return Err(unreadable(folder));
        };
        let tree = self.objects.find_tree(id);
        let tree = tree.map_err(|_| unreadable(folder))?;
        let mut entries = Vec::new();
        for entry in tree.iter() {
            let entry = entry.map_err(|_| unreadable(folder))?;
            if let (EntryKind::Folder, Ok(name)) = (kind(entry.mode().kind()), entry.filename().to_str()) {
                let path = if folder.is_empty() {
                    name.to_owned()
                } else {
                    format!("{folder}/{name}")
                };
                self.folders.borrow_mut().insert(path, entry.object_id());
            }
            entries.push(TreeEntry {
                name: name(entry.filename()),
                kind: kind(entry.mode().kind()),
            });
        }
        Ok(entries)
    }

    fn kind(&self, path: &str) -> Result<Option<EntryKind>, PolicyFilesError> {
        Ok(self.entry(path)?.map(|(kind, _)| kind))
    }

    fn target(&self, link: &str) -> Result<String, PolicyFilesError> {
        let Some((EntryKind::Link, id)) = self.entry(link)? else {
            return Err(unreadable(link));
        };
        let target = self.blob(link, id, MAX_TARGET)?;
        Ok(String::from_utf8_lossy(&target).into_owned())
    }

    /// Returns whether a link out of the folder leads to a folder of the repository. A target outside of the
    /// repository is unknown and counts as a folder.
    fn leads_to_folder(&self, link: &str) -> bool {
        let root = FolderTree::new(self.objects, self.tree, "");
        match resolve(&root, &self.whole(link)) {
            Ok(Resolved::File(_) | Resolved::Nothing | Resolved::Other(_)) => false,
            Ok(Resolved::Folder(_) | Resolved::Outside) | Err(_) => true,
        }
    }
}

/// Converts a name that need not be UTF-8. On systems that cannot represent it, invalid parts are replaced.
fn name(bytes: &gix::bstr::BStr) -> OsString {
    bytes.to_os_str().map_or_else(
        |_| OsString::from(bytes.to_str_lossy().into_owned()),
        ToOwned::to_owned,
    )
}

fn kind(of: GitKind) -> EntryKind {
    match of {
        GitKind::Tree => EntryKind::Folder,
        GitKind::Blob | GitKind::BlobExecutable => EntryKind::File,
        GitKind::Link => EntryKind::Link,
        GitKind::Commit => EntryKind::Submodule,
    }
}

/// Creates the error for an object that is missing, as in a clone with `--filter`, or cannot be read.
fn unreadable(path: &str) -> PolicyFilesError {
    PolicyFilesError::NotInClone {
        path: path.to_owned(),
    }
}
