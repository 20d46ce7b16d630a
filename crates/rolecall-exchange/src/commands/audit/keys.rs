//! The keys that verify the checkpoints of a log.

use std::fs;
use std::path::{Path, PathBuf};

use crate::failure::Failure;
use crate::signing::{KeyRing, PublicKeys};

/// The maximum size of a key set in bytes.
const MAX_BYTES: u64 = 1024 * 1024;

/// Reads key sets and folders of key files; `None` if there are none.
pub(super) fn read(paths: &[PathBuf]) -> Result<Option<PublicKeys>, Failure> {
    if paths.is_empty() {
        return Ok(None);
    }
    let mut keys = PublicKeys::default();
    for path in paths {
        let added = keys.add(&key_set(path)?);
        added.ok_or_else(|| {
            Failure::new(format!("`{}` is not the key set of an exchange", path.display()))
                .help("name the folder of `signing.keys`, or a file with what `/jwks` answers")
        })?;
    }
    Ok(Some(keys))
}

fn key_set(path: &Path) -> Result<Vec<u8>, Failure> {
    let shown = path.display();
    let cannot = |error: std::io::Error| Failure::new(format!("cannot read `{shown}`: {error}"));
    let metadata = fs::metadata(path).map_err(cannot)?;
    if metadata.is_dir() {
        return Ok(KeyRing::read(path)?.all_keys().to_string().into_bytes());
    }
    if metadata.len() > MAX_BYTES {
        return Err(Failure::new(format!("`{shown}` has more than 1 MiB")));
    }
    fs::read(path).map_err(cannot)
}
