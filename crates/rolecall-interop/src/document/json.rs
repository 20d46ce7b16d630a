//! JSON (RFC 8259), with the location of each value.

use super::embedded::Embedded;
use super::{DocumentError, Member, Node, Value};
use rolecall_syntax::{Span, Spanned};
use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;
use std::fmt::{Formatter, Result as FmtResult};

/// The largest text, in bytes.
pub const MAX_BYTES: usize = 64 * 1024 * 1024;

/// The deepest nesting of lists and maps.
const MAX_DEPTH: usize = 64;

/// The largest number of values in a tree.
const MAX_VALUES: usize = 4_000_000;

/// Parses a JSON text.
///
/// # Errors
///
/// The text is not JSON, has more than 64 MiB, 64 levels or 4,000,000 values, or a string with half of a surrogate
/// pair.
pub fn json(text: &str) -> Result<Node, DocumentError> {
    Json::parse(text)?.node()
}

/// Parses the JSON text inside a string literal of another JSON text, which may be percent-encoded in addition.
///
/// The locations are those in the other text, of the characters as they are written there. `literal` is the span of the
/// literal with its quotes.
///
/// # Errors
///
/// As [`json`]. The location of the error is in the other text, too.
pub fn json_in(text: &str, literal: Span) -> Result<Node, DocumentError> {
    let embedded = Embedded::in_literal(text, literal)?;
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

/// A valid JSON value in a text. Its parts are read when they are asked for.
///
/// A dump of an account is large, and only a few of its members are of interest: the others are never kept.
#[derive(Clone, Copy, Debug)]
pub struct Json<'a> {
    source: &'a str,
    raw: &'a RawValue,
}

impl<'a> Json<'a> {
    /// Checks the syntax of a JSON text.
    ///
    /// # Errors
    ///
    /// The text is not JSON, or has more than 64 MiB.
    pub fn parse(source: &'a str) -> Result<Self, DocumentError> {
        if source.len() > MAX_BYTES {
            let message = format!("the text has {} bytes, the limit is {MAX_BYTES}", source.len());
            return Err(DocumentError {
                message,
                span: Span::at(0),
            });
        }
        let raw = serde_json::from_str(source).map_err(|error| DocumentError {
            message: message(&error),
            span: Span::at(offset(source, &error)),
        })?;
        Ok(Self { source, raw })
    }

    /// Returns the location in the text.
    pub fn span(self) -> Span {
        span(self.source, self.raw)
    }

    /// Returns the members, in the order of the text. A value that is not a map has none.
    ///
    /// # Errors
    ///
    /// A name has half of a surrogate pair.
    pub fn members(self) -> Result<Vec<(Spanned<String>, Self)>, DocumentError> {
        if !self.is_map() {
            return Ok(Vec::new());
        }
        let Members(members) = self.decode(self.raw)?;
        let members = members.into_iter().map(|(name, raw)| {
            let text = self.decode(name)?;
            Ok((Spanned::new(text, span(self.source, name)), Self { raw, ..self }))
        });
        members.collect()
    }

    /// Returns the elements, in the order of the text. A value that is not a list has none.
    ///
    /// # Errors
    ///
    /// The nesting is too deep for the parser.
    pub fn elements(self) -> Result<Vec<Self>, DocumentError> {
        if !self.is_list() {
            return Ok(Vec::new());
        }
        let elements: Vec<&'a RawValue> = self.decode(self.raw)?;
        Ok(elements.into_iter().map(|raw| Self { raw, ..self }).collect())
    }

    /// Returns whether the value is a list.
    pub fn is_list(self) -> bool {
        self.raw.get().starts_with('[')
    }

    /// Returns whether the value is a map.
    pub fn is_map(self) -> bool {
        self.raw.get().starts_with('{')
    }

    /// Returns whether the value is a text.
    pub fn is_text(self) -> bool {
        self.raw.get().starts_with('"')
    }

    /// Returns the text, if the value is one.
    ///
    /// # Errors
    ///
    /// The text has half of a surrogate pair.
    pub fn text(self) -> Result<Option<Spanned<String>>, DocumentError> {
        let text = self.is_text().then(|| self.decode(self.raw)).transpose()?;
        Ok(text.map(|text| Spanned::new(text, self.span())))
    }

