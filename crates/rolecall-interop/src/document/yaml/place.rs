//! Locations in a YAML text: from the characters that the parser counts to bytes, and to the ends of values.

use rolecall_syntax::{Span, Spanned};
use saphyr_parser::{Event, ScalarStyle, Span as Markers};

/// A text and the byte of each of its characters.
pub(super) struct Places<'a> {
    text: &'a str,
    /// The byte of each character, or nothing if they are the same.
    bytes: Option<Vec<usize>>,
    /// The bytes of the mark of the byte order, which the parser does not get.
    mark: usize,
}

impl<'a> Places<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        let body = text.strip_prefix('\u{feff}').unwrap_or(text);
        let bytes = (!body.is_ascii()).then(|| body.char_indices().map(|(byte, _)| byte).collect());
        Self {
            text,
            bytes,
            mark: text.len().saturating_sub(body.len()),
        }
    }

    /// Returns the text for the parser.
    pub(super) fn body(&self) -> &'a str {
        self.text.get(self.mark..).unwrap_or("")
    }

    /// Returns the byte after the last one.
    pub(super) fn end(&self) -> usize {
        self.text.len()
    }

    /// Returns the byte of a character of the body. Characters after the last one have the byte after it.
    pub(super) fn byte(&self, character: usize) -> usize {
        let byte = match &self.bytes {
            None => character,
            Some(bytes) => bytes.get(character).copied().unwrap_or(self.text.len()),
        };
        byte.saturating_add(self.mark).min(self.text.len())
    }

    /// Returns the text before a location.
    pub(super) fn before(&self, span: Span) -> Spanned<&'a str> {
        let before = Span::new(self.mark, span.start);
        Spanned::new(before.text(self.text), before)
    }

    /// Returns the location of an event, with the quotes of a text and without the blanks and comments after
    /// it.
    pub(super) fn span(&self, event: &Event<'_>, markers: Markers) -> Span {
        let span = Span::new(self.byte(markers.start.index()), self.byte(markers.end.index()));
        let written = span.text(self.text);
        let length = match event {
            Event::Scalar(_, ScalarStyle::SingleQuoted, ..) => after_tag(written, '\'', single_quoted),
            Event::Scalar(_, ScalarStyle::DoubleQuoted, ..) => after_tag(written, '"', double_quoted),
            // The parser gives an absent value the place of what follows.
            Event::Scalar(text, ScalarStyle::Plain, ..) if text.is_empty() => 0,
            _ => written.trim_end().len(),
        };
        Span::new(span.start, span.start.saturating_add(length))
    }

    /// Returns whether a value is the last one of a text that ends within a line.
    pub(super) fn is_cut_off(&self, span: Span) -> bool {
        let rest = self.text.get(span.end..).unwrap_or("");
        rest.trim().is_empty() && !self.text.ends_with(['\n', '\r'])
    }

    /// Returns whether a value is absent, in a collection between brackets.
    pub(super) fn is_absent_in_flow(&self, value: Span) -> bool {
        let rest = self.text.get(value.start..).unwrap_or("");
        let rest = rest.strip_prefix(':').unwrap_or(rest).trim_start();
        value.start == value.end && rest.starts_with([',', '[', ']', '{', '}'])
    }

    /// Returns the location of a collection: between its brackets, or from its first part to its last one.
    pub(super) fn collection(&self, start: Span, end: Span, inner: Option<Span>) -> Span {
        match inner {
            Some(inner) if end.text(self.text).is_empty() => inner,
            _ => start.to(end),
        }
    }
}

/// Returns the bytes of a text in quotes with the tag before it, if it has one.
fn after_tag(written: &str, quote: char, quoted: fn(&str) -> usize) -> usize {
    let tag = match written.starts_with('!') {
        true => written.find(char::is_whitespace).unwrap_or_default(),
        false => 0,
    };
    let (_, rest) = written.split_at_checked(tag).unwrap_or(("", written));
    let blanks = rest.find(quote).unwrap_or_default();
    let start = tag.saturating_add(blanks);
    start.saturating_add(quoted(written.get(start..).unwrap_or_default()))
}

/// Returns the bytes of the text in single quotes at the start.
fn single_quoted(written: &str) -> usize {
    let mut quotes = written.match_indices('\'').skip(1).map(|(at, _)| at).peekable();
    while let Some(at) = quotes.next() {
        if quotes.next_if_eq(&at.saturating_add(1)).is_none() {
            return at.saturating_add(1);
        }
    }
    written.len()
}

/// Returns the bytes of the text in double quotes at the start.
fn double_quoted(written: &str) -> usize {
    let mut is_escaped = false;
    for (at, c) in written.char_indices().skip(1) {
        match c {
            '"' if !is_escaped => return at.saturating_add(1),
            _ => is_escaped = c == '\\' && !is_escaped,
        }
    }
    written.len()
}
