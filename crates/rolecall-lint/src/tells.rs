//! Claims that tell the tenant: by themselves, or by a claim in each of their layouts.

use crate::clause::{ClauseView, Constraint};
use rolecall_engine::ir::Question;
use rolecall_engine::pattern::Pattern;
use rolecall_engine::{ClaimId, Filter, Part};

/// Returns whether a clause compares a claim that distinguishes the tenants of an issuer.
pub(crate) fn asks_for_tenant(view: &ClauseView<'_>) -> bool {
    let mut constraints = view.constraints.iter();
    constraints.any(|constraint| {
        let others = constraint.atom.question.other_claims();
        let mut claims = std::iter::once(constraint.atom.claim).chain(others);
        constraint.atom.question != Question::Present && claims.any(|claim| tells_tenant(view, claim))
    })
}

/// Returns whether each admitted token has a tenant that a comparison names, as its form alone shows.
pub(crate) fn surely_names(view: &ClauseView<'_>, constraint: &Constraint<'_>) -> bool {
    let claim = constraint.atom.claim;
    let is_name = match &constraint.atom.question {
        Question::OneOf(_) => true,
        Question::Pattern(patterns) => patterns.iter().all(|one| matches!(one, Pattern::Under(_))),
        _ => false,
    };
    let mut layouts = view.issuer.derivations.iter().filter(|own| own.claim == claim);
    let is_told = layouts.all(|own| {
        own.template
            .parts
            .iter()
            .any(|part| part_tells(view, claim, part))
    });
    constraint.required && constraint.wanted && is_name && view.definition(claim).tenant && is_told
}

/// Returns whether a claim tells the tenant: by itself, or by a claim in one of its layouts.
pub(crate) fn tells_tenant(view: &ClauseView<'_>, claim: ClaimId) -> bool {
    let own = view.issuer.derivations.iter().filter(|own| own.claim == claim);
    let mut layouts = own.map(|own| &own.template.parts).peekable();
    let is_tenant = view.definition(claim).tenant;
    if layouts.peek().is_none() {
        return is_tenant;
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
