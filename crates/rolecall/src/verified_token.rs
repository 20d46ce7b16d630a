//! A token whose signature and claims have been verified.

use std::fmt;
use std::sync::Arc;

use rolecall_engine::{Claims, Issuer};

use crate::claim_rules::Lifetime;
use crate::thumbprint::Thumbprint;
use crate::time::UnixTime;

/// A token whose signature and claims have been verified. Only
/// [`UnverifiedToken::verify`](crate::UnverifiedToken::verify) makes one.
#[derive(Clone)]
pub struct VerifiedToken {
    pub(crate) issuer: Arc<Issuer>,
    pub(crate) life: Lifetime,
    pub(crate) key_thumbprint: Thumbprint,
    pub(crate) claims: Claims,
}

impl VerifiedToken {
    /// Returns the issuer's name in the policies.
    pub fn issuer(&self) -> &str {
        &self.issuer.name
    }

    /// Returns the `sub`: not empty, and not longer than the issuer's `subject_limit`. Escape it before showing it: it may contain
    /// control characters.
    pub fn subject(&self) -> &str {
        let subject = self.claims.members().get("sub").and_then(|sub| sub.as_text());
        debug_assert!(subject.is_some(), "verification requires a string");
        subject.unwrap_or_default()
    }

    /// Returns the claims, for [`PolicySet::decide`](crate::PolicySet::decide).
    ///
    /// This is the only way to [`Claims`] in this crate: the function that makes them is not re-exported.
    ///
    /// ```compile_fail,E0425
    /// let forged = rolecall::assume_verified;
    /// ```
    ///
    /// ```compile_fail,E0599
    /// let forged = rolecall::Claims::assume_verified;
    /// ```
    pub fn claims(&self) -> &Claims {
        &self.claims
    }

    /// Returns the token's `exp`, without the leeway.
    pub fn expires_at(&self) -> UnixTime {
        self.life.exp
    }

    /// Returns whether the token's times also allow it at this time, within the leeway.
    pub fn is_usable_at(&self, now: UnixTime) -> bool {
        self.life.from <= now && now < self.life.until
    }

    /// Returns the first time at which the token is no longer accepted: `exp` plus the leeway.
    pub(crate) fn usable_until(&self) -> UnixTime {
        self.life.until
    }

    /// Returns the thumbprint of the key that verified the signature.
    pub fn key_thumbprint(&self) -> Thumbprint {
        self.key_thumbprint
    }
}

/// Shows the issuer, expiry and key, and none of the claims.
impl fmt::Debug for VerifiedToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("VerifiedToken")
            .field("issuer", &self.issuer.name)
            .field("expires_at", &self.life.exp)
            .field("key_thumbprint", &self.key_thumbprint)
            .finish_non_exhaustive()
    }
}
