//! The claims of a token, and who vouches for them.

use crate::document::{Document, Held, Members};
use std::sync::OnceLock;

/// Claims that nobody has vouched for. They can be explained and tested, never decided on.
#[derive(Clone, Debug, PartialEq)]
pub struct UnverifiedClaims(Document);

impl UnverifiedClaims {
    /// The claims of a token's payload, or ones made up for a test. What is no JSON object has no claims.
    pub fn new(claims: impl Into<Document>) -> Self {
        Self(claims.into())
    }

    /// The claims.
    pub fn members(&self) -> Members<'_> {
        self.0.members()
    }
}

/// Claims of a token whose signature, issuer, audience and times were found good. Only these can be decided on.
#[derive(Clone, Debug)]
pub struct Claims {
    claims: UnverifiedClaims,
    read: OnceLock<Read>,
}

/// What a policy set that decides on the claims needs of them. It is looked for once.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Read {
    /// The set.
    pub(crate) by: u64,
    /// The place of the token's issuer in the set, if it is there.
    pub(crate) issuer: Option<usize>,
    /// The values of the claims that it asks for most often.
    pub(crate) held: [Held; Self::HELD],
}

impl Read {
    /// How many claims are at hand; others are looked for.
    pub(crate) const HELD: usize = 24;
}

impl Claims {
    /// Vouches for the claims: whoever calls this has verified the token that they come from.
    ///
    /// The crate `rolecall` calls it after the signature and the rules of the claims held; nobody else should.
    pub fn assume_verified(claims: UnverifiedClaims) -> Self {
        Self {
            claims,
            read: OnceLock::new(),
        }
    }

    pub(crate) fn document(&self) -> &Document {
        &self.claims.0
    }

    /// Shows what a set needs of the claims. The first set that asks finds it at hand next time.
    #[inline]
    pub(crate) fn read<T>(
        &self,
        by: u64,
        read: impl Fn(&Document) -> Read,
        show: impl FnOnce(&Read) -> T,
    ) -> T {
        match self.read.get_or_init(|| read(self.document())) {
            kept if kept.by == by => show(kept),
            _ => show(&read(self.document())),
        }
    }

    /// The same claims without the promise.
    pub fn as_unverified(&self) -> &UnverifiedClaims {
        &self.claims
    }

    /// The claims.
    pub fn members(&self) -> Members<'_> {
        self.claims.members()
    }
}

impl PartialEq for Claims {
    fn eq(&self, other: &Self) -> bool {
        self.claims == other.claims
    }
}
