//! Redaction of documents: only the parts that say who gets a role are shown.

use rolecall_syntax::Span;

/// Returns a text with blanks in place of all but some parts, which are in order. Each blank has as many bytes as the
/// character that it replaces, so that locations stay valid, and line breaks are kept.
pub(super) fn visible(text: &str, shown: &[Span]) -> String {
    let mut visible = String::with_capacity(text.len());
    for span in shown {
        let hidden = text.get(visible.len()..span.start).unwrap_or_default();
        visible.extend(hidden.chars().map(blank));
        visible.push_str(text.get(visible.len()..span.end).unwrap_or_default());
    }
    let hidden = text.get(visible.len()..).unwrap_or_default();
    visible.extend(hidden.chars().map(blank));
    visible
}

/// Returns a blank with as many bytes as a character.
fn blank(character: char) -> char {
    match character.len_utf8() {
        _ if matches!(character, '\n' | '\r') => character,
        1 => ' ',
        // A no-break space, an em space, and a musical sign without a mark.
        2 => '\u{a0}',
        3 => '\u{2003}',
        _ => '\u{1d159}',
    }
}
