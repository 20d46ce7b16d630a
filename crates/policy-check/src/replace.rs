//! Writing files: atomically, only over a regular file or as a new one, and never through a link.

use crate::checkout::{self, CheckoutPath};
use crate::input;
use cap_fs_ext::{FollowSymlinks, OpenOptionsFollowExt, OpenOptionsSyncExt};
use cap_std::fs::{Dir, File, Metadata, OpenOptions};
use cap_tempfile::TempFile;
use rolecall_report::failure::Failure;
use rolecall_report::printable::path_name;
use std::fs;
use std::io::{self, Write};
use std::path::Path;

/// Replaces the text of a file that was read before. Readers see either the old or the new text. The file
/// keeps its mode and, if the process may set it, its owner. A file that changed in the meantime is left
/// alone.
pub(crate) fn replace(path: &Path, old: &str, new: &str) -> Result<(), Failure> {
    let located = checkout::locate(path)?;
    located.check()?;
    let failure = |error: io::Error| Failure::writing(path, &error);
    let (folder, name) = located.open_parent().map_err(failure)?;
    if !folder.symlink_metadata(name).map_err(failure)?.is_file() {
        return Err(not_regular(path));
    }
    let mut options = OpenOptions::new();
    options.read(true).follow(FollowSymlinks::No).nonblock(true);
    let file = folder.open_with(name, &options).map_err(failure)?;
    let before = file.metadata().map_err(failure)?;
    if before.permissions().readonly() {
        let message = format!("cannot write `{}`: it is read-only", path_name(path));
        return Err(Failure::new(message));
    }
    let bytes = input::read(file, old.len()).map_err(failure)?;
    if bytes != old.as_bytes() {
        let message = format!(
            "`{}` changed after it was read, so it is left alone",
            path_name(path)
        );
        return Err(Failure::new(message).help("run the command again"));
    }
    put(&folder, name, Some(&before), new.as_bytes()).map_err(failure)
}

/// Creates a file. Readers see either nothing or the whole text. A file that was created in the meantime is left
/// alone.
pub(crate) fn create(path: &Path, text: &str) -> Result<(), Failure> {
    let located = checkout::locate(path)?;
    located.check()?;
    let failure = |error: io::Error| Failure::writing(path, &error);
    let (folder, name) = located.open_parent().map_err(failure)?;
    match folder.symlink_metadata(name) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            put(&folder, name, None, text.as_bytes()).map_err(failure)
        }
        Err(error) => Err(failure(error)),
        Ok(_) => {
            let message = format!(
                "`{}` was created by something else, so it is left alone",
                path_name(path)
            );
            Err(Failure::new(message).help("run the command again"))
        }
    }
}

/// Creates a folder, if nothing has its name.
pub(crate) fn create_folder(path: &Path) -> Result<(), Failure> {
    let located = checkout::locate(path)?;
    located.check()?;
    match fs::create_dir(located.absolute()) {
        Err(error) if error.kind() != io::ErrorKind::AlreadyExists => Err(Failure::writing(path, &error)),
        _ => Ok(()),
    }
}

/// Writes a file that an argument or the configuration names. Outside of a checkout it may be a pipe or a
/// device.
pub(crate) fn write(path: &Path, bytes: &[u8]) -> Result<(), Failure> {
    let located = checkout::locate(path)?;
    located.check()?;
    let failure = |error: io::Error| Failure::writing(path, &error);
    let before = match fs::symlink_metadata(located.absolute()) {
        Ok(found) if found.is_file() => true,
        Ok(_) if located.root().is_some() => return Err(not_regular(path)),
        Ok(_) if !is_file_or_nothing(&located) => {
            return fs::write(located.absolute(), bytes).map_err(failure);
        }
        Ok(_) => return Err(not_regular(path)),
        Err(_) => false,
    };
    let (folder, name) = located.open_parent().map_err(failure)?;
    let before = match before {
        true => Some(folder.symlink_metadata(name).map_err(failure)?),
        false => None,
    };
    put(&folder, name, before.as_ref(), bytes).map_err(failure)
}

/// Returns whether a link leads to a regular file or to nothing. Writing through it would change a file that
/// the user did not name.
fn is_file_or_nothing(located: &CheckoutPath) -> bool {
    fs::metadata(located.absolute()).map_or(true, |found| found.is_file())
}

fn not_regular(path: &Path) -> Failure {
    let message = format!("cannot write `{}`: it is not a regular file", path_name(path));
    Failure::new(message).help("name another file")
}

/// Creates or replaces a file in a folder atomically, with the mode and the owner of the previous file.
fn put(folder: &Dir, name: &std::ffi::OsStr, before: Option<&Metadata>, bytes: &[u8]) -> io::Result<()> {
    let mut file = TempFile::new(folder)?;
    file.write_all(bytes)?;
    if let Some(before) = before {
        keep_owner(file.as_file(), before);
        file.as_file().set_permissions(before.permissions())?;
    }
    file.as_file().sync_all()?;
    file.replace(name)
}

/// Gives a file the owner of another one. Without the permission for that, the file keeps the owner of the
/// process.
#[cfg(unix)]
fn keep_owner(file: &File, before: &Metadata) {
    use cap_std::fs::MetadataExt;
    let (user, group) = (Some(before.uid()), Some(before.gid()));
    drop(std::os::unix::fs::fchown(file, user, group));
}

#[cfg(not(unix))]
fn keep_owner(_: &File, _: &Metadata) {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_that_is_there_is_not_created() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.policy");
        create(&path, "new").unwrap();
        assert!(create(&path, "newer").is_err());
        assert_eq!(fs::read_to_string(&path).unwrap(), "new");
        assert!(create(&folder.path().join("none/a.policy"), "new").is_err());
    }

    #[test]
    fn a_file_that_changed_is_left_alone() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.policy");
        for (now, fits) in [
            ("read", true),
            ("other", false),
            ("read and more", false),
            ("rea", false),
        ] {
            fs::write(&path, now).unwrap();
            let replaced = replace(&path, "read", "new");
            assert_eq!(replaced.is_ok(), fits, "{now}: {replaced:?}");
            let left = fs::read_to_string(&path).unwrap();
            assert_eq!(left, if fits { "new" } else { now });
        }
    }
}
