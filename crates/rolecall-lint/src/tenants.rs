//! Tenants: the projects, groups and owners whose tokens a clause admits.
//!
//! A stranger is a tenant that the clause does not name. The analysis proves whether one gets in: each claim of
//! a tenant must have a value that the clause writes nowhere. Where a claim is derived, the proof is about the
//! claims in its layouts, so that a layout without a tenant names none. A `sub` that nothing derives is a text
//! of unknown parts; `subject` reads those.

use crate::ask;
use crate::clause::{ClauseView, Constraint};
use crate::context::RuleContext;
use crate::openness::{Openness, Reason};
use crate::subject::{Naming, naming};
use crate::words::{texts, words};
use rolecall_analysis::Witness;
use rolecall_engine::ir::{ClaimDefinition, Formula, Question, Trust};
use rolecall_engine::pattern::{Pattern, Wildcard};
use rolecall_engine::{ClaimId, Filter, Location, Part, Scalar};
use rolecall_syntax::Str;
use std::collections::BTreeSet;

/// A project that no policy names.
const STRANGER: &str = "mallory/web";
/// Names that somebody may register because they begin like another one.
const SIMILAR: [&str; 2] = ["*-evil/*", "*-evil"];

/// Returns whether a clause compares a claim that distinguishes the tenants of an issuer.
pub(crate) fn asks_for_tenant(view: &ClauseView<'_>) -> bool {
    let mut constraints = view.constraints.iter();
    constraints.any(|constraint| {
        let others = constraint.atom.question.other_claims();
        let mut claims = std::iter::once(constraint.atom.claim).chain(others);
        constraint.atom.question != Question::Present && claims.any(|claim| tells_tenant(view, claim))
    })
}

/// Returns the token of a stranger that the clause admits without checking the tenant, and the label.
pub(crate) fn without_tenant(
    view: &ClauseView<'_>,
    context: &mut RuleContext<'_, '_>,
) -> Option<(Box<Witness>, &'static str)> {
    let open = openness(view, context)?;
    let label = match open.reason {
        Reason::Unrestricted => "the tenant is not restricted",
        Reason::Alternative => "one alternative does not restrict the tenant",
        Reason::Pattern(_) | Reason::Unclear(_) => return None,
    };
    Some((open.witness.clone(), label))
}

/// Returns whether a stranger gets in through a pattern.
pub(crate) fn is_open_by_pattern(view: &ClauseView<'_>, context: &mut RuleContext<'_, '_>) -> bool {
    let open = openness(view, context);
    open.is_some_and(|open| matches!(open.reason, Reason::Pattern(_)))
}

/// Returns a stranger that the clause admits.
pub(crate) fn openness<'v>(
    view: &'v ClauseView<'_>,
    context: &mut RuleContext<'_, '_>,
) -> Option<&'v Openness> {
    view.openness.get_or_init(|| search(view, context)).as_ref()
}

fn search(view: &ClauseView<'_>, context: &mut RuleContext<'_, '_>) -> Option<Openness> {
    if !view.claims().any(|(_, definition)| definition.tenant) {
        return None;
    }
    let patterns: Vec<&Constraint<'_>> = view
        .constraints
        .iter()
        .filter(|one| {
            one.wanted && matches!(one.atom.question, Question::Pattern(_)) && tells_tenant(view, one.atom.claim)
        })
        .collect();
    let stranger = strangers(view, false);
    if let Some(witness) = admitted(view, context, &stranger) {
        let fitting = |one: &&&Constraint<'_>| context.fulfils(&witness, view.clause.issuer, &of_atom(one));
        let reason = match patterns.iter().find(fitting) {
            Some(pattern) => Reason::Pattern(pattern.location),
            None if asks_for_tenant(view) => Reason::Alternative,
            None => Reason::Unrestricted,
        };
        return Some(Openness { witness, reason });
    }
    let unclear = patterns.iter().find(|one| naming(view, one) == Naming::Unclear)?;
    let witness = context.admits(view, strangers(view, true))?;
    let reason = Reason::Unclear(unclear.location);
    Some(Openness { witness, reason })
}

/// Returns an admitted token that fulfils a condition: of a plain stranger, or of one with a similar name, if
/// there is one.
fn admitted(
    view: &ClauseView<'_>,
    context: &mut RuleContext<'_, '_>,
    condition: &Formula,
) -> Option<Box<Witness>> {
    let mut names = view.claims().filter(|(claim, definition)| {
        definition.tenant && definition.claim_type.scalar().is_path() && !view.is_derived(*claim)
    });
    let name = names.next().map(|(claim, _)| claim);
    let similar = SIMILAR.iter().filter_map(|text| Str::new(text).ok());
    let similar: Vec<Pattern> = similar.map(|text| Pattern::Like(Wildcard::new(&text))).collect();
    let known = name.into_iter().flat_map(|claim| {
        let similar = Formula::compare(claim, Question::Pattern(similar.clone().into()));
        [ask::one_of(claim, [STRANGER]), similar]
    });
    let conditions = known.map(|known| ask::all([condition.clone(), known])).chain([condition.clone()]);
    conditions.collect::<Vec<_>>().into_iter().find_map(|one| context.admits(view, one))
}

