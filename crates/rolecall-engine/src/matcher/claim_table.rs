//! Claims of an issuer: where each is in a token, its type, and its derivations.

use super::memo::TokenMemo;
use crate::arena::Arena;
use crate::claim_type::ClaimType;
use crate::document::{CachedValue, Document};
use crate::hashed_str::HashedStr;
use crate::id::ClaimId;
use crate::ir::{ClaimDefinition, TrustedIssuer};
use hashbrown::HashMap;

/// The claims of an issuer's tokens, by their ids.
#[derive(Clone, Debug)]
pub(super) struct ClaimTable {
    claims: Arena<ClaimId, Claim>,
    /// The claims whose values are cached in the memo of a token, in this order.
    cached: Box<[ClaimId]>,
}

/// A claim.
#[derive(Clone, Debug)]
pub(super) struct Claim {
    /// The member of the token.
    pub(super) name: HashedStr,
    /// The names of the members inside of it, from the outside in.
    pub(super) inner: Box<[String]>,
    pub(super) claim_type: ClaimType,
    /// The indices of its derivations among those of the issuer.
    pub(super) derivations: Box<[usize]>,
    /// The index of its value in the memo, if it is cached.
    pub(super) cached: Option<u8>,
}

impl ClaimTable {
    pub(super) fn new(issuer: &TrustedIssuer) -> Self {
        let mut derivations: HashMap<ClaimId, Vec<usize>> = HashMap::new();
        for (index, derivation) in issuer.enforced().iter().enumerate() {
            derivations.entry(derivation.claim).or_default().push(index);
        }
        let claim = |id: ClaimId, claim: &ClaimDefinition| {
            let path = claim.path.split_first();
            debug_assert!(path.is_some(), "a claim has a name");
            let (name, inner) = path?;
            let derived = derivations.remove(&id);
            Some(Claim {
                name: HashedStr::new(name),
                inner: inner.into(),
                claim_type: claim.claim_type.clone(),
                derivations: derived.into_iter().flatten().collect(),
                cached: None,
            })
        };
        Self {
            claims: issuer.profile.claims().map_while(claim),
            cached: Box::default(),
        }
    }

    /// Returns a claim.
    #[inline]
    pub(super) fn get(&self, claim: ClaimId) -> &Claim {
        &self.claims[claim]
    }

    /// Chooses the claims whose values are cached: the first of these that have room in a memo.
    pub(super) fn cache(&mut self, claims: impl Iterator<Item = ClaimId>) {
        let mut cached: Vec<ClaimId> = Vec::new();
        for id in claims {
            let Some(claim) = self.claims.get_mut(id) else {
                continue;
            };
            let is_new =
                claim.inner.is_empty() && claim.cached.is_none() && cached.len() < TokenMemo::CACHED_VALUES;
            if let (true, Ok(index)) = (is_new, u8::try_from(cached.len())) {
                claim.cached = Some(index);
                cached.push(id);
            }
        }
        self.cached = cached.into();
    }

    /// Reads the cached values of a token.
    pub(super) fn read(&self, document: &Document, values: &mut [CachedValue; TokenMemo::CACHED_VALUES]) {
        let claims = self.cached.iter().map(|claim| self.get(*claim));
        for (value, claim) in values.iter_mut().zip(claims) {
            *value = document.cache(&claim.name);
        }
    }

    /// Returns true if a claim has derivations.
    pub(super) fn is_derived(&self, claim: ClaimId) -> bool {
        !self.get(claim).derivations.is_empty()
    }
}
