//! Flat wildcards: `*` matches any run of characters, `?` one character.

use rolecall_syntax::{Str, StrChar};
use std::fmt;

/// A flat wildcard, as in AWS `StringLike` and Cedar `like`: `*` also crosses `/` and `:`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Wildcard {
    pieces: Box<[WildcardPiece]>,
}

/// A part of a wildcard.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum WildcardPiece {
    /// `?`: one character.
    One,
    /// `*`: any run of characters, or none.
    Run,
    /// This text; never empty, and never next to another one.
    Text(Box<str>),
}

/// Collects the characters of a wildcard. The escaped ones are the characters themselves.
impl FromIterator<StrChar> for Wildcard {
    fn from_iter<I: IntoIterator<Item = StrChar>>(chars: I) -> Self {
        let mut builder = WildcardBuilder::default();
        for c in chars {
            match (c.value, c.escaped) {
                ('*', false) => builder.push(WildcardPiece::Run),
                ('?', false) => builder.push(WildcardPiece::One),
                (value, _) => builder.push_char(value),
            }
        }
        builder.finish()
    }
}

impl Wildcard {
    /// Parses a wildcard. `\*` and `\?` are the characters themselves.
    pub fn new(string: &Str) -> Self {
        let mut builder = WildcardBuilder::default();
        if !string.has_escapes() {
            for part in string.raw().split_inclusive(['*', '?']) {
                if let Some(text) = part.strip_suffix('*') {
                    builder.push_text(text);
                    builder.push(WildcardPiece::Run);
                } else if let Some(text) = part.strip_suffix('?') {
                    builder.push_text(text);
                    builder.push(WildcardPiece::One);
                } else {
                    builder.push_text(part);
                }
            }
            return builder.finish();
        }
        string.chars().collect()
    }

    /// Returns the parts in order.
    pub fn pieces(&self) -> &[WildcardPiece] {
        &self.pieces
    }

    /// Returns true if the wildcard matches the whole value.
    ///
    /// The part before the first run matches the start, the part after the last run the end, and each part
    /// between two runs the first position that it can: a later run can take whatever an earlier one leaves.
    /// So there is no recursion, and the work is at most `pattern × value`.
    pub fn accepts(&self, value: &str) -> bool {
        // The shape of most patterns.
        if let [WildcardPiece::Text(start), WildcardPiece::Run, end @ ..] = &*self.pieces
            && let Some(end) = match end {
                [] => Some(""),
                [WildcardPiece::Text(end)] => Some(&**end),
                _ => None,
            }
        {
            return value
                .strip_prefix(&**start)
                .is_some_and(|rest| rest.ends_with(end));
        }
        let mut parts = self.pieces.split(|piece| *piece == WildcardPiece::Run);
        let Some(mut rest) = parts.next().and_then(|first| fit_start(first, value)) else {
            return false;
        };
        let Some(last) = parts.next_back() else {
            return rest.is_empty();
        };
        for part in parts {
            match fit_anywhere(part, rest) {
                Some(after) => rest = after,
                None => return false,
            }
        }
        fits_end(last, rest)
    }
}

impl FromIterator<WildcardPiece> for Wildcard {
    fn from_iter<I: IntoIterator<Item = WildcardPiece>>(pieces: I) -> Self {
        Self {
            pieces: pieces.into_iter().collect(),
        }
    }
}

/// Builds a wildcard piece by piece.
#[derive(Default)]
pub(super) struct WildcardBuilder {
    pieces: Vec<WildcardPiece>,
    text: String,
}

impl WildcardBuilder {
    pub(super) fn push(&mut self, piece: WildcardPiece) {
        self.end_text();
        self.pieces.push(piece);
    }

    fn push_text(&mut self, text: &str) {
        self.text.push_str(text);
    }

    pub(super) fn push_char(&mut self, c: char) {
        self.text.push(c);
    }

    pub(super) fn finish(mut self) -> Wildcard {
        self.end_text();
        Wildcard {
            pieces: self.pieces.into(),
        }
    }

    fn end_text(&mut self) {
        if !self.text.is_empty() {
            let text = std::mem::take(&mut self.text);
            self.pieces.push(WildcardPiece::Text(text.into()));
        }
    }
}

/// Returns the text after these parts, which have no run, if it begins with them.
fn fit_start<'v>(pieces: &[WildcardPiece], text: &'v str) -> Option<&'v str> {
    let mut rest = text;
    for piece in pieces {
        rest = match piece {
            WildcardPiece::Text(text) => rest.strip_prefix(&**text)?,
            WildcardPiece::One | WildcardPiece::Run => {
                let mut chars = rest.chars();
                chars.next()?;
                chars.as_str()
            }
        };
    }
    Some(rest)
}

/// Returns true if a text ends with these parts, which have no run.
fn fits_end(pieces: &[WildcardPiece], text: &str) -> bool {
    let mut rest = text;
    for piece in pieces.iter().rev() {
        let before = match piece {
            WildcardPiece::Text(text) => rest.strip_suffix(&**text),
            WildcardPiece::One | WildcardPiece::Run => {
                let mut chars = rest.chars();
                chars.next_back().map(|_| chars.as_str())
            }
        };
        match before {
            Some(before) => rest = before,
            None => return false,
        }
    }
    true
}

/// Returns the text after the first match of these parts, which have no run.
fn fit_anywhere<'v>(pieces: &[WildcardPiece], text: &'v str) -> Option<&'v str> {
    if let [WildcardPiece::Text(text_of_it)] = pieces {
        return text.split_once(&**text_of_it).map(|(_, after)| after);
    }
    let mut rest = text;
    loop {
        if let Some(after) = fit_start(pieces, rest) {
            return Some(after);
        }
        let mut chars = rest.chars();
        chars.next()?;
        rest = chars.as_str();
    }
}

/// Writes the wildcard as in a policy, without quotes.
impl fmt::Display for Wildcard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for piece in &self.pieces {
            match piece {
                WildcardPiece::One => f.write_str("?")?,
                WildcardPiece::Run => f.write_str("*")?,
                WildcardPiece::Text(text) => write_literal(text, f)?,
            }
        }
        Ok(())
    }
}

/// Writes a text of a pattern: `*` and `?` in it are escaped.
fn write_literal(text: &str, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    for part in Str::quote(text).raw().split_inclusive(['*', '?']) {
        if let Some(text) = part.strip_suffix('*') {
            write!(f, "{text}\\*")?;
        } else if let Some(text) = part.strip_suffix('?') {
            write!(f, "{text}\\?")?;
        } else {
            f.write_str(part)?;
        }
    }
    Ok(())
}
