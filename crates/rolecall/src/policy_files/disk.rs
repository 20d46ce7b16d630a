//! Folders on disk. Every path is opened relative to one handle of the folder, and the operating system keeps
//! it below the folder (`openat2` with `RESOLVE_BENEATH` on Linux), so that no link can lead outside, even if
//! it changes meanwhile.

use std::fs;
use std::io;
use std::path::{Component, Path, PathBuf};

use cap_fs_ext::{FollowSymlinks, OpenOptionsFollowExt, OpenOptionsSyncExt};
use cap_std::ambient_authority;
use cap_std::fs::{Dir, FileType, OpenOptions};

use super::error::PolicyFilesError;
use super::tree::{EntryKind, PolicyTree, TreeEntry};
use crate::bounded_read::{read_bounded, shown_length};

/// A folder on disk.
#[derive(Debug)]
pub struct DiskTree {
    folder: Dir,
    path: PathBuf,
}

impl DiskTree {
    /// Opens a folder, whose own path may contain links.
    ///
    /// # Errors
    /// [`PolicyFilesError::NotRead`] if it cannot be opened, or is not a folder.
    pub fn open(path: impl Into<PathBuf>) -> Result<Self, PolicyFilesError> {
        let path = path.into();
        let here = Path::new(".");
        let opened = if path.as_os_str().is_empty() { here } else { &path };
        let folder = Dir::open_ambient_dir(opened, ambient_authority());
        let folder = folder.map_err(|error| PolicyFilesError::not_read("", &error))?;
        Ok(Self { folder, path })
    }

    /// Reads a regular file by its path without links. Never blocks on a pipe.
    ///
    /// # Errors
    /// [`PolicyFilesError`] if it cannot be read, is not a regular file, or has more bytes than the limit.
    pub fn read(&self, path: &str, limit: usize) -> Result<Vec<u8>, PolicyFilesError> {
        let failed = |error: io::Error| PolicyFilesError::not_read(path, &error);
        let mut options = OpenOptions::new();
        options.read(true).follow(FollowSymlinks::No).nonblock(true);
        let file = self.folder.open_with(path, &options).map_err(failed)?;
        let found = file.metadata().map_err(failed)?;
        if !found.is_file() {
            let path = path.to_owned();
            return Err(PolicyFilesError::NotAFile { path });
        }
        // The file may have grown, or its file system may not report lengths: reading one byte more shows
        // both.
        let bytes = read_bounded(file, limit).map_err(failed)?;
        if bytes.len() > limit {
            return Err(PolicyFilesError::FileTooLarge {
                path: path.to_owned(),
                bytes: bytes.len().max(shown_length(found.len())),
                limit,
            });
        }
        Ok(bytes)
    }
}

impl PolicyTree for DiskTree {
    fn list(&self, folder: &str) -> Result<Vec<TreeEntry>, PolicyFilesError> {
        let failed = |error: io::Error| PolicyFilesError::not_read(folder, &error);
        let entries = match folder {
            "" => self.folder.entries(),
            folder => self.folder.read_dir(folder),
        };
        let mut listed = Vec::new();
        for entry in entries.map_err(failed)? {
            let entry = entry.map_err(failed)?;
            listed.push(TreeEntry {
                name: entry.file_name(),
                kind: kind(entry.file_type().map_err(failed)?),
            });
        }
        Ok(listed)
    }

    fn kind(&self, path: &str) -> Result<Option<EntryKind>, PolicyFilesError> {
        match self.folder.symlink_metadata(path) {
            Ok(metadata) => Ok(Some(kind(metadata.file_type()))),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(PolicyFilesError::not_read(path, &error)),
        }
    }

    fn target(&self, link: &str) -> Result<String, PolicyFilesError> {
        let target = self.folder.read_link_contents(link);
        let target = target.map_err(|error| PolicyFilesError::not_read(link, &error))?;
        let mut text = String::new();
        for part in target.components() {
            match part {
                Component::Prefix(_) => text.push('/'),
                Component::RootDir => text = "/".to_owned(),
                part => {
                    if !text.is_empty() && !text.ends_with('/') {
                        text.push('/');
                    }
                    text.push_str(&part.as_os_str().to_string_lossy());
                }
            }
        }
        Ok(text)
    }

    fn leads_to_folder(&self, link: &str) -> bool {
        // This only asks whether the target is a folder, and reads nothing of it.
        fs::metadata(self.path.join(link)).is_ok_and(|found| found.is_dir())
    }
}

fn kind(of: FileType) -> EntryKind {
    if of.is_file() {
        EntryKind::File
    } else if of.is_dir() {
        EntryKind::Folder
    } else if of.is_symlink() {
        EntryKind::Link
    } else {
        EntryKind::Other
    }
}
