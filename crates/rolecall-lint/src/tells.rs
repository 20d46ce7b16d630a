//! Claims that tell the tenant: by themselves, or by a claim in each of their layouts.

use crate::clause::{ClauseView, Constraint};
use crate::layouts::layouts;
use crate::vocabulary::CODE_HOSTS;
use rolecall_engine::ir::{Question, Trust};
use rolecall_engine::pattern::Pattern;
use rolecall_engine::{ClaimId, Filter, Part, Scalar};

impl ClauseView<'_> {
    /// Returns whether the tokens of the issuer belong to different tenants.
    pub(crate) fn has_tenants(&self) -> bool {
        !self.marks_none || self.is_shared() || self.claims().any(|(_, definition)| definition.tenant)
    }

    /// Returns whether a claim distinguishes tenants. In a profile that marks none, each name and id that the author of
    /// the job does not choose may be one.
    pub(crate) fn is_tenant(&self, claim: ClaimId) -> bool {
        let definition = self.definition(claim);
        definition.tenant
            || self.marks_none
                && self.has_tenants()
                && !self.is_derived(claim)
                && definition.trust != Trust::Author
                && matches!(
                    definition.claim_type.scalar(),
                    Scalar::Path(_) | Scalar::Id(_) | Scalar::Text
                )
                && ![self.claim("iss"), self.claim("aud"), self.claim("jti")].contains(&Some(claim))
    }

    /// Returns the claims of tenants that are not composed of others, those that combine several last.
    pub(crate) fn tenants(&self) -> Vec<ClaimId> {
        let tenants = self.claims().map(|(claim, _)| claim);
        let mut tenants: Vec<ClaimId> = tenants
            .filter(|claim| self.is_tenant(*claim) && !self.is_derived(*claim))
            .collect();
        tenants.sort_by_key(|claim| self.claim("sub") == Some(*claim));
        tenants
    }

    /// Returns whether a claim is a `sub` that no layout describes.
    pub(crate) fn is_opaque(&self, claim: ClaimId) -> bool {
        self.claim("sub") == Some(claim) && !self.is_derived(claim)
    }
}

/// Returns whether a clause compares a claim that distinguishes the tenants of an issuer.
pub(crate) fn asks_for_tenant(view: &ClauseView<'_>) -> bool {
    let mut constraints = view.constraints.iter();
    constraints.any(|constraint| {
        let others = constraint.atom.question.other_claims();
        let mut claims = std::iter::once(constraint.atom.claim).chain(others);
        constraint.atom.question != Question::Present && claims.any(|claim| tells_tenant(view, claim))
    })
}

/// Returns whether each admitted token has a tenant that a comparison names, as its form alone shows. It saves the proof
/// for most conditions.
pub(crate) fn surely_names(view: &ClauseView<'_>, constraint: &Constraint<'_>) -> bool {
    let claim = constraint.atom.claim;
    let is_made = view.is_derived(claim);
    let is_name = match &constraint.atom.question {
        Question::OneOf(_) => true,
        // A text that begins like a layout may be the name of a branch.
        Question::Pattern(patterns) => !is_made && patterns.iter().all(is_below_owner),
        _ => false,
    };
    let mut layouts = layouts(view.issuer, claim);
    constraint.required
        && constraint.wanted
        && is_name
        && tells_tenant(view, claim)
        && layouts.all(|own| begins_with_tenant(view, claim, &own.parts))
}

/// Returns whether a pattern is a path and all below it, and the path is more than the host of many owners.
pub(crate) fn is_below_owner(pattern: &Pattern) -> bool {
    matches!(pattern, Pattern::Under(path) if !CODE_HOSTS.contains(&&**path))
}

/// Returns whether the first claim of a layout tells the tenant, and a delimiter ends it, so that no other claim can
/// supply a part of its text.
fn begins_with_tenant(view: &ClauseView<'_>, claim: ClaimId, parts: &[Part]) -> bool {
    let mut parts = parts.iter().skip_while(|part| matches!(part, Part::Text(_)));
    let is_first = parts.next().is_some_and(|part| {
        let Part::Claim(inner, _) = part else {
            return false;
        };
        let scalar = view.definition(*inner).claim_type.scalar();
        (scalar.is_path() || matches!(scalar, Scalar::Id(_))) && part_tells(view, claim, part)
    });
    let is_ended = match parts.next() {
        Some(Part::Text(text)) => text.starts_with([':', '@']),
        Some(_) => false,
        None => true,
    };
    is_first && is_ended
}

/// Returns whether a claim tells the tenant: by itself, or by a claim in one of its layouts.
pub(crate) fn tells_tenant(view: &ClauseView<'_>, claim: ClaimId) -> bool {
    let mut layouts = layouts(view.issuer, claim).map(|own| &own.parts).peekable();
    if layouts.peek().is_none() {
        return view.is_tenant(claim);
    }
    layouts.any(|parts| parts.iter().any(|part| part_tells(view, claim, part)))
}

fn part_tells(view: &ClauseView<'_>, claim: ClaimId, part: &Part) -> bool {
    match part {
        // Two tenants may have projects with the same last name.
        Part::Claim(inner, filter) => {
            *inner != claim && *filter != Some(Filter::Name) && tells_tenant(view, *inner)
        }
        Part::Optional(parts) => parts.iter().any(|part| part_tells(view, claim, part)),
        Part::Text(_) => false,
    }
}
