//! Matcher of the tokens of one issuer.

use super::RoleClause;
use super::claim_table::ClaimTable;
use super::groups::Posting;
use super::index::Index;
use super::memo::{Admission, TokenMemo};
use super::view::View;
use crate::audience::only_audience;
use crate::cached_decision::CachedDecision;
use crate::document::Document;
use crate::evaluate::VERIFIED;
use crate::hashed_str::HashedStr;
use crate::id::ClaimId;
use crate::ir::{Program, TrustedIssuer};
use crate::static_map::StaticMap;

/// The matcher of the tokens of an issuer.
#[derive(Clone, Debug)]
pub(super) struct IssuerMatcher {
    /// The claim `aud`, which every profile has.
    audience: Option<ClaimId>,
    audiences: StaticMap<()>,
    /// The claims that every verified token has.
    verified: [Option<ClaimId>; VERIFIED.len()],
    pub(super) claims: ClaimTable,
    pub(super) index: Index,
}

impl IssuerMatcher {
    /// Returns the matcher of an issuer's clauses. Calls `place` with each way to a role, its block and its
    /// group.
    pub(super) fn new(
        program: &Program,
        issuer: &TrustedIssuer,
        clauses: &[RoleClause],
        place: impl FnMut(Posting, u32, u32),
    ) -> Self {
        let mut claims = ClaimTable::new(issuer);
        let index = Index::new(program, issuer, &claims, clauses, place);
        let audience = issuer.profile.claim_by_name("aud");
        claims.cache(audience.into_iter().chain(index.reads.iter().copied()));
        let audiences = issuer.issuer.audiences.iter();
        let audiences = audiences.map(|audience| (HashedStr::new(audience), ()));
        Self {
            audience,
            audiences: StaticMap::new(audiences.collect()),
            verified: VERIFIED.map(|name| issuer.profile.claim_by_path(&[name.to_owned()])),
            claims,
            index,
        }
    }

    /// Reads a token of the issuer.
    pub(super) fn read(&self, issuer: &TrustedIssuer, document: &Document, memo: &mut TokenMemo) {
        self.claims.read(document, &mut memo.values);
        let view = View::new(issuer, &self.claims, document, memo);
        memo.admission = if !self.is_for_us(&view) {
            Admission::WrongAudience
        } else if !self.is_verified(&view) {
            Admission::Unverified
        } else {
            Admission::Admitted
        };
    }

    /// Adds the decisions on the roles that a token may take. The first may have a role twice; returns their
    /// number.
    pub(super) fn roles(&self, view: &View<'_>, found: &mut Vec<CachedDecision>) -> usize {
        match view.admission() {
            Admission::Admitted => self.index.search(view, found),
            Admission::Unverified | Admission::WrongAudience => 0,
        }
    }

    /// Returns true if the token has the claims of every verified token, with values of their types.
    fn is_verified(&self, view: &View<'_>) -> bool {
        self.verified.iter().all(|claim| {
            claim.is_some_and(|claim| {
                let value = view.scalar(claim);
                value.is_some_and(|value| {
                    value.belongs_to(view.claim_type(claim).scalar()) && value.as_text() != Some("")
                })
            })
        })
    }

    /// Returns true if the only audience of the token is one of the issuer's.
    fn is_for_us(&self, view: &View<'_>) -> bool {
        let value = self.audience.and_then(|audience| view.value(audience));
        let only = value.and_then(only_audience);
        only.is_some_and(|only| self.audiences.get(only).is_some())
    }
}
