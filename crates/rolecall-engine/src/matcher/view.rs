//! View of a token by its issuer's profile: finds claims, types them, compares them with their derivations.

use super::claim_table::{Claim, ClaimTable};
use super::memo::{Admission, Answers, TokenMemo};
use super::scalar_value::ScalarValue;
use crate::claim_type::{ClaimType, Scalar};
use crate::document::{Document, Items, Json};
use crate::hole::{Hole, is_safe};
use crate::id::ClaimId;
use crate::ir::TrustedIssuer;
use crate::template::Filter;

/// A token, read as an issuer's.
pub(super) struct View<'a> {
    pub(super) issuer: &'a TrustedIssuer,
    claims: &'a ClaimTable,
    pub(super) document: &'a Document,
    memo: &'a TokenMemo,
}

impl<'a> View<'a> {
    pub(super) fn new(
        issuer: &'a TrustedIssuer,
        claims: &'a ClaimTable,
        document: &'a Document,
        memo: &'a TokenMemo,
    ) -> Self {
        Self {
            issuer,
            claims,
            document,
            memo,
        }
    }

    /// Returns the flags of the token, as far as they are known.
    #[inline]
    pub(super) fn flags(&self) -> &'a Answers {
        &self.memo.flags
    }

    /// Returns the outcome of the checks that every clause of the issuer makes.
    #[inline]
    pub(super) fn admission(&self) -> Admission {
        self.memo.admission
    }

    /// Returns the value of a claim; `None` if it is absent or null.
    #[inline]
    pub(super) fn value(&self, claim: ClaimId) -> Option<Json<'a>> {
        let claim = self.claims.get(claim);
        let cached = claim
            .cached
            .and_then(|index| self.memo.values.get(usize::from(index)));
        match cached.and_then(|value| self.document.cached(*value)) {
            Some(value) => value,
            None => self.look_up(claim),
        }
    }

    // Few claims are not cached. Inlined, it would keep `value` from being inlined.
    #[inline(never)]
    fn look_up(&self, claim: &Claim) -> Option<Json<'a>> {
        let value = self.member(claim)?;
        (!matches!(value, Json::Null)).then_some(value)
    }

    /// Returns the member of the token at a claim's path, which may be null.
    fn member(&self, claim: &Claim) -> Option<Json<'a>> {
        let mut value = self.document.member(&claim.name)?;
        for name in &claim.inner {
            let Json::Object(object) = value else { return None };
            value = object.get(name)?;
        }
        Some(value)
    }

    /// Returns true if the token has the claim, and it is null.
    pub(super) fn is_null(&self, claim: ClaimId) -> bool {
        matches!(self.member(self.claims.get(claim)), Some(Json::Null))
    }

    /// Returns true if a claim fits into a grant.
    pub(super) fn fits(&self, hole: Hole) -> bool {
        let is_path = self.claim_type(hole.claim).scalar().is_path();
        let fits = |text: &str| match hole.filter {
            // A `%3A` is not safe, and neither is a `:`.
            None | Some(Filter::ColonEncoded) => is_safe(text, is_path),
            Some(Filter::Name) => text.rsplit('/').next().is_some_and(|name| is_safe(name, is_path)),
            Some(Filter::Parent) => {
                let parent = text.rsplit_once('/');
                parent.is_some_and(|(parent, _)| is_safe(parent, is_path))
            }
        };
        self.scalar(hole.claim).is_some_and(|value| value.written(fits)) && self.is_comparable(hole.claim)
    }

    /// Returns the type of a claim.
    #[inline]
    pub(super) fn claim_type(&self, claim: ClaimId) -> &'a ClaimType {
        &self.claims.get(claim).claim_type
    }

    /// Returns the value of a scalar claim; `None` if it is absent or another kind of JSON value. Does not
    /// check that the claim is comparable.
    #[inline]
    pub(super) fn scalar(&self, claim: ClaimId) -> Option<ScalarValue<'a>> {
        match self.claim_type(claim) {
            ClaimType::Scalar(scalar) => ScalarValue::of(scalar, self.value(claim)?),
            ClaimType::List(_) => None,
        }
    }

    /// Returns the values of a list claim. Does not check that the claim is comparable.
    pub(super) fn scalars(&self, claim: ClaimId) -> Option<ScalarValues<'a>> {
        match self.claim_type(claim) {
            ClaimType::List(scalar) => Some(ScalarValues::new(scalar, self.value(claim)?)),
            ClaimType::Scalar(_) => None,
        }
    }

    /// Returns true if a claim is comparable: it is present, of its type, and equal to one of its derivations
    /// if it has any. Each comparison of a claim that is not comparable is UNKNOWN.
    pub(super) fn is_comparable(&self, claim: ClaimId) -> bool {
        // Claims after the 64th have no bit, and are checked each time.
        let bit = 1_u64.checked_shl(claim.number());
        let (asked, comparable) = self.memo.comparable.get();
        if let Some(bit) = bit.filter(|bit| asked & bit != 0) {
            return comparable & bit != 0;
        }
        let is_comparable = self.check(claim, self.claims.get(claim));
        if let Some(bit) = bit {
            self.memo.comparable.add(bit, if is_comparable { bit } else { 0 });
        }
        is_comparable
    }

    fn check(&self, id: ClaimId, claim: &Claim) -> bool {
        let Some(value) = self.value(id) else {
            return false;
        };
        match &claim.claim_type {
            ClaimType::List(scalar) => ScalarValues::new(scalar, value)
                .all(|value| value.is_some_and(|value| value.belongs_to(scalar))),
            ClaimType::Scalar(scalar) => {
                let value = ScalarValue::of(scalar, value).filter(|value| value.belongs_to(scalar));
                let makes = |index: &usize, text: &str| {
                    let derivation = self.issuer.derivations.get(*index);
                    derivation.is_some_and(|derivation| self.makes(derivation, text))
                };
                value.is_some_and(|value| {
                    claim.derivations.is_empty()
                        || value.written(|text| claim.derivations.iter().any(|index| makes(index, text)))
                })
            }
        }
    }
}

/// The values of a list, each read as its type; `None` for another kind of JSON value. A value that is not a
/// list is a list of one.
#[derive(Clone)]
pub(super) struct ScalarValues<'a> {
    scalar: &'a Scalar,
    items: Option<Items<'a>>,
    lone: Option<Json<'a>>,
}

impl<'a> ScalarValues<'a> {
    pub(super) fn new(scalar: &'a Scalar, value: Json<'a>) -> Self {
        let (items, lone) = match value {
            Json::List(items) => (Some(items), None),
            lone => (None, Some(lone)),
        };
        Self { scalar, items, lone }
    }
}

impl<'a> Iterator for ScalarValues<'a> {
    type Item = Option<ScalarValue<'a>>;

    fn next(&mut self) -> Option<Self::Item> {
        let value = match &mut self.items {
            Some(items) => items.next(),
            None => self.lone.take(),
        }?;
        Some(ScalarValue::of(self.scalar, value))
    }
}
