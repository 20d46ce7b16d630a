//! Names in texts: whether a comparison of a claim that nothing derives, or of a list, names a tenant.

use crate::clause::{ClauseView, Constraint};
use crate::outline::outlines;
use crate::tells::is_below_owner;
use crate::vocabulary::{CODE_HOSTS, is_tenant_label};
use rolecall_engine::Scalar;
use rolecall_engine::ir::Question;
use rolecall_engine::pattern::OutlinePiece;

/// The answer to whether a comparison names a tenant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Naming {
    /// It names one.
    Named,
    /// The text does not tell.
    Unclear,
    /// It leaves the tenant open.
    Open,
}

/// Returns whether a comparison of a claim that nothing derives, or of a list, names a tenant.
pub(crate) fn naming(view: &ClauseView<'_>, constraint: &Constraint<'_>) -> Naming {
    let claim = constraint.atom.claim;
    match &constraint.atom.question {
        Question::Pattern(_) if view.is_derived(claim) => Naming::Open,
        Question::Pattern(patterns) | Question::ContainsPattern(patterns) => {
            let all = patterns.iter().map(|pattern| {
                if is_below_owner(pattern) {
                    return Naming::Named;
                }
                let all = outlines(pattern);
                let all = all.iter().map(|outline| {
                    if view.is_opaque(claim) {
                        of_subject(outline, view.is_shared())
                    } else {
                        of_name(outline, view.definition(claim).claim_type.scalar())
                    }
                });
                all.max().unwrap_or(Naming::Open)
            });
            all.max().unwrap_or(Naming::Open)
        }
        Question::OneOf(_) | Question::ContainsAny(_) | Question::ContainsAll(_) => Naming::Named,
        // Another claim (`sub == sub`) names no tenant.
        _ => Naming::Open,
    }
}

/// Returns whether a text names a tenant in a claim that is a name or an id: the first part of a name is complete.
fn of_name(outline: &[OutlinePiece], scalar: &Scalar) -> Naming {
    let [OutlinePiece::Text(text), rest @ ..] = outline else {
        return Naming::Open;
    };
    if rest.is_empty() {
        return Naming::Named;
    }
    let owner = match scalar {
        Scalar::Path(_) | Scalar::Text => text.rsplit_once(['/', ':']),
        _ => None,
    };
    match owner {
        Some((owner, _)) if !owner.is_empty() && !CODE_HOSTS.contains(&owner) => Naming::Named,
        _ => Naming::Open,
    }
}

/// Returns whether the text of a `sub` before the first wildcard names a tenant: it has a word for a tenant and a complete
/// name behind it (`org:acme:project:*`). If the wildcard is in the name, the tenant is open (`org:acme*`).
fn of_subject(outline: &[OutlinePiece], is_shared: bool) -> Naming {
    let [OutlinePiece::Text(text), rest @ ..] = outline else {
        return Naming::Open;
    };
    if rest.is_empty() {
        return Naming::Named;
    }
    let Some((complete, _)) = text.rsplit_once(['/', ':']) else {
        // The wildcard is in the first part, so each reading has others.
        return if is_shared { Naming::Open } else { Naming::Unclear };
    };
    let parts: Vec<&str> = complete
        .split(['/', ':'])
        .filter(|part| !part.is_empty())
        .collect();
    let is_named =
        |pair: &[&str]| matches!(pair, [label, name] if is_tenant_label(label) && !is_tenant_label(name));
    if parts.windows(2).any(is_named) {
        Naming::Named
    } else if parts.last().is_some_and(|last| is_tenant_label(last)) {
        Naming::Open
    } else {
        Naming::Unclear
    }
}
