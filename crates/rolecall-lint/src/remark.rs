//! Comments, and the items that they belong to.

use rolecall_syntax::ast::{Comment, CommentKind, File};
use rolecall_syntax::{Span, Spanned};

/// Returns whether an item has a comment: in it, directly before it, or after it on its last line.
pub(crate) fn is_remarked(text: &str, file: &File, item: Span) -> bool {
    let inside_or_after = comments_from(file, item.start).take_while(|comment| {
        comment.span.start < item.end
            || between(text, item.end, comment.span.start)
                .is_some_and(|gap| !gap.contains('\n') && gap.trim().is_empty())
    });
    let is_before = comments_before(file, item.start).next().is_some_and(|comment| {
        between(text, comment.span.end, item.start)
            .is_some_and(|gap| gap.trim().is_empty() && gap.matches('\n').count() < 2)
    });
    inside_or_after.count() > 0 || is_before
}

/// Returns whether a `///` comment precedes an item, perhaps with other comments between them.
pub(crate) fn is_documented(text: &str, file: &File, item: Span) -> bool {
    let mut start = item.start;
    for comment in comments_before(file, start) {
        let gap = between(text, comment.span.end, start);
        if gap.is_none_or(|gap| !gap.trim().is_empty()) {
            return false;
        }
        if comment.node.kind == CommentKind::Doc {
            return true;
        }
        start = comment.span.start;
    }
    false
}

/// Returns whether a comment is on the lines of a span, or on the line before them.
pub(crate) fn is_explained(text: &str, file: &File, what: Span) -> bool {
    let starts_later = |comment: &Spanned<Comment>| {
        between(text, what.end, comment.span.start).is_some_and(|gap| gap.contains('\n'))
    };
    let mut after = comments_from(file, what.start);
    let line = text.get(..what.start).and_then(|before| before.rfind('\n'));
    let is_above = comments_before(file, what.start).next().is_some_and(|comment| {
        let gap = between(text, comment.span.end, line.unwrap_or(0));
        gap.is_none_or(|gap| gap.trim().is_empty())
    });
    after.next().is_some_and(|comment| !starts_later(comment)) || is_above
}

/// Returns the comments that begin at a byte or after it.
fn comments_from(file: &File, at: usize) -> impl Iterator<Item = &Spanned<Comment>> {
    let first = file.comments.partition_point(|comment| comment.span.start < at);
    file.comments.iter().skip(first)
}

/// Returns the comments that begin before a byte, the last one first.
fn comments_before(file: &File, at: usize) -> impl Iterator<Item = &Spanned<Comment>> {
    let first = file.comments.partition_point(|comment| comment.span.start < at);
    file.comments.iter().take(first).rev()
}

fn between(text: &str, start: usize, end: usize) -> Option<&str> {
    text.get(start..end)
}
