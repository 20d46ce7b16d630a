//! Folders of key files: JSON files that are read within bounds, and replaced at once or not at all.

use std::fs;
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::failure::Failure;
use crate::whole_file::{self, Readers};

/// The maximum size of a key file in bytes.
const MAX_BYTES: u64 = 64 * 1024;
/// The maximum number of key files: AWS ignores the RSA keys of a set with more than 100.
const MAX_FILES: usize = 100;

/// A key file whose times say when the key is known, used and retired.
///
/// All instances obey these times, and not the moment when they see a file: so each knows a new key before another one
/// uses it.
pub(crate) trait Rotated: Clone + Serialize {
    /// The word for a key that is used.
    const USED: &'static str;
    /// The word for a key that is known, and not used.
    const KNOWN: &'static str;

    /// Returns the name of the key, which its file has, too.
    fn name(&self) -> String;

    /// Returns the kind of the key: keys follow one another within a kind.
    fn kind(&self) -> &'static str;

    /// Returns the time from which the key is known; none if it is from the beginning.
    fn known_from(&self) -> Option<Timestamp>;

    /// Returns the time from which the key is used, unless a later one is.
    fn used_from(&self) -> Timestamp;

    /// Returns the retirement time of the key; none until a newer key exists.
    fn retired_from(&self) -> Option<Timestamp>;

    /// Sets the retirement time. Later times of the key are moved to it.
    fn retire(&mut self, end: Timestamp);
}

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

/// Writes the file `NAME.json` in a folder, readable by its owner only. It is replaced at once, or stays.
pub(crate) fn write(folder: &Path, file: &impl Rotated) -> Result<PathBuf, Failure> {
    let path = folder.join(format!("{}.json", file.name()));
    let cannot = |error: std::io::Error| {
        Failure::new(format!("cannot write `{}`: {error}", path.display()))
            .help("create the folder, and let this user write to it")
    };
    let mut text = serde_json::to_vec_pretty(file).map_err(|error| cannot(error.into()))?;
    text.push(b'\n');
    whole_file::replace(&path, &text, Readers::Owner).map_err(cannot)?;
    Ok(path)
}
