//! What decides on the tokens of one issuer.

use super::RoleClause;
use super::groups::Posting;
use super::index::Index;
use super::view::{Layout, View};
use crate::audience::only_audience;
use crate::cached_decision::CachedDecision;
use crate::claims::Read;
use crate::document::Document;
use crate::id::ClaimId;
use crate::ir::{Program, TrustedIssuer};
use crate::spelling::{Lookup, Spelling};

/// What decides on the tokens of an issuer.
#[derive(Clone, Debug)]
pub(super) struct IssuerMatcher {
    /// The claim `aud`, which every profile has.
    audience: Option<ClaimId>,
    audiences: Lookup<()>,
    pub(super) layout: Layout,
    pub(super) index: Index,
}

impl IssuerMatcher {
    /// What decides on its clauses, which are given by the places of their roles and their own.
    /// `place` is told of each way to a role where in the index it is.
    pub(super) fn new(
        program: &Program,
        issuer: &TrustedIssuer,
        clauses: &[RoleClause],
        place: impl FnMut(Posting, u32, u32),
    ) -> Self {
        let mut layout = Layout::new(issuer);
        let index = Index::new(program, issuer, &layout, clauses, place);
        let audience = issuer.profile.claim_by_name("aud");
        layout.keep(audience.into_iter().chain(index.reads.iter().copied()));
        let audiences = issuer.issuer.audiences.iter();
        let audiences = audiences.map(|audience| (Spelling::new(audience), ()));
        Self {
            audience,
            audiences: Lookup::new(audiences.collect()),
            layout,
            index,
        }
    }

    /// What is needed of a token of the issuer.
    pub(super) fn read(&self, issuer: &TrustedIssuer, document: &Document, read: &mut Read) {
        self.layout.hold(document, &mut read.held);
        let view = View::new(issuer, &self.layout, document, read);
        read.is_for_us = self.is_for_us(&view);
    }

    /// Adds the verdicts on the roles that a token may take, first those that may be there twice, and says how many those
    /// are.
    pub(super) fn roles(&self, view: &View<'_>, found: &mut Vec<CachedDecision>) -> usize {
        if view.is_for_us() {
            self.index.search(view, found)
        } else {
            0
        }
    }

    /// Whether the only audience of the token is one of the issuer's.
    fn is_for_us(&self, view: &View<'_>) -> bool {
        let aud = self.audience.and_then(|audience| view.value(audience));
        aud.and_then(only_audience)
            .is_some_and(|only| self.audiences.get(only).is_some())
    }
}
