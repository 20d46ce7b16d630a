//! Checkouts. Their content is untrusted: no path in a checkout may lead out of it, or block the command.

use cap_fs_ext::{FollowSymlinks, OpenOptionsFollowExt, OpenOptionsSyncExt};
use cap_std::ambient_authority;
use cap_std::fs::{Dir, File, OpenOptions};
use rolecall_report::failure::{Failure, reason};
use rolecall_report::printable::{path_name, printable};
use std::env;
use std::ffi::OsStr;
use std::fs;
use std::io;
use std::path::{Component, Path, PathBuf};

/// A path, and the checkout that contains it by its name.
#[derive(Clone, Debug)]
pub(crate) struct CheckoutPath {
    /// The path as the user gave it, for messages.
    shown: PathBuf,
    /// The absolute path, without `.` and `..`.
    absolute: PathBuf,
    /// The root of the checkout and the path from there; none if the path is not in a checkout.
    inside: Option<(PathBuf, PathBuf)>,
}

/// Finds the checkout of a path: the repository of the working folder if the path is in it, or else the
/// repository that contains the path, or else the working folder, unless that is the root of the file system.
/// A `.git` below the working folder, which an earlier job may have left, therefore takes nothing out of the
/// checkout. Links in the path are not resolved.
pub(crate) fn locate(path: &Path) -> Result<CheckoutPath, Failure> {
    let here = working_folder()?;
    let absolute = absolute(&here, path);
    let own = repository_above(&here).filter(|own| absolute.starts_with(own));
    let root = own.or_else(|| repository_above(&absolute)).or_else(|| {
        let is_inside = absolute.starts_with(&here) && here.parent().is_some();
        is_inside.then_some(here)
    });
    let inside = root.and_then(|root| {
        let below = absolute.strip_prefix(&root).ok()?.to_path_buf();
        Some((root, below))
    });
    Ok(CheckoutPath {
        shown: path.to_path_buf(),
        absolute,
        inside,
    })
}

/// Returns the nearest folder at or above an absolute path that contains a `.git`. Git refuses to track a
/// file of that name.
pub(crate) fn repository_above(path: &Path) -> Option<PathBuf> {
    let mut folders = path.ancestors();
    let root = folders.find(|folder| folder.join(".git").symlink_metadata().is_ok());
    root.map(Path::to_path_buf)
}

/// Returns the working folder.
pub(crate) fn working_folder() -> Result<PathBuf, Failure> {
    env::current_dir()
        .map_err(|error| Failure::new(format!("cannot find the working folder: {}", reason(&error))))
}

/// Returns the absolute path, without `.` and `..`.
fn absolute(here: &Path, path: &Path) -> PathBuf {
    let mut absolute = PathBuf::new();
    for part in here.join(path).components() {
        match part {
            Component::CurDir => {}
            Component::ParentDir => {
                absolute.pop();
            }
            part => absolute.push(part),
        }
    }
    absolute
}

/// Returns whether a part of a path is git's own folder, even on file systems that ignore case.
fn is_git(part: &OsStr) -> bool {
    part.eq_ignore_ascii_case(OsStr::new(".git"))
}

impl CheckoutPath {
    /// Returns the absolute path.
    pub(crate) fn absolute(&self) -> &Path {
        &self.absolute
    }

    /// Returns the root of the checkout, if the path is in one.
    pub(crate) fn root(&self) -> Option<&Path> {
        self.inside.as_ref().map(|(root, _)| root.as_path())
    }

