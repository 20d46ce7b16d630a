//! Key files: a private key, and the times at which it is published, signs and is retired.
//!
//! All instances obey these times, and not the moment when they see a file: so an instance that sees a new key late
//! still publishes it before another one signs with it.

use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use tempfile::NamedTempFile;

use super::SigningAlgorithm;
use super::private_key::{PrivateKey, Sign};
use super::signing_key::SigningKey;
use crate::failure::Failure;

/// The maximum size of a key file in bytes.
const MAX_BYTES: u64 = 64 * 1024;
/// The maximum number of key files: AWS ignores the RSA keys of a set with more than 100.
const MAX_FILES: usize = 100;

/// The content of a key file, in JSON.
#[derive(Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct KeyFile {
    pub(crate) algorithm: SigningAlgorithm,
    /// The time from which the key is in the key set.
    pub(crate) publish_at: Timestamp,
    /// The time from which it signs, unless a later key does.
    pub(crate) sign_at: Timestamp,
    /// The time from which it is no longer in the key set; none until there is a newer key.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) retire_at: Option<Timestamp>,
    /// The key as PKCS #8 in PEM.
    private_key: String,
}

impl KeyFile {
    /// Generates a key.
    pub(crate) fn generate(
        algorithm: SigningAlgorithm,
        publish_at: Timestamp,
        sign_at: Timestamp,
    ) -> Result<Self, Failure> {
        let private_key = PrivateKey::generate(algorithm)
            .map_err(|_| Failure::new("the system has no randomness for a key"))?;
        Ok(Self {
            algorithm,
            publish_at,
            sign_at,
            retire_at: None,
            private_key,
        })
    }

    /// Returns the key; `None` if it is not one of its algorithm.
    pub(crate) fn key(&self) -> Option<SigningKey> {
        let key: Arc<dyn Sign> = Arc::new(PrivateKey::from_pem(self.algorithm, &self.private_key)?);
        Some(SigningKey::new(
            key,
            self.publish_at,
            self.sign_at,
            self.retire_at,
        ))
    }

    /// Writes the file `KID.json` in a folder, readable by its owner only. It is replaced at once, or stays.
    pub(crate) fn write(&self, folder: &Path) -> Result<PathBuf, Failure> {
        let key = self.key();
        let key = key.ok_or_else(|| Failure::new("the key is not one of its algorithm"))?;
        let path = folder.join(format!("{}.json", key.kid()));
        let cannot = |error: std::io::Error| {
            Failure::new(format!("cannot write `{}`: {error}", path.display()))
                .help("create the folder, and let this user write to it")
        };
        let mut text = serde_json::to_vec_pretty(self).map_err(|error| cannot(error.into()))?;
        text.push(b'\n');
        // A temporary file has the mode 0600.
        let mut file = NamedTempFile::new_in(folder).map_err(cannot)?;
        file.write_all(&text).map_err(cannot)?;
        file.as_file().sync_all().map_err(cannot)?;
        file.persist(&path).map_err(|error| cannot(error.error))?;
        Ok(path)
    }
}

/// Reads the key files of a folder: those whose name ends in `.json` and does not begin with a dot.
pub(crate) fn read_folder(folder: &Path) -> Result<Vec<KeyFile>, Failure> {
    let shown = folder.display();
    let cannot = |error: std::io::Error| {
        Failure::new(format!("cannot read the keys in `{shown}`: {error}"))
            .help("`rolecall-exchange keys new` makes the first one")
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
    paths.iter().map(|path| read(path)).collect()
}

fn read(path: &Path) -> Result<KeyFile, Failure> {
    let shown = path.display();
    let cannot = |error: std::io::Error| Failure::new(format!("cannot read `{shown}`: {error}"));
    if fs::metadata(path).map_err(cannot)?.len() > MAX_BYTES {
        return Err(Failure::new(format!("`{shown}` has more than 64 KiB")));
    }
    let bytes = fs::read(path).map_err(cannot)?;
    let file: KeyFile = serde_json::from_slice(&bytes)
        // An error of serde names the member and the place, and never shows a value of a member of this type.
        .map_err(|error| Failure::new(format!("`{shown}` is not a key file: {}", place(&error))))?;
    if file.key().is_none() {
        let message = format!("`{shown}` has no private key for {}", file.algorithm.name());
        return Err(Failure::new(message).help("`rolecall-exchange keys new` writes key files"));
    }
    if file.sign_at < file.publish_at || file.retire_at.is_some_and(|retired| retired < file.sign_at) {
        let message = format!("`{shown}` has times out of order");
        return Err(
            Failure::new(message).help("`publish_at`, `sign_at` and `retire_at` must follow in this order")
        );
    }
    Ok(file)
}

/// Returns the place of an error, without the text at it, which may be a part of a key.
fn place(error: &serde_json::Error) -> String {
    format!("line {}, column {}", error.line(), error.column())
}
