//! The keys of the exchange, and which of them are used at a time.

use std::path::Path;

use rolecall::UnixTime;
use serde_json::{Value, json};

use super::signing_key::SigningKey;
use super::{SigningAlgorithm, key_file};
use crate::failure::Failure;

/// The keys of the exchange.
#[derive(Debug)]
pub(crate) struct KeyRing {
    /// RSA keys first: python-jose stops at another key before them.
    keys: Vec<SigningKey>,
}

impl KeyRing {
    /// Reads the keys of a folder.
    pub(crate) fn read(folder: &Path) -> Result<Self, Failure> {
        let files = key_file::read_folder(folder)?;
        Ok(Self::new(
            files.iter().filter_map(key_file::KeyFile::key).collect(),
        ))
    }

    /// Reads the keys of a folder, one of which must sign now.
    pub(crate) fn usable(folder: &Path, algorithm: SigningAlgorithm, now: UnixTime) -> Result<Self, Failure> {
        let ring = Self::read(folder)?;
        if ring.signer(algorithm, now).is_some() {
            return Ok(ring);
        }
        let (folder, name) = (folder.display(), algorithm.name());
        Err(Failure::new(format!("no key in `{folder}` signs {name} now"))
            .help("`rolecall-exchange keys new` makes one, which signs at once if it is the first"))
    }

    pub(crate) fn new(mut keys: Vec<SigningKey>) -> Self {
        keys.sort_by(|one, other| {
            let rank = |key: &SigningKey| (key.sign().algorithm(), key.sign_at());
            rank(one)
                .cmp(&rank(other))
                .then_with(|| one.kid().cmp(other.kid()))
        });
        Self { keys }
    }

    /// Returns the key that signs at a time: the last one whose time to sign has come. Of two that begin in the same
    /// second, the one that made way for the other retires first.
    pub(crate) fn signer(&self, algorithm: SigningAlgorithm, now: UnixTime) -> Option<&SigningKey> {
        let now = now.as_secs();
        let signs = |key: &&SigningKey| {
            key.sign().algorithm() == algorithm && key.sign_at() <= now && key.is_published(now)
        };
        self.keys
            .iter()
            .filter(signs)
            .max_by_key(|key| (key.sign_at(), key.retire_at()))
    }

    /// Returns the key set that is published at a time (RFC 7517 section 5).
    pub(crate) fn jwks(&self, now: UnixTime) -> Value {
        let published = self.keys.iter().filter(|key| key.is_published(now.as_secs()));
        json!({ "keys": published.map(SigningKey::jwk).collect::<Vec<_>>() })
    }

    /// Returns the public part of all keys, also of those that are not published yet or no longer.
    pub(crate) fn all_keys(&self) -> Value {
        json!({ "keys": self.keys.iter().map(SigningKey::jwk).collect::<Vec<_>>() })
    }

    /// Returns whether a key is one of these, at whatever time.
    pub(crate) fn is_own(&self, thumbprint: &[u8; 32]) -> bool {
        self.keys.iter().any(|key| *key.thumbprint() == *thumbprint)
    }
}
