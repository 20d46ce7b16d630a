//! Conditions of our language, built from parts.

use rolecall_syntax::ast::{ClaimPath, Comparison, Expr, ExprAt, Operand, Operator, Segment};
use rolecall_syntax::{Span, Spanned, Str};

/// Returns the condition that always has this value.
pub(super) fn constant(value: bool, span: Span) -> ExprAt {
    let node = match value {
        true => Expr::All(Vec::new()),
        false => Expr::Any(Vec::new()),
    };
    Spanned::new(node, span)
}

/// Returns the value of a condition that is constant.
fn value(condition: &ExprAt) -> Option<bool> {
    match &condition.node {
        Expr::All(parts) if parts.is_empty() => Some(true),
        Expr::Any(parts) if parts.is_empty() => Some(false),
        _ => None,
    }
}

/// Returns the condition that all parts hold.
pub(super) fn all(parts: impl IntoIterator<Item = ExprAt>, span: Span) -> ExprAt {
    join(parts, true, span)
}

/// Returns the condition that one part holds.
pub(super) fn any(parts: impl IntoIterator<Item = ExprAt>, span: Span) -> ExprAt {
    join(parts, false, span)
}

/// Joins parts by `&&`, or by `||`. `unit` is the value that a part may have without an effect; the other one decides
/// alone.
fn join(parts: impl IntoIterator<Item = ExprAt>, unit: bool, span: Span) -> ExprAt {
    let mut kept = Vec::new();
    for part in parts {
        match value(&part) {
            Some(value) if value == unit => {}
            Some(_) => return part,
            None => kept.push(part),
        }
    }
    match <[ExprAt; 1]>::try_from(kept) {
        Ok([only]) => only,
        Err(kept) if unit => Spanned::new(Expr::All(kept), span),
        Err(kept) => Spanned::new(Expr::Any(kept), span),
    }
}

/// Returns the negation.
pub(super) fn not(condition: ExprAt) -> ExprAt {
    let span = condition.span;
    match value(&condition) {
        Some(value) => constant(!value, span),
        None => Spanned::new(Expr::Not(Box::new(condition)), span),
    }
}

/// Returns whether no token without a claim, or with `null` for it, fulfils a condition. It may do so even if this is false.
pub(super) fn demands(condition: &ExprAt, claim: &[String]) -> bool {
    let is_claim = |found: &ClaimPath| *found == path(claim, Span::default());
    match &condition.node {
        Expr::All(parts) => parts.iter().any(|part| demands(part, claim)),
        Expr::Any(parts) => parts.iter().all(|part| demands(part, claim)),
        Expr::Compare(comparison) => is_claim(&comparison.claim),
        Expr::Has(found) => is_claim(found),
        // A comparison without the claim is UNKNOWN, and so is its negation.
        Expr::Not(part) => match &part.node {
            Expr::Compare(comparison) => is_claim(&comparison.claim),
            _ => false,
        },
        _ => false,
    }
}

/// Returns the levels of a condition.
pub(super) fn depth(condition: &ExprAt) -> usize {
    let inner = match &condition.node {
        Expr::All(parts) | Expr::Any(parts) => parts.iter().map(depth).max().unwrap_or(0),
        Expr::Not(part) => depth(part),
        _ => 0,
    };
    inner.saturating_add(1)
}

/// Returns `CLAIM OPERATOR OPERAND`.
pub(super) fn compare(claim: &[String], operator: Operator, operand: Spanned<Operand>, span: Span) -> ExprAt {
    let comparison = Comparison {
        claim: path(claim, span),
        operator: Spanned::new(operator, span),
        operand,
    };
    Spanned::new(Expr::Compare(Box::new(comparison)), span)
}

/// Returns `has CLAIM`.
pub(super) fn has(claim: &[String], span: Span) -> ExprAt {
    Spanned::new(Expr::Has(path(claim, span)), span)
}

/// Returns `CLAIM is null`.
pub(super) fn is_null(claim: &[String], span: Span) -> ExprAt {
    Spanned::new(Expr::IsNull(path(claim, span)), span)
}

/// Returns a claim as an operand.
pub(super) fn reference(claim: &[String], span: Span) -> Spanned<Operand> {
    Spanned::new(Operand::Reference(path(claim, span)), span)
}

/// Returns the condition with a name.
pub(super) fn named(name: &str, span: Span) -> ExprAt {
    let segments = vec![Spanned::new(Segment::Word(name.to_owned()), span)];
    Spanned::new(Expr::Bare(ClaimPath { segments }), span)
}

/// Returns a text as an operand.
pub(super) fn text(text: &str, span: Span) -> Spanned<Operand> {
    Spanned::new(Operand::Text(Str::quote(text)), span)
}

/// Returns the path of a claim. The first name is quoted, so that it is never taken for an alias.
fn path(claim: &[String], span: Span) -> ClaimPath {
    let segments = claim
        .iter()
        .map(|name| Spanned::new(Segment::Quoted(Str::quote(name)), span));
    ClaimPath {
        segments: segments.collect(),
    }
}
