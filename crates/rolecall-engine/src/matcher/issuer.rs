//! What decides on the tokens of one issuer.

use super::index::Index;
use super::view::{Layout, View};
use crate::decision::{Reason, Verdict};
use crate::document::Json;
use crate::ir::{Clause, Program, TrustedIssuer};
use crate::spelling::{Lookup, Spelling};
use crate::template::ClaimId;

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
    pub(super) fn new(program: &Program, issuer: &TrustedIssuer, clauses: &[(usize, usize)]) -> Self {
        let mut layout = Layout::new(issuer);
        let index = Index::new(program, issuer, &layout, clauses);
        let audience = issuer.profile.claim_by_name("aud");
        layout.hold(audience.into_iter().chain(index.reads.iter().copied()));
        let audiences = issuer.issuer.audiences.iter();
        let audiences = audiences.map(|audience| (Spelling::new(audience), ()));
        Self {
            audience,
            audiences: Lookup::new(audiences.collect()),
            layout,
            index,
        }
    }

    /// Whether a clause allows, or where it stops.
    pub(super) fn try_clause(&self, view: &View<'_>, clause: &Clause) -> Result<(), Reason> {
        if !self.is_for_us(view) {
            return Err(Reason::Audience);
        }
        if !view.holds(&clause.condition, false) {
            return Err(Reason::Condition);
        }
        let mut guards = clause.guards.iter();
        match guards.find(|(_, guard)| !view.holds(guard, false)) {
            Some((guard, _)) => Err(Reason::Guard(*guard)),
            None => Ok(()),
        }
    }

    /// Adds the verdicts on the roles that a token may take, first those that may be there twice, and says how many those
    /// are.
    pub(super) fn roles(&self, view: &View<'_>, found: &mut Vec<Verdict>) -> usize {
        let ambiguous = self.index.search(view, found);
        // Of most tokens that nothing is found for, nobody needs to know whom they are meant for.
        if !found.is_empty() && !self.is_for_us(view) {
            found.clear();
            return 0;
        }
        ambiguous
    }

    /// Whether the only audience of the token is one of the issuer's.
    fn is_for_us(&self, view: &View<'_>) -> bool {
        let is_ours = |value: Json<'_>| {
            let text = value.as_text();
            text.is_some_and(|text| self.audiences.get(text).is_some())
        };
        match self.audience.and_then(|audience| view.value(audience)) {
            Some(Json::List(mut values)) => values
                .next()
                .is_some_and(|first| is_ours(first) && values.all(|other| other == first)),
            Some(value) => is_ours(value),
            None => false,
        }
    }
}
