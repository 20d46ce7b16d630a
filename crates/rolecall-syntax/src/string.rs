//! String literals and their escapes.
//!
//! `\" \\ \n \t \r \u{…} \{ \} \$` mean a character everywhere. `\* \?` are for patterns and `\[ \]` for
//! templates, where the bare character has a meaning of its own. Therefore a string is kept as written until
//! its use is known.

use crate::span::{plus, text_from};
use std::sync::Arc;

/// A string as written, without its quotes. All its escapes are valid. Cloning it is cheap.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Str {
    raw: Arc<str>,
}

/// One character of a string.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StrChar {
    /// The character that the text means.
    pub value: char,
    /// True if the character is one of `* ? { } [ ] $` after a backslash.
    pub escaped: bool,
    /// The byte of the string, as written, where the character begins.
    pub offset: usize,
}

/// A backslash that does not begin an escape.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnknownEscape {
    /// The byte of the backslash.
    pub offset: usize,
    /// The byte after the character that follows the backslash.
    pub end: usize,
}

/// An escape for patterns or templates in a string that is neither.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MisplacedEscape {
    /// The byte of the backslash.
    pub offset: usize,
    /// The character after the backslash.
    pub value: char,
}

impl Str {
    /// Returns the string that is written so between quotes.
    ///
    /// # Errors
    /// The first backslash that does not begin an escape.
    pub fn new(raw: &str) -> Result<Self, UnknownEscape> {
        Self::check(raw)?;
        Ok(Self { raw: raw.into() })
    }

    /// Checks the escapes of a text between quotes.
    pub(crate) fn check(raw: &str) -> Result<(), UnknownEscape> {
        if raw.contains('\\') {
            Chars { rest: raw, offset: 0 }.try_for_each(|c| c.map(drop))?;
        }
        Ok(())
    }

    /// Returns the string that means exactly this text.
    pub fn quote(text: &str) -> Self {
        let mut raw = String::with_capacity(text.len());
        let mut chars = text.chars().peekable();
        while let Some(c) = chars.next() {
            match c {
                '"' | '\\' | '{' | '}' => raw.extend(['\\', c]),
                // `$NAME` is taken for a variable.
                '$' if chars.peek().is_some_and(char::is_ascii_uppercase) => raw.push_str("\\$"),
                '\n' => raw.push_str("\\n"),
                '\r' => raw.push_str("\\r"),
                '\t' => raw.push_str("\\t"),
                _ if c.is_control() => raw.push_str(&format!("\\u{{{:x}}}", u32::from(c))),
                _ => raw.push(c),
            }
        }
        Self { raw: raw.into() }
    }

    /// Returns the string as written, without its quotes.
    pub fn raw(&self) -> &str {
        &self.raw
    }

    /// Returns whether the string contains a backslash. If not, it means the text as written.
    pub fn has_escapes(&self) -> bool {
        self.raw.contains('\\')
    }

    /// Returns the characters that the string means.
    pub fn chars(&self) -> impl Iterator<Item = StrChar> {
        Chars {
            rest: &self.raw,
            offset: 0,
        }
        .filter_map(Result::ok)
    }

    /// Returns the text that the string means where it is neither a pattern nor a template.
    ///
    /// # Errors
    /// The first escape that is only for patterns or templates.
    pub fn text(&self) -> Result<String, MisplacedEscape> {
        if !self.has_escapes() {
            return Ok(self.raw.as_ref().to_owned());
        }
        self.chars()
            .map(|c| {
                if c.escaped && !matches!(c.value, '{' | '}' | '$') {
                    Err(MisplacedEscape {
                        offset: c.offset,
                        value: c.value,
                    })
                } else {
                    Ok(c.value)
                }
            })
            .collect()
    }
}

/// Returns the names in the braces of a text, `{name}` or `{name|filter}`, as far as they are written without
/// escapes.
pub fn names_in_braces(text: &str) -> impl Iterator<Item = &str> {
    let braces = text.split('{').skip(1);
    braces.filter_map(|rest| {
        let (inside, _) = rest.split_once('}')?;
        let name = inside.split_once('|').map_or(inside, |(name, _)| name);
        Some(name.trim())
    })
}

/// Iterator over the characters of a string as written.
struct Chars<'a> {
    rest: &'a str,
    offset: usize,
}

impl Chars<'_> {
    /// Steps over `bytes` of the text and returns the character that they mean.
    fn take(&mut self, bytes: usize, value: char, escaped: bool) -> StrChar {
        let offset = self.offset;
        self.rest = text_from(self.rest, bytes);
        self.offset = plus(offset, bytes);
        StrChar {
            value,
            escaped,
            offset,
        }
    }
}

impl Iterator for Chars<'_> {
    type Item = Result<StrChar, UnknownEscape>;

    fn next(&mut self) -> Option<Self::Item> {
        let mut chars = self.rest.chars();
        let first = chars.next()?;
        if first != '\\' {
            return Some(Ok(self.take(first.len_utf8(), first, false)));
        }
        let second = chars.next();
        Some(match second {
            Some(c @ ('"' | '\\')) => Ok(self.take(2, c, false)),
            Some('n') => Ok(self.take(2, '\n', false)),
            Some('r') => Ok(self.take(2, '\r', false)),
            Some('t') => Ok(self.take(2, '\t', false)),
            Some(c @ ('*' | '?' | '{' | '}' | '[' | ']' | '$')) => Ok(self.take(2, c, true)),
            Some('u') => match unicode_escape(self.rest) {
                Some((value, bytes)) => Ok(self.take(bytes, value, false)),
                None => Err(self.unknown(2)),
            },
            _ => Err(self.unknown(plus(1, second.map_or(0, char::len_utf8)))),
        })
    }
}

impl Chars<'_> {
    fn unknown(&mut self, bytes: usize) -> UnknownEscape {
        let error = UnknownEscape {
            offset: self.offset,
            end: plus(self.offset, bytes),
        };
        self.rest = "";
        error
    }
}

/// Returns the character of a `\u{…}` at the start of the text, and the length of the escape in bytes.
fn unicode_escape(text: &str) -> Option<(char, usize)> {
    let (digits, _) = text.strip_prefix("\\u{")?.split_once('}')?;
    if digits.is_empty() || digits.len() > 6 || !digits.bytes().all(|b| b.is_ascii_hexdigit()) {
        return None;
    }
    let value = char::from_u32(u32::from_str_radix(digits, 16).ok()?)?;
    Some((value, plus(digits.len(), "\\u{}".len())))
}
