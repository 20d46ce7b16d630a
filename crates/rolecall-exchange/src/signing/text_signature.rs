//! Signatures of texts of the exchange's own, such as the checkpoints of the audit.
//!
//! They are over a kind, a colon and the text. No relying party takes one for a token: the signing input of a JWT has no
//! colon.

use std::collections::HashMap;

use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_FIXED, RSA_PKCS1_2048_8192_SHA256, RsaPublicKeyComponents, UnparsedPublicKey,
};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::Deserialize;

use super::SigningAlgorithm;
use super::private_key::SignError;
use super::signing_key::SigningKey;

/// Returns the signature of a text as base64url.
pub(crate) fn sign_text(key: &SigningKey, kind: &str, text: &str) -> Result<String, SignError> {
    let signature = key.sign().sign(message(kind, text).as_bytes())?;
    Ok(URL_SAFE_NO_PAD.encode(signature))
}

fn message(kind: &str, text: &str) -> String {
    format!("{kind}:{text}")
}

/// Public keys that verify texts, whether they still sign or not.
#[derive(Clone, Debug, Default)]
pub(crate) struct PublicKeys(HashMap<String, Jwk>);

/// The key set of an exchange (RFC 7517 section 5).
#[derive(Deserialize)]
struct KeySet {
    keys: Vec<Jwk>,
}

/// A key of an exchange, as it publishes it.
#[derive(Clone, Debug, Deserialize)]
struct Jwk {
    kid: String,
    alg: SigningAlgorithm,
    #[serde(default)]
    n: String,
    #[serde(default)]
    e: String,
    #[serde(default)]
    x: String,
    #[serde(default)]
    y: String,
}

/// The reason that a signature does not verify.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum TextFault {
    /// The key is not among those that are known.
    UnknownKey,
    /// The text or the signature was changed.
    Mismatch,
}

impl PublicKeys {
    /// Adds the keys of a key set. Returns `None` if it is not one.
    pub(crate) fn add(&mut self, key_set: &[u8]) -> Option<()> {
        let set: KeySet = serde_json::from_slice(key_set).ok()?;
        self.0
            .extend(set.keys.into_iter().map(|key| (key.kid.clone(), key)));
        Some(())
    }

    /// Verifies the signature of a text with the key of this `kid`.
    ///
    /// # Errors
    /// [`TextFault`] if it does not verify.
    pub(crate) fn verify(&self, kid: &str, kind: &str, text: &str, signature: &str) -> Result<(), TextFault> {
        let key = self.0.get(kid).ok_or(TextFault::UnknownKey)?;
        let signature = URL_SAFE_NO_PAD
            .decode(signature)
            .map_err(|_| TextFault::Mismatch)?;
        if key.verifies(message(kind, text).as_bytes(), &signature) {
            Ok(())
        } else {
            Err(TextFault::Mismatch)
        }
    }
}

impl Jwk {
    fn verifies(&self, message: &[u8], signature: &[u8]) -> bool {
        let part = |text: &str| URL_SAFE_NO_PAD.decode(text).unwrap_or_default();
        match self.alg {
            SigningAlgorithm::RS256 => {
                let (n, e) = (part(&self.n), part(&self.e));
                let key = RsaPublicKeyComponents { n, e };
                key.verify(&RSA_PKCS1_2048_8192_SHA256, message, signature)
                    .is_ok()
            }
            SigningAlgorithm::ES256 => {
                // An uncompressed point (SEC 1 section 2.3.3).
                let point = [vec![4], part(&self.x), part(&self.y)].concat();
                UnparsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, point)
                    .verify(message, signature)
                    .is_ok()
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;

    use super::super::{KeyFile, KeyRing};
    use super::*;

    #[test]
    fn a_signature_verifies_with_its_key_text_and_kind_only() {
        for algorithm in [SigningAlgorithm::RS256, SigningAlgorithm::ES256] {
            let at = Timestamp::UNIX_EPOCH;
            let key = KeyFile::generate(algorithm, at, at).unwrap().key().unwrap();
            let mut keys = PublicKeys::default();
            let set = KeyRing::new(vec![key.clone()]).all_keys().to_string();
            keys.add(set.as_bytes()).unwrap();
            let signature = sign_text(&key, "a", "text").unwrap();
            let verify = |kind, text, signature: &str| keys.verify(key.kid(), kind, text, signature);
            assert_eq!(verify("a", "text", &signature), Ok(()));
            assert_eq!(verify("b", "text", &signature), Err(TextFault::Mismatch));
            assert_eq!(verify("a", "texts", &signature), Err(TextFault::Mismatch));
            for at in 0..signature.len() {
                let mut changed = signature.clone().into_bytes();
                changed[at] = if changed[at] == b'A' { b'B' } else { b'A' };
                let changed = String::from_utf8(changed).unwrap();
                assert_eq!(
                    verify("a", "text", &changed),
                    Err(TextFault::Mismatch),
                    "{changed}"
                );
            }
            let other = PublicKeys::default().verify(key.kid(), "a", "text", &signature);
            assert_eq!(other, Err(TextFault::UnknownKey));
            assert!(keys.clone().add(b"{}").is_none());
        }
    }
}
