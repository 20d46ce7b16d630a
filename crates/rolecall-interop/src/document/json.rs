//! JSON (RFC 8259), with the location of each value.

mod parts;
mod raw;

pub use raw::{Json, MAX_BYTES};

use super::embedded::Embedded;
use super::{DocumentError, Member, Node, Value};
use parts::{MAX_VALUES, too_many};
use rolecall_syntax::{Span, Spanned};

/// The deepest nesting of lists and maps.
const MAX_DEPTH: usize = 64;

/// Parses a JSON text.
///
/// # Errors
///
/// The text is not JSON, has more than 64 MiB, 64 levels or 4,000,000 values, or a string with half of a
/// surrogate pair.
pub fn json(text: &str) -> Result<Node, DocumentError> {
    Json::parse(text)?.node()
}

/// Parses the JSON text inside a string literal of another JSON text, which may be percent-encoded in
/// addition.
///
/// The locations are those in the other text, of the characters as they are written there. `literal` is the
/// span of the literal with its quotes.
///
/// # Errors
///
/// As [`json`]. The location of the error is in the other text, too.
pub fn json_in(text: &str, literal: Span) -> Result<Node, DocumentError> {
    let content = serde_json::from_str(literal.text(text)).map_err(|_| DocumentError {
        message: "the text is not a JSON string".to_owned(),
        span: literal,
    })?;
    json_of(text, &Spanned::new(content, literal))
}

/// Returns the value of a JSON text inside a document in any language, as [`json_in`], or another value as it is.
pub(crate) fn json_inside(document: &str, node: Node) -> Result<Node, DocumentError> {
    match node.node {
        Value::Text(content) => json_of(document, &Spanned::new(content, node.span)),
        _ => Ok(node),
    }
}

fn json_of(document: &str, text: &Spanned<String>) -> Result<Node, DocumentError> {
    let embedded = Embedded::decoded(document, text)?;
    match json(embedded.text()) {
        Ok(mut node) => {
            embedded.relocate(&mut node);
            Ok(node)
        }
        Err(DocumentError { message, span }) => Err(DocumentError {
            message,
            span: embedded.place(span),
        }),
    }
}

impl Json<'_> {
    /// Reads the value with all its parts.
    ///
    /// # Errors
    ///
    /// As [`json`].
    pub fn node(self) -> Result<Node, DocumentError> {
        // The value itself is one of the values.
        self.node_within(MAX_DEPTH, &mut MAX_VALUES.saturating_sub(1))
    }

    /// Reads a value with at most so many levels and values inside.
    fn node_within(self, levels: usize, values: &mut usize) -> Result<Node, DocumentError> {
        let written = self.written();
        let value = match written.bytes().next() {
            Some(b'{') => {
                let members = self.members()?;
                let inner = self.descend(levels, values, members.len())?;
                let members = members.into_iter().map(|(name, value)| {
                    let value = value.node_within(inner, values)?;
                    Ok(Member { name, value })
                });
                Value::Map(members.collect::<Result<_, _>>()?)
            }
            Some(b'[') => {
                let elements = self.elements()?;
                let inner = self.descend(levels, values, elements.len())?;
                let elements = elements.into_iter();
                let elements = elements.map(|element| element.node_within(inner, values));
                Value::List(elements.collect::<Result<_, _>>()?)
            }
            Some(b'"') => Value::Text(self.decode()?),
            Some(b't') => Value::Bool(true),
            Some(b'f') => Value::Bool(false),
            Some(b'n') => Value::Null,
            _ => Value::Number(written.to_owned()),
        };
        Ok(Spanned::new(value, self.span()))
    }

    /// Takes the values of a list or a map from those that are left, before they are read. Returns the levels
    /// that are left.
    fn descend(self, levels: usize, values: &mut usize, number: usize) -> Result<usize, DocumentError> {
        let error = |message| DocumentError {
            message,
            span: self.span(),
        };
        *values = values.checked_sub(number).ok_or_else(|| error(too_many()))?;
        let too_deep = || error(format!("the text has more than {MAX_DEPTH} levels"));
        levels.checked_sub(1).ok_or_else(too_deep)
    }
}
