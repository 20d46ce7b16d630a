//! Keys from a file.

use std::fs::{self, File};
use std::io;
use std::path::PathBuf;
use std::time::Duration;

use rolecall_engine::Issuer;

use super::fetch_error::FetchError;
use super::{Fetched, KeySource};
use crate::bounded_read::{read_bounded, shown_length};
use crate::key_set::{KeySet, KeySetError, MAX_KEY_SET_BYTES};

/// The time for which keys are fresh. It is short because reading is cheap and changes should take effect
/// soon.
const MAX_AGE: Duration = Duration::from_secs(5);

/// A key source that reads a file with a JWK set (RFC 7517 section 5), the same for every issuer.
///
/// Replace the file atomically, by renaming a new one over it, so that no fetch reads a half-written file. It
/// may be a symbolic link whose target changes. A change takes effect within five seconds. While the file
/// cannot be read, the old keys stay in use, and it is read again within about half a minute.
#[derive(Clone, Debug, PartialEq, Eq)]
#[must_use = "a key source does nothing until `KeySources` has it"]
pub struct FileKeys {
    path: PathBuf,
}

impl FileKeys {
    /// Returns a source for the file at this path. The file is read by the first fetch.
    pub fn new(path: impl Into<PathBuf>) -> Self {
        Self { path: path.into() }
    }

    fn read(&self) -> Result<Vec<u8>, FetchError> {
        let not_read = |error: io::Error| FetchError::FileNotRead {
            path: self.path.clone(),
            kind: error.kind(),
        };
        // Checked before the file is opened: opening a pipe would wait for a writer.
        let found = fs::metadata(&self.path).map_err(not_read)?;
        if !found.is_file() {
            let path = self.path.clone();
            return Err(FetchError::NotAFile { path });
        }
        let length = shown_length(found.len());
        if length > MAX_KEY_SET_BYTES {
            return Err(FetchError::KeySet(KeySetError::TooLarge {
                length,
                limit: MAX_KEY_SET_BYTES,
            }));
        }
        // The file may have grown, or its file system may not report lengths.
        let file = File::open(&self.path).map_err(not_read)?;
        read_bounded(file, MAX_KEY_SET_BYTES).map_err(not_read)
    }
}

impl KeySource for FileKeys {
    fn fetch(&self, _issuer: &Issuer) -> Result<Fetched, FetchError> {
        Ok(Fetched {
            keys: KeySet::parse(&self.read()?).map_err(FetchError::KeySet)?,
            max_age: Some(MAX_AGE),
        })
    }
}
