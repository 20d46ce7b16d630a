//! The keys of the exchange, and which of them are used at a time.

use std::fmt;
use std::path::Path;
use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::Timestamp;
use rolecall::UnixTime;
use serde_json::{Value, json};

use super::private_key::Sign;
use super::{SigningAlgorithm, key_file};
use crate::failure::Failure;

/// A key with its times.
#[derive(Clone)]
pub(crate) struct SigningKey {
    key: Arc<dyn Sign>,
    kid: String,
    thumbprint: [u8; 32],
    jwk: Value,
    publish_at: i64,
    sign_at: i64,
    retire_at: i64,
}

impl SigningKey {
    pub(super) fn new(
        key: Arc<dyn Sign>,
        publish_at: Timestamp,
        sign_at: Timestamp,
        retire_at: Option<Timestamp>,
    ) -> Self {
        let thumbprint = key.thumbprint();
        Self {
            kid: URL_SAFE_NO_PAD.encode(thumbprint),
            thumbprint,
            jwk: key.jwk(),
            publish_at: publish_at.as_second(),
            sign_at: sign_at.as_second(),
            retire_at: retire_at.map_or(i64::MAX, Timestamp::as_second),
            key,
        }
    }

    /// Returns the `kid`: the RFC 7638 thumbprint.
    pub(crate) fn kid(&self) -> &str {
        &self.kid
    }

    /// Returns the time in seconds since it could sign.
    pub(crate) fn age(&self, now: UnixTime) -> i64 {
        now.as_secs().saturating_sub(self.sign_at).max(0)
    }

    pub(super) fn sign(&self) -> &dyn Sign {
        &*self.key
    }

    fn is_published(&self, now: i64) -> bool {
        self.publish_at <= now && now < self.retire_at
    }
}

impl fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SigningKey")
            .field("kid", &self.kid)
            .finish_non_exhaustive()
    }
}

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

    pub(crate) fn new(mut keys: Vec<SigningKey>) -> Self {
        keys.sort_by(|one, other| {
            let rank = |key: &SigningKey| (key.key.algorithm(), key.sign_at);
            rank(one).cmp(&rank(other)).then_with(|| one.kid.cmp(&other.kid))
        });
        Self { keys }
    }

    /// Returns the key that signs at a time: the last one whose time to sign has come.
    pub(crate) fn signer(&self, algorithm: SigningAlgorithm, now: UnixTime) -> Option<&SigningKey> {
        let now = now.as_secs();
        let signs = |key: &&SigningKey| {
            key.key.algorithm() == algorithm && key.sign_at <= now && key.is_published(now)
        };
        self.keys.iter().filter(signs).max_by_key(|key| key.sign_at)
    }

    /// Returns the key set that is published at a time (RFC 7517 section 5).
    pub(crate) fn jwks(&self, now: UnixTime) -> Value {
        let published = self.keys.iter().filter(|key| key.is_published(now.as_secs()));
        json!({ "keys": published.map(|key| &key.jwk).collect::<Vec<_>>() })
    }

    /// Returns whether a key is one of these, at whatever time.
    pub(crate) fn is_own(&self, thumbprint: &[u8; 32]) -> bool {
        self.keys.iter().any(|key| key.thumbprint == *thumbprint)
    }
}
