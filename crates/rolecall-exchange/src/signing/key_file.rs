//! Key files: a private key, and the times at which it is published, signs and is retired.

use std::path::Path;
use std::sync::Arc;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::SigningAlgorithm;
use super::private_key::{PrivateKey, Sign};
use super::signing_key::SigningKey;
use crate::failure::Failure;
use crate::key_folder::{self, Rotated};

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

    /// Checks a file that was read.
    fn check(&self, path: &Path) -> Result<(), Failure> {
        let shown = path.display();
        if self.key().is_none() {
            let message = format!("`{shown}` has no private key for {}", self.algorithm.name());
            return Err(Failure::new(message).help("`rolecall-exchange keys new` writes key files"));
        }
        if self.sign_at < self.publish_at || self.retire_at.is_some_and(|retired| retired < self.sign_at) {
            let message = format!("`{shown}` has times out of order");
            return Err(Failure::new(message)
                .help("`publish_at`, `sign_at` and `retire_at` must follow in this order"));
        }
        Ok(())
    }
}

impl Rotated for KeyFile {
    const USED: &'static str = "signs";
    const KNOWN: &'static str = "published";

    fn name(&self) -> String {
        self.key().map_or_else(String::new, |key| key.kid().to_owned())
    }

    fn kind(&self) -> &'static str {
        self.algorithm.name()
    }

    fn known_from(&self) -> Option<Timestamp> {
        Some(self.publish_at)
    }

    fn used_from(&self) -> Timestamp {
        self.sign_at
    }

    fn retired_from(&self) -> Option<Timestamp> {
        self.retire_at
    }

    fn retire(&mut self, end: Timestamp) {
        self.retire_at = Some(end);
        self.sign_at = self.sign_at.min(end);
        self.publish_at = self.publish_at.min(end);
    }
}

/// Reads the key files of a folder.
pub(crate) fn read_folder(folder: &Path) -> Result<Vec<KeyFile>, Failure> {
    let files = key_folder::read::<KeyFile>(folder, "`rolecall-exchange keys new` makes the first one")?;
    let checked = files
        .into_iter()
        .map(|(path, file)| file.check(&path).map(|()| file));
    checked.collect()
}
