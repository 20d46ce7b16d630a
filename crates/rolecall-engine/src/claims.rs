//! Claims of a token, verified or not.

use crate::document::{Document, Members};
use crate::matcher::memo::TokenMemo;
use std::sync::OnceLock;

/// Claims of a token that was not verified. They can be explained and tested, but no decision takes them.
#[derive(Clone, Debug, PartialEq)]
pub struct UnverifiedClaims(Document);

impl UnverifiedClaims {
    /// Returns the claims of a token's payload or of a test; none if the document is not a JSON object.
    pub fn new(claims: impl Into<Document>) -> Self {
        Self(claims.into())
    }

    /// Returns about the bytes that its values take.
    pub(crate) fn bytes(&self) -> usize {
        self.0.bytes()
    }

    /// Returns the claims.
    pub fn members(&self) -> Members<'_> {
        self.0.members()
    }
}

/// Claims of a token whose signature, issuer, audience and times were verified. Decisions take only these.
#[derive(Clone, Debug)]
pub struct Claims {
    claims: UnverifiedClaims,
    memo: OnceLock<TokenMemo>,
}

impl Claims {
    pub(crate) fn document(&self) -> &Document {
        &self.claims.0
    }

    /// Shows the memo that a policy set has of the claims. The first set that asks keeps its memo here;
    /// others read the claims anew with each question.
    #[inline]
    pub(crate) fn memo<T>(
        &self,
        set: u64,
        read: impl Fn(&Document) -> TokenMemo,
        show: impl FnOnce(&TokenMemo) -> T,
    ) -> T {
        match self.memo.get_or_init(|| read(self.document())) {
            memo if memo.set == set => show(memo),
            _ => show(&read(self.document())),
        }
    }

    /// Returns the same claims as unverified ones.
    pub fn as_unverified(&self) -> &UnverifiedClaims {
        &self.claims
    }

    /// Returns the claims.
    pub fn members(&self) -> Members<'_> {
        self.claims.members()
    }
}

/// Makes the claims of a token decidable. The caller vouches that it has verified the token's signature,
/// issuer, audience and times: a decision on other claims grants roles to forged tokens.
///
/// `rolecall` calls this after it has verified a token, and does not re-export it. A service that depends on
/// `rolecall` alone cannot call it, and gets [`Claims`] only from a `VerifiedToken`. Other callers are
/// services that verify tokens by themselves, which depend on this crate for it, benchmarks and tests. To test
/// or explain claims that are not verified, use [`UnverifiedClaims`].
pub fn assume_verified(claims: UnverifiedClaims) -> Claims {
    Claims {
        claims,
        memo: OnceLock::new(),
    }
}

impl PartialEq for Claims {
    fn eq(&self, other: &Self) -> bool {
        self.claims == other.claims
    }
}
