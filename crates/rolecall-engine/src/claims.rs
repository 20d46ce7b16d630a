//! The claims of a token, and who vouches for them.

use crate::document::{Document, Members};

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
#[derive(Clone, Debug, PartialEq)]
pub struct Claims(UnverifiedClaims);

impl Claims {
    /// Vouches for the claims: whoever calls this has verified the token that they come from.
    ///
    /// The crate `rolecall` calls it after the signature and the rules of the claims held; nobody else should.
    pub fn assume_verified(claims: UnverifiedClaims) -> Self {
        Self(claims)
    }

    pub(crate) fn document(&self) -> &Document {
        let Self(UnverifiedClaims(document)) = self;
        document
    }

    /// The same claims without the promise.
    pub fn as_unverified(&self) -> &UnverifiedClaims {
        &self.0
    }

    /// The claims.
    pub fn members(&self) -> Members<'_> {
        self.0.members()
    }
}
