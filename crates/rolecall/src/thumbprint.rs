//! Key thumbprints (RFC 7638).

use std::fmt;

use crate::base64url;
use crate::signature::sha256;

/// The SHA-256 thumbprint of a public key (RFC 7638; for Ed25519, RFC 8037 section 2). `Display` shows it as
/// base64url.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Thumbprint([u8; 32]);

impl Thumbprint {
    /// Returns the thumbprint of a key with these members, in alphabetical order (RFC 7638 section 3.3).
    ///
    /// The values are curve names, key types or base64url, so that none needs escaping.
    pub(crate) fn of(members: &[(&str, &str)]) -> Self {
        let members: Vec<_> = members
            .iter()
            .map(|(name, value)| format!("\"{name}\":\"{value}\""))
            .collect();
        Self(sha256(format!("{{{}}}", members.join(",")).as_bytes()))
    }

    /// Returns the digest.
    pub const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

impl fmt::Display for Thumbprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&base64url::encode(&self.0))
    }
}

impl fmt::Debug for Thumbprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}
