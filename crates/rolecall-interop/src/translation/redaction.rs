//! Redaction: only trust policies of a document are shown. Dumps of accounts and states hold secrets.

use crate::aws::Account;
use rolecall_syntax::Span;

/// Returns the text of a document with blanks in place of everything but its trust policies, the names of its roles and the
/// audiences of its providers. Each blank has as many bytes as the character that it replaces, so that locations stay
/// valid, and line breaks are kept.
pub(super) fn visible(text: &str, account: &Account) -> String {
    let mut shown: Vec<Span> = Vec::new();
    for role in &account.roles {
        shown.extend(role.name.as_ref().map(|name| name.span));
        shown.push(role.reading.span);
    }
    for provider in &account.providers {
        let audiences = provider.audiences.iter().flatten();
        shown.extend(audiences.map(|audience| audience.span));
    }
    shown.sort_unstable();
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
