//! What stands between double quotes, and what its escapes mean.
//!
//! `\" \\ \n \t \r \u{…}` mean a character everywhere. `\* \?` are for patterns and `\{ \} \[ \]` for templates,
//! where the bare character has a meaning of its own; so a string is kept as written until its use is known.

use std::sync::Arc;

/// A string as written, without its quotes. Its escapes are known to be escapes of the language. Cloning it is cheap.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Str {
    raw: Arc<str>,
}

/// One character of a string.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StrChar {
    /// The character that is meant.
    pub value: char,
    /// Whether it is one of `* ? { } [ ]` with a backslash before it.
    pub escaped: bool,
    /// The byte of the string, as written, where it begins.
    pub offset: usize,
}

/// A backslash that begins no escape of the language.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnknownEscape {
    /// The byte of the backslash.
    pub offset: usize,
    /// The byte after the escape.
    pub end: usize,
}

/// An escape of a pattern or a template in a string that is neither.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MisplacedEscape {
    /// The byte of the backslash.
    pub offset: usize,
    /// The character after it.
    pub value: char,
}

impl Str {
    /// A string from what is written between the quotes.
    ///
    /// # Errors
    /// The first backslash that begins no escape.
    pub fn new(raw: &str) -> Result<Self, UnknownEscape> {
        Self::check(raw)?;
        Ok(Self { raw: raw.into() })
    }

    /// Whether what is written between quotes is a string.
    pub(crate) fn check(raw: &str) -> Result<(), UnknownEscape> {
        if raw.contains('\\') {
            Chars { rest: raw, offset: 0 }.try_for_each(|c| c.map(drop))?;
        }
        Ok(())
    }

    /// The string that means exactly this text.
    pub fn quote(text: &str) -> Self {
        let mut raw = String::with_capacity(text.len());
        for c in text.chars() {
            match c {
                '"' => raw.push_str("\\\""),
                '\\' => raw.push_str("\\\\"),
                '\n' => raw.push_str("\\n"),
                '\r' => raw.push_str("\\r"),
                '\t' => raw.push_str("\\t"),
                _ if c.is_control() => raw.push_str(&format!("\\u{{{:x}}}", u32::from(c))),
                _ => raw.push(c),
            }
        }
        Self { raw: raw.into() }
    }

    /// The string as written, without its quotes.
    pub fn raw(&self) -> &str {
        &self.raw
    }

    /// Whether there is a backslash in it. If not, it means what is written.
    pub fn has_escapes(&self) -> bool {
        self.raw.contains('\\')
    }

    /// Its characters, with what was escaped marked.
    pub fn chars(&self) -> impl Iterator<Item = StrChar> {
        Chars {
            rest: &self.raw,
            offset: 0,
        }
        .filter_map(Result::ok)
    }

    /// The text that is meant where nothing but characters counts.
    ///
    /// # Errors
    /// The first escape that belongs into a pattern or a template.
    pub fn text(&self) -> Result<String, MisplacedEscape> {
        if !self.has_escapes() {
            return Ok(self.raw.as_ref().to_owned());
        }
        self.chars()
            .map(|c| {
                if c.escaped {
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

/// Walks over a string as written.
struct Chars<'a> {
    rest: &'a str,
    offset: usize,
}

impl Chars<'_> {
    /// Steps over `bytes` of the text and gives the character that they mean.
    fn take(&mut self, bytes: usize, value: char, escaped: bool) -> StrChar {
        let offset = self.offset;
        self.rest = self.rest.get(bytes..).unwrap_or_default();
        self.offset = self.offset.saturating_add(bytes);
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
            Some(c @ ('*' | '?' | '{' | '}' | '[' | ']')) => Ok(self.take(2, c, true)),
            Some('u') => match unicode_escape(self.rest) {
                Some((value, bytes)) => Ok(self.take(bytes, value, false)),
                None => Err(self.unknown(2)),
            },
            _ => Err(self.unknown(second.map_or(0, char::len_utf8).saturating_add(1))),
        })
    }
}

impl Chars<'_> {
    fn unknown(&mut self, bytes: usize) -> UnknownEscape {
        let error = UnknownEscape {
            offset: self.offset,
            end: self.offset.saturating_add(bytes),
        };
        self.rest = "";
        error
    }
}

/// The character of `\u{…}` at the start of the text, and how many bytes it takes.
fn unicode_escape(text: &str) -> Option<(char, usize)> {
    let (digits, _) = text.strip_prefix("\\u{")?.split_once('}')?;
    if digits.is_empty() || digits.len() > 6 || !digits.bytes().all(|b| b.is_ascii_hexdigit()) {
        return None;
    }
    let value = char::from_u32(u32::from_str_radix(digits, 16).ok()?)?;
    Some((value, digits.len().saturating_add(4)))
}
