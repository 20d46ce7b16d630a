//! Strangers: the condition that a token is of a tenant that a clause does not name.

use crate::ask;
use crate::clause::ClauseView;
use crate::subject::{Naming, naming};
use crate::words::{texts, words};
use rolecall_engine::ir::{Formula, Trust};
use rolecall_engine::{ClaimId, Part, Scalar};
use std::collections::BTreeSet;

/// Returns a condition that the tokens of strangers fulfil: the clause has none of their projects, groups and
/// ids. `is_unclear_open` is true if a `sub` of unknown parts may be a stranger's.
pub(crate) fn strangers(view: &ClauseView<'_>, is_unclear_open: bool) -> Formula {
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

/// Returns whether an id alone may be a derived claim of the tenant. A tenant with the id is not a stranger.
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
    ask::all(named.map(|one| ask::not(one.formula())).collect::<Vec<Formula>>())
}

/// Returns whether a claim is a `sub` that no layout describes.
fn is_opaque(view: &ClauseView<'_>, claim: ClaimId) -> bool {
    view.claim("sub") == Some(claim) && !view.is_derived(claim)
}
