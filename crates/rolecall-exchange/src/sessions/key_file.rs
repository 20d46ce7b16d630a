//! Session key files: a key, and the times at which it seals and is retired.

use std::path::{Path, PathBuf};

use aws_lc_rs::digest::{SHA256, digest};
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::failure::Failure;
use crate::key_folder::{self, Rotated};
use crate::random;

/// The length of a key in bytes.
pub(super) const KEY_LENGTH: usize = 32;
/// The length of the name of a key in bytes: a part of its digest.
pub(super) const NAME_LENGTH: usize = 8;

/// The content of a key file, in JSON.
#[derive(Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct SessionKeyFile {
    /// The time from which the key seals, unless a later key does.
    pub(crate) seal_at: Timestamp,
    /// The time from which it opens no session; none until there is a newer key.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) retire_at: Option<Timestamp>,
    /// 32 bytes in base64.
    key: String,
}

impl SessionKeyFile {
    /// Generates a key.
    pub(crate) fn generate(seal_at: Timestamp) -> Result<Self, Failure> {
        let key: [u8; KEY_LENGTH] =
            random::bytes().map_err(|_| Failure::new("the system has no randomness for a key"))?;
        Ok(Self {
            seal_at,
            retire_at: None,
            key: STANDARD.encode(key),
        })
    }

    /// Returns the bytes of the key.
    pub(super) fn key(&self) -> Option<[u8; KEY_LENGTH]> {
        STANDARD.decode(&self.key).ok()?.try_into().ok()
    }
}

impl Rotated for SessionKeyFile {
    const USED: &'static str = "seals";
    const KNOWN: &'static str = "opens";

    fn name(&self) -> String {
        self.key()
            .map_or_else(String::new, |key| URL_SAFE_NO_PAD.encode(name(&key)))
    }

    fn kind(&self) -> &'static str {
        "session"
    }

    fn known_from(&self) -> Option<Timestamp> {
        None
    }

    fn used_from(&self) -> Timestamp {
        self.seal_at
    }

    fn retired_from(&self) -> Option<Timestamp> {
        self.retire_at
    }

    fn retire(&mut self, end: Timestamp) {
        self.retire_at = Some(end);
        self.seal_at = self.seal_at.min(end);
    }
}

/// Returns the name of a key: a part of a digest, which tells nothing about the key.
pub(super) fn name(key: &[u8; KEY_LENGTH]) -> [u8; NAME_LENGTH] {
    let text = [b"rolecall session key\0".as_slice(), key].concat();
    let mut name = [0; NAME_LENGTH];
    for (to, from) in name.iter_mut().zip(digest(&SHA256, &text).as_ref()) {
        *to = *from;
    }
    name
}

/// Reads the key files of a folder.
pub(crate) fn read_folder(folder: &Path) -> Result<Vec<SessionKeyFile>, Failure> {
    let help = "`rolecall-exchange keys new --sessions` makes the first one";
    let files = key_folder::read::<SessionKeyFile>(folder, help)?;
    let check = |(path, file): (PathBuf, SessionKeyFile)| {
        let shown = path.display();
        if file.key().is_none() {
            return Err(
                Failure::new(format!("`{shown}` has no session key of {KEY_LENGTH} bytes"))
                    .help("`rolecall-exchange keys new --sessions` writes key files"),
            );
        }
        if file.retire_at.is_some_and(|retired| retired < file.seal_at) {
            return Err(Failure::new(format!("`{shown}` has times out of order"))
                .help("`seal_at` and `retire_at` must follow in this order"));
        }
        Ok(file)
    };
    files.into_iter().map(check).collect()
}
