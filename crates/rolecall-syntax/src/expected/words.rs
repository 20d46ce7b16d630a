//! Words with characters that neither a name nor a value without quotes has.

use crate::error::SyntaxErrorKind as Kind;
use crate::scan::{as_name, is_bare, precedes_name};
use crate::span::text_from;

/// The operators after which a text stands.
const OPERATORS: [&str; 5] = ["==", "!=", " glob", " like", " under"];

fn is_of_word(c: char) -> bool {
    is_bare(c) || matches!(c, '*' | '?')
}

/// Returns a text without the part of a word at its end.
pub(super) fn head(before: &str) -> &str {
    before.trim_end_matches(is_of_word)
}

/// Returns the part of a word at the end of a text.
pub(super) fn tail(before: &str) -> &str {
    text_from(before, head(before).len())
}

/// Returns the part of a word at the start of a text.
pub(super) fn begun(rest: &str) -> &str {
    rest.split(|c| !is_of_word(c)).next().unwrap_or("")
}

/// Returns the error for the word around a position: a value without quotes, or a name with other characters.
pub(super) fn run(before: &str, rest: &str, expected: &[String]) -> Option<Kind> {
    let (head, tail, begun) = (head(before), tail(before), begun(rest));
    let is_odd = |c: char| matches!(c, '.' | '*' | '?' | '+' | '@' | '%');
    let text = format!("{tail}{begun}");
    if begun.is_empty() || !text.contains(is_odd) {
        return None;
    }
    let head = head.trim_end();
    let is_text = |c: char| c.is_ascii_alphanumeric() || c == '*';
    let is_fraction = text.split('.').count() == 2 && text.bytes().all(|b| b.is_ascii_digit() || b == b'.');
    if OPERATORS.iter().any(|operator| head.ends_with(operator)) && text.contains(is_text) && !is_fraction {
        return Some(Kind::WithoutQuotes { text });
    }
    let word = head
        .rsplit(|c: char| !c.is_ascii_alphabetic())
        .next()
        .unwrap_or("");
    let is_role = expected.iter().any(|other| other == "`because`");
    let is_name = (precedes_name(word) || is_role) && begun.starts_with('.');
    (is_name && !tail.is_empty() && begun.len() > 1).then(|| Kind::NotAName {
        corrected: as_name(&text),
        name: text,
    })
}
