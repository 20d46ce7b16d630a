//! Literals, as policies write them.

use rolecall_engine::{FileId, Location};
use rolecall_syntax::ast::{Comparison, Operand};
use rolecall_syntax::{Spanned, Str};

/// Returns a text as a string literal.
pub(crate) fn quoted(text: &str) -> String {
    format!("\"{}\"", Str::quote(text).raw())
}

/// Returns a text with `*` and `?` escaped, as a pattern writes it between quotes.
pub(crate) fn in_pattern(text: &str) -> String {
    let quoted = Str::quote(text);
    quoted.raw().replace('*', "\\*").replace('?', "\\?")
}

/// Returns the operands of a comparison: one, or the elements of a list.
pub(crate) fn literals(comparison: &Comparison) -> &[Spanned<Operand>] {
    match &comparison.operand.node {
        Operand::List(elements) => elements,
        _ => std::slice::from_ref(&comparison.operand),
    }
}

/// Returns the location of a text in a comparison; `None` if it comes from a set or a parameter.
pub(crate) fn find(comparison: &Comparison, file: FileId, text: &str) -> Option<Location> {
    let is_it = |element: &&Spanned<Operand>| match &element.node {
        Operand::Text(written) => written.text().is_ok_and(|written| written == text),
        _ => false,
    };
    let found = literals(comparison).iter().find(is_it)?;
    Some(Location::new(file, found.span))
}

/// Returns whether the operand of a comparison is a regex, and not a reference to one.
pub(crate) fn is_regex(comparison: &Comparison) -> bool {
    matches!(comparison.operand.node, Operand::Regex(_))
}
