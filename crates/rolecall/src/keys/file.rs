//! Keys from a file.

use std::fs::{self, File};
use std::io::{self, Read};
use std::path::PathBuf;
use std::time::Duration;

use rolecall_engine::Issuer;

use super::fetch_error::FetchError;
use super::{Fetched, KeySource};
use crate::key_set::{KeySet, KeySetError, LARGEST};

/// How long the keys are used before the file is read again: reading is cheap, and a change is wanted soon.
const MAX_AGE: Duration = Duration::from_secs(5);

/// Reads keys from a file, a JWK set (RFC 7517 section 5), for whichever issuer it is asked.
///
/// Change the file by putting a new one in its place, so that nobody reads half of it. It may be a symbolic link whose
/// target changes. A change is seen within five seconds; while the file cannot be read, the keys that were read before stay
/// in use, and it is looked at again within half a minute or so.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileKeys {
    path: PathBuf,
}

impl FileKeys {
    /// The keys of the file at this path. It is read when they are asked for.
    pub fn new(path: impl Into<PathBuf>) -> Self {
        Self { path: path.into() }
    }

    fn read(&self) -> Result<Vec<u8>, FetchError> {
        let not_read = |error: io::Error| FetchError::FileNotRead {
            path: self.path.clone(),
            kind: error.kind(),
        };
        // Looked at before it is opened: opening a pipe would wait for somebody to write.
        let found = fs::metadata(&self.path).map_err(not_read)?;
        if !found.is_file() {
            let path = self.path.clone();
            return Err(FetchError::NotAFile { path });
        }
        let limit = u64::try_from(LARGEST).unwrap_or(u64::MAX);
        if found.len() > limit {
            return Err(FetchError::KeySet(KeySetError::TooLarge {
                length: usize::try_from(found.len()).unwrap_or(usize::MAX),
                limit: LARGEST,
            }));
        }
        // It may have grown, or be of a file system that does not know lengths.
        let mut document = Vec::new();
        let mut file = File::open(&self.path)
            .map_err(not_read)?
            .take(limit.saturating_add(1));
        file.read_to_end(&mut document).map_err(not_read)?;
        Ok(document)
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
