//! Faults: the texts that are refused, before and while they are read.

use super::{DocumentError, MAX_BYTES, Value};
use crate::notice::printable;
use rolecall_syntax::{Span, Spanned};
use saphyr_parser::Tag;

/// Returns an error at a location.
pub(super) fn at(span: Span, message: impl Into<String>) -> DocumentError {
    let message = message.into();
    DocumentError { message, span }
}

/// Checks the size and the characters of a text, before it is parsed.
pub(super) fn check(text: &str) -> Result<(), DocumentError> {
    if text.len() > MAX_BYTES {
        let message = format!("a YAML text has at most {MAX_BYTES} bytes");
        return Err(at(Span::at(MAX_BYTES), message));
    }
    // The mark of the byte order is allowed in front.
    let mut characters = text.char_indices().skip_while(|found| *found == (0, '\u{feff}'));
    match characters.find(|(_, c)| !is_settled(*c)) {
        None => Ok(()),
        Some((byte, c)) => {
            let message = match c {
                '\u{85}' | '\u{2028}' | '\u{2029}' => "ends a line in YAML 1.1, but not in 1.2",
                _ => "cannot be printed, and YAML allows it only as an escape",
            };
            let span = Span::new(byte, byte.saturating_add(c.len_utf8()));
            Err(at(
                span,
                format!("the character U+{:04X} {message}", u32::from(c)),
            ))
        }
    }
}

/// Returns whether all versions of YAML read a character as the same one.
fn is_settled(c: char) -> bool {
    match c {
        '\u{2028}' | '\u{2029}' | '\u{feff}' | '\u{fffe}' | '\u{ffff}' => false,
        '\t' | '\n' | '\r' | ' '..='~' | '\u{a0}'.. => true,
        _ => false,
    }
}

/// Reports directives: the lines with `%` before a document.
pub(super) fn directives(before: &Spanned<&str>) -> Result<(), DocumentError> {
    let mut start = before.span.start;
    for line in before.node.split_inclusive(['\n', '\r']) {
        let end = start.saturating_add(line.len());
        if line.starts_with('%') {
            return Err(at(
                Span::new(start, end),
                "directives such as `%YAML` are not read",
            ));
        }
        start = end;
    }
    Ok(())
}

/// Reports a tag of a value.
pub(super) fn tag<T>(tag: &Tag, span: Span) -> Result<T, DocumentError> {
    let Tag { handle, suffix } = tag;
    // The parser decodes `%12` in a tag.
    let tag = printable(&format!("{handle}{suffix}"));
    Err(at(span, format!("tags such as `{tag}` are not read")))
}

/// Reports an anchor of a value. The parser counts anchors from 1.
pub(super) fn anchor(anchor: usize, span: Span) -> Result<(), DocumentError> {
    match anchor {
        0 => Ok(()),
        _ => Err(at(span, "anchors are not read: write the value where it is used")),
    }
}

/// Returns the name of a member.
pub(super) fn name(value: Value, span: Span) -> Result<String, DocumentError> {
    match value {
        Value::Text(name) => Ok(name),
        // Go's `strconv.Itoa` writes such a number as it stands.
        Value::Number(name) if name.parse().is_ok_and(|number: i64| number.to_string() == name) => Ok(name),
        Value::Unsettled(name) => {
            let message = format!("the versions of YAML disagree about the name `{name}`: put it in quotes");
            Err(at(span, message))
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::Unknown(_) => {
            Err(at(span, "a name is a text: put it in quotes"))
        }
        Value::List(_) | Value::Map(_) => Err(at(span, "a name is a text, not a collection")),
    }
}
