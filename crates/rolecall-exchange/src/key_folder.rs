//! Folders of key files: JSON files that are read within bounds, and replaced at once or not at all.

use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use serde::de::DeserializeOwned;
use tempfile::NamedTempFile;

use crate::failure::Failure;

/// The maximum size of a key file in bytes.
const MAX_BYTES: u64 = 64 * 1024;
/// The maximum number of key files: AWS ignores the RSA keys of a set with more than 100.
const MAX_FILES: usize = 100;

/// Reads the key files of a folder: those whose name ends in `.json` and does not begin with a dot. The help says how
/// the first one is made.
pub(crate) fn read<T: DeserializeOwned>(folder: &Path, help: &str) -> Result<Vec<(PathBuf, T)>, Failure> {
    let shown = folder.display();
    let cannot = |error: std::io::Error| {
        Failure::new(format!("cannot read the keys in `{shown}`: {error}")).help(help)
    };
    let mut paths = Vec::new();
    for entry in fs::read_dir(folder).map_err(cannot)? {
        let name = entry.map_err(cannot)?.file_name();
        let text = name.to_string_lossy();
        if text.ends_with(".json") && !text.starts_with('.') {
            paths.push(folder.join(name));
        }
        if paths.len() > MAX_FILES {
            return Err(
                Failure::new(format!("`{shown}` has more than {MAX_FILES} key files"))
                    .help("AWS ignores larger key sets: remove retired ones"),
            );
        }
    }
    paths.sort();
    paths.into_iter().map(read_file).collect()
}

fn read_file<T: DeserializeOwned>(path: PathBuf) -> Result<(PathBuf, T), Failure> {
    let shown = path.display();
    let cannot = |error: std::io::Error| Failure::new(format!("cannot read `{shown}`: {error}"));
    if fs::metadata(&path).map_err(cannot)?.len() > MAX_BYTES {
        return Err(Failure::new(format!("`{shown}` has more than 64 KiB")));
    }
    let bytes = fs::read(&path).map_err(cannot)?;
    match serde_json::from_slice(&bytes) {
        Ok(file) => Ok((path, file)),
        // The place of the error, without the text at it, which may be a part of a key.
        Err(error) => Err(Failure::new(format!(
            "`{shown}` is not a key file: line {}, column {}",
            error.line(),
            error.column()
        ))),
    }
}

/// Writes the file `NAME.json` in a folder, readable by its owner only.
pub(crate) fn write(folder: &Path, name: &str, file: &impl serde::Serialize) -> Result<PathBuf, Failure> {
    let path = folder.join(format!("{name}.json"));
    let cannot = |error: std::io::Error| {
        Failure::new(format!("cannot write `{}`: {error}", path.display()))
            .help("create the folder, and let this user write to it")
    };
    let mut text = serde_json::to_vec_pretty(file).map_err(|error| cannot(error.into()))?;
    text.push(b'\n');
    // A temporary file has the mode 0600.
    let mut file = NamedTempFile::new_in(folder).map_err(cannot)?;
    file.write_all(&text).map_err(cannot)?;
    file.as_file().sync_all().map_err(cannot)?;
    file.persist(&path).map_err(|error| cannot(error.error))?;
    Ok(path)
}
