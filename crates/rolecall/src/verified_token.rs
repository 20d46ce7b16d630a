//! What is left of a token that was accepted.

use std::fmt;
use std::sync::Arc;

use rolecall_engine::{Claims, Issuer, Json};

use crate::claim_rules::Life;
use crate::thumbprint::Thumbprint;
use crate::time::UnixTime;

/// A token whose signature and claims held. Only `UnverifiedToken::verify` makes one.
#[derive(Clone)]
pub struct VerifiedToken {
    pub(crate) issuer: Arc<Issuer>,
    pub(crate) life: Life,
    pub(crate) key_thumbprint: Thumbprint,
    pub(crate) claims: Claims,
}

impl VerifiedToken {
    /// The name of the issuer, as policies call it.
    pub fn issuer(&self) -> &str {
        &self.issuer.name
    }

    /// The `sub`.
    pub fn subject(&self) -> &str {
        match self.claims.members().get("sub") {
            Some(Json::Text(subject)) => subject,
            // It was checked to be there.
            _ => "",
        }
    }

    /// The claims, ready to be decided on.
    pub fn claims(&self) -> &Claims {
        &self.claims
    }

    /// The end of the token's life (`exp`), without the leeway.
    pub fn expires_at(&self) -> UnixTime {
        self.life.exp
    }

    /// Whether the token would be accepted at this time, too: its life has begun and is not over, within the leeway.
    pub fn is_usable_at(&self, now: UnixTime) -> bool {
        self.life.from <= now && now < self.life.until
    }

    /// The first time that the token is no longer accepted: its end and the leeway.
    pub(crate) fn usable_until(&self) -> UnixTime {
        self.life.until
    }

    /// The thumbprint of the key that signed it.
    pub fn key_thumbprint(&self) -> Thumbprint {
        self.key_thumbprint
    }
}

/// Says whose the token is and how long it lives, and nothing else of what is in it.
impl fmt::Debug for VerifiedToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("VerifiedToken")
            .field("issuer", &self.issuer.name)
            .field("expires_at", &self.life.exp)
            .field("key_thumbprint", &self.key_thumbprint)
            .finish_non_exhaustive()
    }
}