    /// Returns the texts among the elements, or the value if it is a text itself.
    ///
    /// # Errors
    ///
    /// A text has half of a surrogate pair.
    pub fn texts(self) -> Result<Vec<Spanned<String>>, DocumentError> {
        let mut texts = Vec::from_iter(self.text()?);
        for element in self.elements()? {
            texts.extend(element.text()?);
        }
        Ok(texts)
    }

    /// Reads the value with all its parts.
    ///
    /// # Errors
    ///
    /// As [`json`].
    pub fn node(self) -> Result<Node, DocumentError> {
        self.node_within(MAX_DEPTH, &mut 0)
    }

    fn node_within(self, levels: usize, values: &mut usize) -> Result<Node, DocumentError> {
        *values = values.saturating_add(1);
        if *values > MAX_VALUES {
            return Err(self.error(format!("the text has more than {MAX_VALUES} values")));
        }
        let written = self.raw.get();
        let inner = || {
            let too_deep = || self.error(format!("the text has more than {MAX_DEPTH} levels"));
            levels.checked_sub(1).ok_or_else(too_deep)
        };
        let value = match written.bytes().next() {
            Some(b'{') => {
                let inner = inner()?;
                let members = self.members()?.into_iter().map(|(name, value)| {
                    let value = value.node_within(inner, values)?;
                    Ok(Member { name, value })
                });
                Value::Map(members.collect::<Result<_, _>>()?)
            }
            Some(b'[') => {
                let inner = inner()?;
                let elements = self.elements()?.into_iter();
                let elements = elements.map(|element| element.node_within(inner, values));
                Value::List(elements.collect::<Result<_, _>>()?)
            }
            Some(b'"') => Value::Text(self.decode(self.raw)?),
            Some(b't') => Value::Bool(true),
            Some(b'f') => Value::Bool(false),
            Some(b'n') => Value::Null,
            _ => Value::Number(written.to_owned()),
        };
        Ok(Spanned::new(value, self.span()))
    }

    fn decode<T: Deserialize<'a>>(self, raw: &'a RawValue) -> Result<T, DocumentError> {
        serde_json::from_str(raw.get()).map_err(|error| DocumentError {
            message: message(&error),
            span: span(self.source, raw),
        })
    }

    fn error(self, message: String) -> DocumentError {
        let span = self.span();
        DocumentError { message, span }
    }
}

/// The names and the values of a map, with names that occur more than once.
struct Members<'a>(Vec<(&'a RawValue, &'a RawValue)>);

impl<'de> Deserialize<'de> for Members<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(MembersVisitor)
    }
}

struct MembersVisitor;

impl<'de> Visitor<'de> for MembersVisitor {
    type Value = Members<'de>;

    fn expecting(&self, formatter: &mut Formatter<'_>) -> FmtResult {
        formatter.write_str("a map")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut members = Vec::new();
        while let Some(member) = map.next_entry()? {
            members.push(member);
        }
        Ok(Members(members))
    }
}

/// Returns the location of a part of a text.
fn span(text: &str, part: &RawValue) -> Span {
    let part = part.get();
    // The part is borrowed from the text, so that its address is not before that of the text.
    let start = part.as_ptr().addr().wrapping_sub(text.as_ptr().addr());
    debug_assert!(text.get(start..).is_some_and(|rest| rest.starts_with(part)));
    Span::new(start, start.wrapping_add(part.len()))
}

/// Returns the message of an error, without the location at its end.
fn message(error: &serde_json::Error) -> String {
    let message = error.to_string();
    let message = message
        .rsplit_once(" at line ")
        .map_or(message.as_str(), |(message, _)| message);
    format!(
        "the text is not JSON: {}",
        message.replacen("EOF", "end of the text", 1)
    )
}

/// Returns the offset of an error. The parser counts lines from 1, and the bytes of a line from 1.
fn offset(text: &str, error: &serde_json::Error) -> usize {
    let before = text.split_inclusive('\n').take(error.line().saturating_sub(1));
    let start: usize = before.map(str::len).sum();
    let offset = start
        .saturating_add(error.column().saturating_sub(1))
        .min(text.len());
    let boundary = (0..=offset).rev().find(|at| text.is_char_boundary(*at));
    boundary.unwrap_or_default()
}
