//! Conditions such as `a && b || c`, and their two readings.

use crate::ast::{ClaimPath, Expr, ExprAt, Segment};
use crate::error::SyntaxErrorKind;
use crate::print;
use crate::span::{Span, Spanned};

/// The most terms in a row that a message shows.
const MAX_RUN: usize = 3;
/// The most characters of a reading that a message shows.
const MAX_READING: usize = 200;

/// Returns the error, with both readings.
pub(super) fn report(terms: &[ExprAt], connectives: &[&str]) -> SyntaxErrorKind {
    SyntaxErrorKind::MixedConnectives {
        and_first: reading(terms, connectives, "&&"),
        or_first: reading(terms, connectives, "||"),
    }
}

/// Returns the condition with parentheses, as if the connective `tight` bound tighter than the other.
fn reading(terms: &[ExprAt], connectives: &[&str], tight: &str) -> String {
    let mut groups: Vec<Vec<ExprAt>> = vec![Vec::new()];
    let mut before = tight;
    for (term, after) in terms.iter().zip(connectives.iter().chain([&tight])) {
        if before != tight {
            groups.push(Vec::new());
        }
        if let Some(group) = groups.last_mut() {
            group.push(term.clone());
        }
        before = after;
    }
    let joined: Vec<ExprAt> = groups
        .into_iter()
        .filter_map(|mut group| match group.len() {
            0 | 1 => group.pop(),
            _ => Some(spanned(join(shorten(group), tight == "&&"))),
        })
        .collect();
    let mut text = print::condition(&join(shorten(joined), tight != "&&"));
    if let Some((end, _)) = text.char_indices().nth(MAX_READING) {
        text.truncate(end);
        text.push('…');
    }
    text
}

/// Replaces the middle of long runs of terms by an ellipsis.
fn shorten(terms: Vec<ExprAt>) -> Vec<ExprAt> {
    let mut short = Vec::new();
    let mut run: Vec<ExprAt> = Vec::new();
    for term in terms {
        if matches!(term.node, Expr::All(_) | Expr::Any(_)) {
            short.append(&mut shorten_run(std::mem::take(&mut run)));
            short.push(term);
        } else {
            run.push(term);
        }
    }
    short.append(&mut shorten_run(run));
    short
}

fn shorten_run(mut run: Vec<ExprAt>) -> Vec<ExprAt> {
    if run.len() > MAX_RUN
        && let Some(last) = run.len().checked_sub(1)
    {
        let middle = 1..last;
        let dots = vec![spanned(Segment::Word("…".to_owned()))];
        run.splice(middle, [spanned(Expr::Bare(ClaimPath { segments: dots }))]);
    }
    run
}

fn join(terms: Vec<ExprAt>, and: bool) -> Expr {
    if and { Expr::All(terms) } else { Expr::Any(terms) }
}

fn spanned<T>(node: T) -> Spanned<T> {
    Spanned::new(node, Span::default())
}
