//! Subjects of unknown parts: the tenant in a `sub` that no layout describes, read from the text before the first
//! wildcard.

use crate::clause::{ClauseView, Constraint};
use crate::outline::outlines;
use crate::vocabulary::TENANT_LABELS;
use rolecall_engine::ir::Question;
use rolecall_engine::pattern::{OutlinePiece, Pattern};

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
    match &constraint.atom.question {
        Question::Pattern(_) if view.is_derived(constraint.atom.claim) => Naming::Open,
        Question::Pattern(patterns) | Question::ContainsPattern(patterns) => {
            let all = patterns.iter().map(of_pattern);
            all.max().unwrap_or(Naming::Open)
        }
        Question::OneOf(_) | Question::ContainsAny(_) | Question::ContainsAll(_) => Naming::Named,
        // Another claim (`sub == sub`) names no tenant.
        _ => Naming::Open,
    }
}

fn of_pattern(pattern: &Pattern) -> Naming {
    if matches!(pattern, Pattern::Under(_)) {
        return Naming::Named;
    }
    let all = outlines(pattern);
    all.iter()
        .map(|outline| of_outline(outline))
        .max()
        .unwrap_or(Naming::Open)
}

/// Returns whether the text before the first wildcard names a tenant: it ends with a complete part that is not
/// the label of a tenant (`org:acme:project:shop:operation:*`), and not with a label alone (`org:acme:project:*`).
fn of_outline(outline: &[OutlinePiece]) -> Naming {
    let [OutlinePiece::Text(text), rest @ ..] = outline else {
        return Naming::Open;
    };
    if rest.is_empty() {
        return Naming::Named;
    }
    let Some((parts, _)) = text.rsplit_once(['/', ':']) else {
        return Naming::Unclear;
    };
    let mut parts = parts.rsplit(['/', ':']).filter(|part| !part.is_empty());
    let last = parts.next();
    if last.is_some_and(|last| TENANT_LABELS.contains(&last)) {
        return Naming::Open;
    }
    match parts.next() {
        Some(_) => Naming::Named,
        None => Naming::Unclear,
    }
}
