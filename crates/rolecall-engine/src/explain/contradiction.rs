//! Contradictions: the reasons that a derived claim equals none of its derivations.

use crate::diagnostic::Location;
use crate::document::Json;
use crate::evaluate::{ProfileView, Truth};
use crate::id::ClaimId;
use crate::ir::TrustedIssuer;
use crate::layout::{CutRules, Difference, UnknownLayout, cut, is_configured};
use crate::template::Part;
use rolecall_syntax::MAX_LITERAL_BYTES;
use std::cmp::Reverse;
use std::collections::HashMap;
use std::sync::Arc;

/// The steps that may be taken to cut a text by the issuer's layouts.
const STEPS: usize = 20_000;
/// The number of comparisons that cost as much as a contradiction.
const PRICE: usize = 16;

/// The reason that a derived claim equals none of its derivations.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum Contradiction {
    /// This derivation gives exactly the text, but its condition is not TRUE.
    Condition(Location),
    /// The text has one of the issuer's layouts, and these components have other values than their claims.
    Differences(Vec<Difference>),
    /// None of the issuer's layouts gives such a text.
    Layout(Box<UnknownLayout>),
    /// The text is too long to be cut, or the claim is not one whose layout projects configure.
    Unexplained,
}

/// The contradictions of one token that are known so far.
#[derive(Debug, Default)]
pub(crate) struct Contradictions(HashMap<ClaimId, Arc<Contradiction>>);

impl Contradictions {
    /// Returns the contradiction of a claim. `left` is the number of comparisons that may still be explained,
    /// and pays for it.
    pub(super) fn of(
        &mut self,
        claim: ClaimId,
        issuer: &TrustedIssuer,
        token: &ProfileView<'_>,
        left: &mut usize,
    ) -> Arc<Contradiction> {
        let known = self.0.entry(claim).or_insert_with(|| {
            // The last one is explained even if less than its price is left.
            *left = left.saturating_sub(PRICE);
            Arc::new(contradiction(claim, issuer, token))
        });
        Arc::clone(known)
    }
}

/// A cut of a text by a derivation.
struct Candidate {
    differences: Vec<Difference>,
    agreements: usize,
    location: Location,
}

fn contradiction(claim: ClaimId, issuer: &TrustedIssuer, token: &ProfileView<'_>) -> Contradiction {
    let Some(Json::Text(text)) = token.value(claim).ok().filter(is_short) else {
        return Contradiction::Unexplained;
    };
    let mut left = STEPS;
    let best = candidates(claim, text, token, &mut left)
        .into_iter()
        .min_by_key(|candidate| (candidate.differences.len(), Reverse(candidate.agreements)));
    match best {
        Some(best) if best.differences.is_empty() => Contradiction::Condition(best.location),
        Some(best) => Contradiction::Differences(best.differences),
        None if left > 0 && is_configured(token.profile, claim) => {
            Contradiction::Layout(Box::new(UnknownLayout::of_token(issuer, claim, text, token)))
        }
        None => Contradiction::Unexplained,
    }
}

/// Returns true if a text is short enough for a layout, which is a literal of a policy.
fn is_short(value: &Json<'_>) -> bool {
    value
        .as_text()
        .is_some_and(|text| text.len() <= MAX_LITERAL_BYTES)
}

/// Cuts a text by each derivation of a claim.
fn candidates(claim: ClaimId, text: &str, token: &ProfileView<'_>, left: &mut usize) -> Vec<Candidate> {
    let rules = CutRules {
        own: &|claim, filter| {
            let value = token.read_one(claim)?.to_string();
            filter.map_or(Some(value.clone()), |filter| filter.apply(&value))
        },
        accepts: &|_, _, _| true,
        may_omit: &|inner| {
            let is_absent =
                |part: &Part| matches!(part, Part::Claim(claim, _) if token.value(*claim).is_err());
            inner.iter().any(is_absent)
        },
    };
    let mut found = Vec::new();
    for derivation in token.derivations.iter().filter(|one| one.claim == claim) {
        let parts = &derivation.template.parts;
        // Without a text, a template says nothing about the layout.
        if !parts.iter().any(|part| matches!(part, Part::Text(_))) {
            continue;
        }
        let Some(values) = cut(parts, text, &rules, left) else {
            continue;
        };
        let others = values.iter().filter(|value| !value.is_own);
        let differences: Vec<Difference> = others
            .map(|value| Difference::new(value.claim, value.text, token))
            .collect();
        // A derivation that applies and does not differ is not a contradiction.
        debug_assert!(!differences.is_empty() || token.truth(&derivation.when) != Truth::True);
        found.push(Candidate {
            agreements: values.iter().filter(|value| value.is_own).count(),
            differences,
            location: derivation.location,
        });
    }
    found
}
