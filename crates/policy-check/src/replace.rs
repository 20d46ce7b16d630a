//! A file with a new text, in one step.

use std::fs;
use std::io::{self, Write};
use std::path::Path;

use tempfile::Builder;

use crate::failure::Failure;
use crate::printable::path_name;

/// Puts a new text into the place of a file: whoever reads it meanwhile gets the old text or the new one. The file keeps
/// its permissions, and a link stays a link.
pub(crate) fn replace(path: &Path, text: &str) -> Result<(), Failure> {
    let failure = |error: io::Error| Failure::writing(path, &error);
    let target = fs::canonicalize(path).map_err(failure)?;
    let permissions = fs::metadata(&target).map_err(failure)?.permissions();
    if permissions.readonly() {
        let message = format!("cannot write `{}`: it is read-only", path_name(path));
        return Err(Failure::new(message));
    }
    let folder = target.parent().unwrap_or_else(|| Path::new("/"));
    let mut file = Builder::new()
        .prefix(".policy-check-")
        .suffix(".tmp")
        .tempfile_in(folder)
        .map_err(failure)?;
    file.write_all(text.as_bytes()).map_err(failure)?;
    file.as_file().set_permissions(permissions).map_err(failure)?;
    file.as_file().sync_all().map_err(failure)?;
    file.persist(&target).map_err(|error| failure(error.error))?;
    Ok(())
}
