//! Strangers: tenants that a clause does not name.

use crate::ask;
use crate::clause::{ClauseView, Constraint};
use crate::context::RuleContext;
use crate::outline::{outlines, with_gaps};
use rolecall_analysis::Witness;
use rolecall_engine::ir::{Formula, Question};
use rolecall_engine::pattern::Pattern;
use rolecall_engine::{ClaimId, Location, Scalar, Typed};
use std::collections::BTreeSet;

/// Returns a condition that the tokens of strangers fulfil: the clause has none of their projects, groups and
/// ids. If it compares none, every tenant is a stranger.
pub(crate) fn stranger(view: &ClauseView<'_>) -> Formula {
    let written = words(view);
    let tenants = view
        .claims()
        .filter(|(claim, definition)| definition.tenant && !view.is_derived(*claim));
    let tenants = tenants.filter(|(claim, _)| view.compares(*claim));
    let others = tenants.filter_map(|(claim, definition)| match definition.claim_type.scalar() {
        // A name in the same group is not a stranger.
        Scalar::Path(_) => {
            (!written.is_empty()).then(|| ask::not(ask::under(claim, written.iter().map(String::as_str))))
        }
        Scalar::Id(_) | Scalar::Text | Scalar::Enum { .. } => {
            let mut written = texts(view, claim).peekable();
            written
                .peek()
                .is_some()
                .then(|| ask::not(ask::one_of(claim, written)))
        }
        _ => None,
    });
    ask::all(others.collect::<Vec<Formula>>())
}

/// Returns whether a clause compares a claim that distinguishes the tenants of an issuer.
pub(crate) fn asks_for_tenant(view: &ClauseView<'_>) -> bool {
    let mut tenants = view.claims().filter(|(_, definition)| definition.tenant);
    tenants.any(|(claim, _)| view.compares(claim))
}

/// Returns a token that the clause admits without checking the tenant, and how: the clause compares no
/// tenant, compares it in one alternative only, or names none in its comparisons.
pub(crate) fn without_tenant(
    view: &ClauseView<'_>,
    context: &mut RuleContext<'_, '_>,
) -> Option<(Box<Witness>, &'static str)> {
    let (condition, how) = match asks_for_tenant(view) {
        false => (Formula::always(), "the tenant is not restricted"),
        true if view
            .constraints
            .iter()
            .any(|constraint| is_of_tenant(view, constraint)) =>
        {
            return None;
        }
        true => (stranger(view), "one alternative does not restrict the tenant"),
    };
    Some((context.admits(view, condition)?, how))
}

/// Returns whether a comparison requires a tenant by name. Patterns for tenants have a rule of their own.
fn is_of_tenant(view: &ClauseView<'_>, constraint: &Constraint<'_>) -> bool {
    let definition = view.definition(constraint.atom.claim);
    let is_tenant = definition.tenant;
    let is_pattern = matches!(constraint.atom.question, Question::Pattern(_));
    is_tenant && constraint.names() && (constraint.required || is_pattern)
}

/// Returns the location of a pattern for owners that also matches others, and a token of one of those.
pub(crate) fn by_pattern(
    view: &ClauseView<'_>,
    context: &mut RuleContext<'_, '_>,
) -> Option<(Location, Box<Witness>)> {
    let is_tenant = |claim| view.definition(claim).tenant;
    let mut patterns = view.constraints.iter().filter(|constraint| {
        constraint.wanted
            && is_tenant(constraint.atom.claim)
            && matches!(constraint.atom.question, Question::Pattern(_))
    });
    let pattern = patterns.next()?;
    if !asks_for_tenant(view) {
        return None;
    }
    let witness = context.admits(view, stranger(view))?;
    Some((pattern.location, witness))
}

/// Returns the texts that a claim is compared with.
pub(crate) fn texts<'v>(view: &'v ClauseView<'_>, claim: ClaimId) -> impl Iterator<Item = String> + use<'v> {
    view.constraints_on(claim)
        .flat_map(|constraint| match &constraint.atom.question {
            Question::OneOf(literals) => literals.iter().filter_map(text).collect(),
            _ => Vec::new(),
        })
}

fn text(literal: &Typed<'_>) -> Option<String> {
    match literal {
        Typed::Text(text) => Some(text.to_string()),
        Typed::Bool(_) | Typed::Int(_) => None,
    }
}

/// Returns the names of tenants between `/` and `:` that a clause writes without a wildcard.
fn words(view: &ClauseView<'_>) -> BTreeSet<String> {
    let mut words = BTreeSet::new();
    let is_tenant = |claim| view.definition(claim).tenant;
    for constraint in view
        .constraints
        .iter()
        .filter(|constraint| is_tenant(constraint.atom.claim))
    {
        match &constraint.atom.question {
            Question::OneOf(literals) => literals
                .iter()
                .filter_map(text)
                .for_each(|text| cut(&text, &mut words)),
            Question::Pattern(patterns) => patterns
                .iter()
                .for_each(|pattern| add_pattern(pattern, &mut words)),
            _ => {}
        }
    }
    words
}

fn cut(text: &str, words: &mut BTreeSet<String>) {
    let parts = text.split(['/', ':']).filter(|part| !part.is_empty());
    words.extend(parts.map(str::to_owned));
}

/// Adds the names of a pattern that have no wildcard in them.
fn add_pattern(pattern: &Pattern, words: &mut BTreeSet<String>) {
    for outline in outlines(pattern) {
        // No name contains the character for a gap.
        let text = with_gaps(&outline, '*');
        let parts = text
            .split(['/', ':'])
            .filter(|part| !part.is_empty() && !part.contains('*'));
        words.extend(parts.map(str::to_owned));
    }
}
