//! Edits of a text that lose no comment.

use crate::context::RuleContext;
use crate::fix::Edit;
use rolecall_engine::{FileId, Location};
use rolecall_syntax::ast::Comparison;
use rolecall_syntax::{Span, Spanned};

/// Replaces some text, unless it contains a comment.
pub(crate) fn replace(
    context: &RuleContext<'_, '_>,
    location: Location,
    text: impl Into<String>,
) -> Option<Edit> {
    let file = context.trees.file(location.file())?;
    let is_inside =
        |comment: Span| comment.start < location.span().end && location.span().start < comment.end;
    let is_free = !file.comments.iter().any(|comment| is_inside(comment.span));
    is_free.then(|| Edit::new(location, text))
}

/// Replaces the operator and the operand of a comparison.
pub(crate) fn compare_with(
    context: &RuleContext<'_, '_>,
    file: FileId,
    comparison: &Comparison,
    text: impl Into<String>,
) -> Option<Edit> {
    let span = comparison.operator.span.to(comparison.operand.span);
    replace(context, Location::new(file, span), text)
}

/// Replaces the operator of a comparison.
pub(crate) fn replace_operator(
    context: &RuleContext<'_, '_>,
    file: FileId,
    comparison: &Comparison,
    operator: &str,
) -> Option<Edit> {
    replace(context, Location::new(file, comparison.operator.span), operator)
}

/// Removes one of several parts, and the comma, `&&` or `||` between it and its neighbour. Returns `None` if
/// something else is between the parts, such as a parenthesis.
pub(crate) fn remove_part<T>(
    context: &RuleContext<'_, '_>,
    file: FileId,
    parts: &[Spanned<T>],
    number: usize,
    joint: &str,
) -> Option<Edit> {
    let part = parts.get(number)?;
    let before = number.checked_sub(1).and_then(|before| parts.get(before));
    let after = number.checked_add(1).and_then(|after| parts.get(after));
    let is_joint =
        |start: usize, end: usize| context.text(Location::new(file, Span::new(start, end))).trim() == joint;
    let span = match (before, after) {
        (Some(before), after) => {
            let after = after.is_none_or(|after| is_joint(part.span.end, after.span.start));
            (after && is_joint(before.span.end, part.span.start))
                .then(|| Span::new(before.span.end, part.span.end))?
        }
        (None, Some(after)) => {
            is_joint(part.span.end, after.span.start).then(|| Span::new(part.span.start, after.span.start))?
        }
        (None, None) => return None,
    };
    replace(context, Location::new(file, span), "")
}