    /// Refuses a path that leads out of its checkout, or below its `.git`.
    pub(crate) fn check(&self) -> Result<(), Failure> {
        let Some((root, below)) = &self.inside else {
            return Ok(());
        };
        if below.iter().any(is_git) {
            let message = format!("`{}` is not used: it is below `.git`", path_name(&self.shown));
            return Err(Failure::new(message).help("name another file"));
        }
        let Ok(real_root) = root.canonicalize() else {
            return Ok(());
        };
        let mut path = root.clone();
        for part in below.components() {
            path.push(part);
            let Ok(target) = fs::read_link(&path) else {
                continue;
            };
            // A dangling link is reported when it is opened.
            let stays = path.canonicalize().is_ok_and(|real| {
                let below = real.strip_prefix(&real_root);
                below.is_ok_and(|below| !below.iter().any(is_git))
            });
            if !stays && path.exists() {
                let message = format!(
                    "`{}` is not used: the link `{}` leads out of the checkout, to `{}`",
                    path_name(&self.shown),
                    path_name(path.strip_prefix(root).unwrap_or(&path)),
                    printable(&target.to_string_lossy()),
                );
                return Err(Failure::new(message).help("name the file itself"));
            }
        }
        Ok(())
    }

    /// Opens a file that an argument names. A link within the checkout may lead to it. In a checkout it must
    /// be a regular file; elsewhere it may be a pipe.
    pub(crate) fn open(&self) -> Result<File, Failure> {
        self.check()?;
        self.open_with(FollowSymlinks::Yes)
            .map_err(|error| Failure::reading(&self.shown, &error))?
            .ok_or_else(|| self.not_regular())
    }

    /// Opens a file with a well-known name, if it exists. It must be a regular file, not a link.
    pub(crate) fn open_found(&self) -> Result<Option<File>, Failure> {
        self.check()?;
        match fs::symlink_metadata(&self.absolute) {
            Ok(found) if !found.is_file() => Err(self.not_regular()),
            _ => match self.open_with(FollowSymlinks::No) {
                Ok(Some(file)) => Ok(Some(file)),
                Ok(None) => Err(self.not_regular()),
                Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
                Err(error) => Err(Failure::reading(&self.shown, &error)),
            },
        }
    }

    /// Opens the folder of the file for writing.
    pub(crate) fn open_parent(&self) -> io::Result<(Dir, &OsStr)> {
        let authority = ambient_authority();
        let name = self.absolute.file_name().ok_or(io::ErrorKind::IsADirectory)?;
        let folder = match &self.inside {
            Some((root, below)) => {
                let root = Dir::open_ambient_dir(root, authority)?;
                match below.parent() {
                    Some(parent) if parent.as_os_str().is_empty() => root,
                    Some(parent) => root.open_dir(parent)?,
                    None => return Err(io::ErrorKind::IsADirectory.into()),
                }
            }
            None => Dir::open_ambient_dir(self.absolute.parent().unwrap_or(Path::new("/")), authority)?,
        };
        Ok((folder, name))
    }

    /// Opens the file without blocking, below the root of its checkout. Returns `None` if it must be a
    /// regular file and is not.
    fn open_with(&self, follow: FollowSymlinks) -> io::Result<Option<File>> {
        let Some((root, below)) = &self.inside else {
            return fs::File::open(&self.absolute).map(|file| Some(File::from_std(file)));
        };
        let root = Dir::open_ambient_dir(root, ambient_authority())?;
        let mut options = OpenOptions::new();
        options.read(true).follow(follow).nonblock(true);
        let below = if below.as_os_str().is_empty() {
            Path::new(".")
        } else {
            below
        };
        let file = root.open_with(below, &options)?;
        let is_file = file.metadata()?.is_file();
        Ok(is_file.then_some(file))
    }

    fn not_regular(&self) -> Failure {
        let found = fs::symlink_metadata(&self.absolute);
        let kind = if found.is_ok_and(|found| found.is_symlink()) {
            "a link"
        } else {
            "not a regular file"
        };
        let message = format!("cannot read `{}`: it is {kind}", path_name(&self.shown));
        Failure::new(message).help("replace it with a regular file")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_taken_by_their_names() {
        for (path, expected) in [
            ("a/b", "/here/now/a/b"),
            ("./a/../b/.", "/here/now/b"),
            ("../../../x", "/x"),
            ("/y/./z", "/y/z"),
            ("", "/here/now"),
        ] {
            assert_eq!(
                absolute(Path::new("/here/now"), Path::new(path)),
                Path::new(expected)
            );
        }
    }
}
