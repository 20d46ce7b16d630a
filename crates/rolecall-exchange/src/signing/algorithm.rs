//! Algorithms of role tokens.

use serde::{Deserialize, Serialize};

/// The algorithm of a key that signs role tokens (RFC 7518 section 3.1, RFC 8037).
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, clap::ValueEnum,
)]
pub(crate) enum SigningAlgorithm {
    /// RSASSA-PKCS1-v1_5 with SHA-256, and keys of 2,048 bits: every relying party takes it.
    #[default]
    #[value(name = "RS256")]
    RS256,
    /// ECDSA with P-256 and SHA-256. Entra ID does not take it.
    #[value(name = "ES256")]
    ES256,
}

impl SigningAlgorithm {
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::RS256 => "RS256",
            Self::ES256 => "ES256",
        }
    }
}
