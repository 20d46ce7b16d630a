//! Texts without quotes, and texts of the grammar that stand for others.

/// Returns whether a character may belong to a text without quotes.
pub(crate) fn is_bare(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.' | ':' | '@' | '~' | '+' | '%')
}

/// Returns a text as a name.
pub(crate) fn as_name(text: &str) -> String {
    let is_name = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-');
    text.replace(|c| !is_name(c), "-")
}

/// Returns a string of the grammar that is as long as a text.
pub(super) fn quotes_of_length(text: &str) -> String {
    in_quotes(text.get(1..text.len().saturating_sub(1)).unwrap_or(""))
}

/// Returns a string of the grammar that is as long as a text and two quotes.
pub(super) fn in_quotes(text: &str) -> String {
    format!("\"{}\"", text.replace(['"', '\\'], "-"))
}
