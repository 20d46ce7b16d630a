//! JSON values that are checked, but not read.

use super::parts::Parts;
use crate::document::DocumentError;
use rolecall_syntax::{Span, Spanned};
use serde::de::Deserialize;
use serde_json::value::RawValue;
use std::fmt::{Debug, Formatter, Result as FmtResult};

/// The largest text, in bytes.
pub const MAX_BYTES: usize = 64 * 1024 * 1024;

/// A valid JSON value in a text. Its parts are read when they are asked for.
///
/// A dump of an account is large, and only a few of its members are of interest: the others are never kept.
#[derive(Clone, Copy)]
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
        let error = |message, at| DocumentError {
            message,
            span: Span::at(at),
        };
        if source.len() > MAX_BYTES {
            let message = format!("the text has {} bytes, the limit is {MAX_BYTES}", source.len());
            return Err(error(message, 0));
        }
        let raw =
            serde_json::from_str(source).map_err(|fault| error(message(&fault), offset(source, &fault)))?;
        Ok(Self { source, raw })
    }

    /// Returns the location in the text.
    pub fn span(self) -> Span {
        let written = self.written();
        // The value is borrowed from the text, so that its address is not before that of the text.
        let start = written.as_ptr().addr().wrapping_sub(self.source.as_ptr().addr());
        let span = Span::new(start, start.wrapping_add(written.len()));
        debug_assert_eq!(span.text(self.source), written, "the value is a part of the text");
        span
    }

    /// Returns the value as it is written.
    pub(super) fn written(self) -> &'a str {
        self.raw.get()
    }

    /// Returns whether the value is a list.
    pub fn is_list(self) -> bool {
        self.written().starts_with('[')
    }

    /// Returns whether the value is a map.
    pub fn is_map(self) -> bool {
        self.written().starts_with('{')
    }

    /// Returns whether the value is a text.
    pub fn is_text(self) -> bool {
        self.written().starts_with('"')
    }

    /// Returns whether the value is `null`.
    pub(crate) fn is_null(self) -> bool {
        self.written() == "null"
    }

    /// Returns the number as it is written, if the value is one.
    pub(crate) fn number(self) -> Option<&'a str> {
        let written = self.written();
        written
            .starts_with(|c: char| c == '-' || c.is_ascii_digit())
            .then_some(written)
    }

    /// Returns the boolean, if the value is one.
    pub(crate) fn flag(self) -> Option<bool> {
        match self.written() {
            "true" => Some(true),
            "false" => Some(false),
            _ => None,
        }
    }

    /// Returns the members, in the order of the text. A value that is not a map has none.
    ///
    /// # Errors
    ///
    /// There are more than 4,000,000, or a name has half of a surrogate pair.
    pub fn members(self) -> Result<Vec<(Spanned<String>, Self)>, DocumentError> {
        if !self.is_map() {
            return Ok(Vec::new());
        }
        let Parts(members) = self.decode::<Parts<(&RawValue, &RawValue)>>()?;
        let members = members.into_iter().map(|(name, raw)| {
            let name = Self { raw: name, ..self };
            Ok((Spanned::new(name.decode()?, name.span()), Self { raw, ..self }))
        });
        members.collect()
    }

    /// Returns the elements, in the order of the text. A value that is not a list has none.
    ///
    /// # Errors
    ///
    /// There are more than 4,000,000.
    pub fn elements(self) -> Result<Vec<Self>, DocumentError> {
        if !self.is_list() {
            return Ok(Vec::new());
        }
        let Parts(elements) = self.decode::<Parts<&RawValue>>()?;
        Ok(elements.into_iter().map(|raw| Self { raw, ..self }).collect())
    }

    /// Returns the text, if the value is one.
    ///
    /// # Errors
    ///
    /// The text has half of a surrogate pair.
    pub fn text(self) -> Result<Option<Spanned<String>>, DocumentError> {
        let text = self.is_text().then(|| self.decode()).transpose()?;
        Ok(text.map(|text| Spanned::new(text, self.span())))
    }

    /// Returns the texts among the elements, or the value if it is a text itself.
    ///
    /// # Errors
    ///
    /// As [`Json::elements`] and [`Json::text`].
    pub fn texts(self) -> Result<Vec<Spanned<String>>, DocumentError> {
        let mut texts = Vec::from_iter(self.text()?);
        for element in self.elements()? {
            texts.extend(element.text()?);
        }
        Ok(texts)
    }

    /// Decodes the value as one of a type.
    pub(super) fn decode<T: Deserialize<'a>>(self) -> Result<T, DocumentError> {
        serde_json::from_str(self.written()).map_err(|fault| DocumentError {
            message: message(&fault),
            span: self.span(),
        })
    }
}

/// Shows only the location: the text can hold secrets.
impl Debug for Json<'_> {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> FmtResult {
        formatter.debug_tuple("Json").field(&self.span()).finish()
    }
}

/// Returns the message of an error, without the location at its end.
fn message(error: &serde_json::Error) -> String {
    let whole = error.to_string();
    let message = whole
        .rsplit_once(" at line ")
        .map_or(whole.as_str(), |(message, _)| message);
    match error.is_data() {
        true => message.to_owned(),
        false => format!(
            "the text is not JSON: {}",
            message.replacen("EOF", "end of the text", 1)
        ),
    }
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
