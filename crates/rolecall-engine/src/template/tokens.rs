//! Tokens of texts with names in braces: characters, and `{name}` or `{name|filter}`.

use super::{Filter, TemplateError, Variable};
use crate::certain::{next, plus};
use rolecall_syntax::{Str, StrChar};
use std::ops::Range;

/// A token of a text with names in braces.
pub(crate) enum Token {
    /// A character.
    Char(StrChar),
    /// `{name}` or `{name|filter}`
    Hole {
        /// The name.
        name: String,
        /// The filter.
        filter: Option<Filter>,
        /// The range between the braces, in the string as written.
        place: Range<usize>,
    },
}

/// An error in a text with names in braces, and its range in the string as written.
pub(crate) type ErrorAt = (TemplateError, Range<usize>);

/// Returns true if a string may have a token that is not a character, or an error.
pub(crate) fn may_have_holes(string: &Str) -> bool {
    string.raw().contains(['{', '}', '$'])
}

/// Returns the tokens of a string, up to the first error.
pub(crate) fn tokens(string: &Str) -> impl Iterator<Item = Result<Token, ErrorAt>> {
    let mut chars = string.chars();
    std::iter::from_fn(move || {
        let c = chars.next()?;
        let here = c.offset..plus(c.offset, c.value.len_utf8());
        Some(match (c.value, c.escaped) {
            ('{', false) => hole(&mut chars, here),
            ('}', false) => Err((TemplateError::Unopened('}'), here)),
            ('$', false) => match Variable::read(string.raw(), c.offset) {
                Some(variable) => {
                    let end = plus(c.offset, variable.written.len());
                    Err((TemplateError::Variable(variable), c.offset..end))
                }
                None => Ok(Token::Char(c)),
            },
            _ => Ok(Token::Char(c)),
        })
    })
}

/// Returns the hole after its opening brace.
fn hole(chars: &mut impl Iterator<Item = StrChar>, brace: Range<usize>) -> Result<Token, ErrorAt> {
    let (text, end) = match braces(chars) {
        Ok(inside) => inside,
        Err(error) => return Err((error, brace)),
    };
    let place = brace.end..end;
    let (name, filter) = match text.split_once('|') {
        Some((name, filter)) => (name.trim(), Some(known_filter(filter.trim(), &place)?)),
        None => (text.trim(), None),
    };
    if name.is_empty() {
        return Err((TemplateError::EmptyBraces, brace.start..next(end)));
    }
    Ok(Token::Hole {
        name: name.to_owned(),
        filter,
        place,
    })
}

/// Returns the text up to the closing brace, and the offset of that.
fn braces(chars: &mut impl Iterator<Item = StrChar>) -> Result<(String, usize), TemplateError> {
    let mut name = String::new();
    while let Some(c) = chars.next() {
        match (c.value, c.escaped) {
            ('}', false) => return Ok((name, c.offset)),
            ('{', false) if name.is_empty() => {
                let name = chars.map(|c| c.value).take_while(|c| !matches!(c, '{' | '}'));
                return Err(TemplateError::DoubledBrace(
                    name.collect::<String>().trim().to_owned(),
                ));
            }
            ('{' | '[' | ']', _) => return Err(TemplateError::Unclosed('{')),
            (value, _) => name.push(value),
        }
    }
    Err(TemplateError::Unclosed('{'))
}

fn known_filter(name: &str, place: &Range<usize>) -> Result<Filter, ErrorAt> {
    let known = Filter::ALL.into_iter().find(|known| known.name() == name);
    known.ok_or_else(|| (TemplateError::UnknownFilter(name.to_owned()), place.clone()))
}