/// Returns a condition that the tokens of strangers fulfil: the clause has none of their projects, groups and
/// ids. `is_unclear_open` is true if a `sub` of unknown parts may be a stranger's.
fn strangers(view: &ClauseView<'_>, is_unclear_open: bool) -> Formula {
    let written = words(view);
    let claims = view.claims().filter(|(claim, definition)| {
        let is_of_tenant = definition.tenant || is_subject_alone(view, *claim);
        is_of_tenant && !view.is_derived(*claim) && view.compares(*claim)
    });
    let conditions = claims.map(|(claim, definition)| {
        let other = match definition.claim_type.scalar() {
            _ if is_opaque(view, claim) => unnamed(view, claim, is_unclear_open),
            _ if definition.claim_type.is_list() => unnamed(view, claim, false),
            // A name in the same group is not a stranger.
            Scalar::Path(_) if written.is_empty() => Formula::always(),
            Scalar::Path(_) => ask::not(ask::under(claim, written.iter().map(String::as_str))),
            Scalar::Id(_) | Scalar::Text | Scalar::Enum { .. } => {
                other_than(claim, texts(view, claim).chain(written.iter().cloned()))
            }
            _ => Formula::always(),
        };
        if definition.optional && !view.narrows(claim) {
            ask::any([ask::not(ask::has(claim)), other])
        } else {
            other
        }
    });
    ask::all(conditions.collect::<Vec<Formula>>())
}

/// Returns the condition that a claim has another value than these.
pub(crate) fn other_than(claim: ClaimId, values: impl Iterator<Item = String>) -> Formula {
    let values: BTreeSet<String> = values.collect();
    if values.is_empty() {
        return Formula::always();
    }
    ask::not(ask::one_of(claim, values))
}

/// Returns whether an id alone may be a derived claim of the tenant. Who has the id is no stranger.
fn is_subject_alone(view: &ClauseView<'_>, claim: ClaimId) -> bool {
    let mut derivations = view.issuer.derivations.iter();
    view.trust(claim) == Trust::Immutable
        && derivations.any(|derivation| {
            let is_alone = matches!(&*derivation.template.parts, [Part::Claim(id, None)] if *id == claim);
            is_alone && view.definition(derivation.claim).tenant
        })
}

/// Returns the condition that no comparison of a claim that names a tenant holds.
fn unnamed(view: &ClauseView<'_>, claim: ClaimId, is_unclear_open: bool) -> Formula {
    let named = view.constraints_on(claim).filter(|one| {
        let naming = naming(view, one);
        one.wanted && (naming == Naming::Named || naming == Naming::Unclear && !is_unclear_open)
    });
    ask::all(named.map(|one| ask::not(of_atom(one))).collect::<Vec<Formula>>())
}

fn of_atom(constraint: &Constraint<'_>) -> Formula {
    Formula::compare(constraint.atom.claim, constraint.atom.question.clone())
}

/// Returns whether a claim is a `sub` that no layout describes.
pub(crate) fn is_opaque(view: &ClauseView<'_>, claim: ClaimId) -> bool {
    view.claim("sub") == Some(claim) && !view.is_derived(claim)
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

/// Returns the location of the pattern through which strangers get in, and the token of one.
pub(crate) fn by_pattern(
    view: &ClauseView<'_>,
    context: &mut RuleContext<'_, '_>,
) -> Option<(Location, Box<Witness>, bool)> {
    let open = openness(view, context)?;
    match open.reason {
        Reason::Pattern(location) => Some((location, open.witness.clone(), true)),
        Reason::Unclear(location) => Some((location, open.witness.clone(), false)),
        Reason::Unrestricted | Reason::Alternative => None,
    }
}

/// Returns the owner in a token: the part of the project's path before its name.
pub(crate) fn owner_in(view: &ClauseView<'_>, witness: &Witness) -> Option<String> {
    let is_name = |(_, definition): &(ClaimId, &ClaimDefinition)| {
        let is_name = definition.trust == Trust::Recyclable && definition.claim_type.scalar().is_path();
        definition.tenant && is_name && definition.path.len() == 1
    };
    let mut names = view.claims().filter(is_name);
    names.find_map(|(_, definition)| {
        let name = definition.path.first()?;
        let value = witness.token.get(name)?.as_text()?;
        let owner = value.rsplit_once('/').map_or(value, |(owner, _)| owner);
        Some(owner.to_owned())
    })
}
