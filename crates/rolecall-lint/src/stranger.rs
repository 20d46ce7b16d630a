//! Strangers: the condition that a token is of a tenant that a clause does not name.

use crate::ask;
use crate::clause::ClauseView;
use crate::subject::{Naming, naming};
use crate::vocabulary::PROJECT_IDS;
use crate::words::{texts, words};
use rolecall_engine::ir::{Formula, Question, Trust};
use rolecall_engine::{ClaimId, Part, Scalar};
use std::collections::BTreeSet;

/// An id that no policy writes.
const OTHER_ID: &str = "918273645";

/// Returns a condition that the tokens of strangers fulfil: the clause has none of their projects, groups and
/// ids. `is_unclear_open` is true if a `sub` of unknown parts may be a stranger's.
pub(crate) fn strangers(view: &ClauseView<'_>, is_unclear_open: bool) -> Formula {
    let written = words(view);
    let claims = view.claims().filter(|(claim, _)| {
        let is_of_tenant = view.is_tenant(*claim) || is_subject_alone(view, *claim);
        is_of_tenant && !view.is_derived(*claim) && view.compares(*claim)
    });
    let conditions = claims.map(|(claim, definition)| {
        let others = || other_than(claim, texts(view, claim).chain(written.iter().cloned()));
        let other = match definition.claim_type.scalar() {
            _ if view.is_opaque(claim) => unnamed(view, claim, is_unclear_open),
            _ if definition.claim_type.is_list() => unnamed(view, claim, false),
            // A name in the same group is not a stranger.
            Scalar::Path(_) if written.is_empty() => Formula::always(),
            Scalar::Path(_) => ask::not(ask::under(claim, written.iter().map(String::as_str))),
            Scalar::Id(_) | Scalar::Enum { .. } => others(),
            Scalar::Text => ask::all([others(), unnamed(view, claim, false)]),
            _ => unnamed(view, claim, false),
        };
        let mut ways = vec![other];
        if definition.optional && !view.narrows(claim) {
            ways.push(ask::not(ask::has(claim)));
        }
        if definition.nullable {
            ways.push(Formula::compare(claim, Question::Null));
        }
        ask::any(ways)
    });
    ask::all(conditions.collect::<Vec<Formula>>())
}

/// Returns the condition that a token is of the next owner of a name: of other ids than those that the clause writes. In
/// `sub`, an id may stand beside the name, or alone.
pub(crate) fn next_owner(view: &ClauseView<'_>) -> Formula {
    let written = words(view);
    let others = view.claims().filter(|(claim, definition)| {
        let is_asked = view.is_tenant(*claim) && !definition.optional || view.compares(*claim);
        let is_text = !definition.claim_type.is_list() && !view.is_derived(*claim);
        definition.trust == Trust::Immutable && is_asked && is_text
    });
    let others = others.map(|(claim, _)| other_id(view, claim, &written));
    ask::all(others.collect::<Vec<Formula>>())
}

/// Returns the condition that a token is of a project whose ids the clause does not write.
pub(crate) fn other_project(view: &ClauseView<'_>) -> Formula {
    let written = words(view);
    let ids = PROJECT_IDS.iter().filter_map(|name| view.claim(name));
    let ids = ids.filter(|claim| view.is_tenant(*claim));
    let ids = ids.map(|claim| other_id(view, claim, &written));
    ask::all(ids.collect::<Vec<Formula>>())
}

/// Returns the condition that an id is none of the written ones.
fn other_id(view: &ClauseView<'_>, claim: ClaimId, written: &BTreeSet<String>) -> Formula {
    let definition = view.definition(claim);
    let other = match definition.claim_type.scalar() {
        _ if view.is_opaque(claim) => unnamed(view, claim, false),
        Scalar::Id(_) if !definition.optional => ask::one_of(claim, [OTHER_ID]),
        _ => other_than(claim, texts(view, claim).chain(written.iter().cloned())),
    };
    if definition.optional {
        ask::any([other, ask::not(ask::has(claim))])
    } else {
        other
    }
}

/// Returns the condition that a claim has another value than these.
fn other_than(claim: ClaimId, values: impl Iterator<Item = String>) -> Formula {
    let values: BTreeSet<String> = values.collect();
    if values.is_empty() {
        return Formula::always();
    }
    ask::not(ask::one_of(claim, values))
}

/// Returns whether an id alone may be a derived claim of the tenant. A tenant with the id is not a stranger.
fn is_subject_alone(view: &ClauseView<'_>, claim: ClaimId) -> bool {
    let mut derivations = view.issuer.derivations.iter();
    view.trust(claim) == Trust::Immutable
        && derivations.any(|derivation| {
            let is_alone = matches!(&*derivation.template.parts, [Part::Claim(id, None)] if *id == claim);
            is_alone && view.is_tenant(derivation.claim)
        })
}

/// Returns the condition that no comparison of a claim that names a tenant holds.
fn unnamed(view: &ClauseView<'_>, claim: ClaimId, is_unclear_open: bool) -> Formula {
    let named = view.constraints_on(claim).filter(|one| {
        let naming = naming(view, one);
        one.wanted && (naming == Naming::Named || naming == Naming::Unclear && !is_unclear_open)
    });
    ask::all(named.map(|one| ask::not(one.formula())).collect::<Vec<Formula>>())
}
