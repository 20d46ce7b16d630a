//! Where something stands, for people and for programs.

use rolecall_engine::{Arena, FileId, Location, Source};
use serde::Serialize;

use crate::printable::printable;

/// A range of characters of a file. Lines and columns count from 1.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(crate) struct LocationView {
    pub(crate) file: String,
    pub(crate) line: usize,
    pub(crate) column: usize,
    pub(crate) end_line: usize,
    pub(crate) end_column: usize,
}

/// A line of a file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(crate) struct LinePlace {
    pub(crate) file: String,
    pub(crate) line: usize,
}

/// Writes `file:line`.
impl std::fmt::Display for LinePlace {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}:{}", self.file, self.line)
    }
}

/// The files of a policy set as places are found in them, without reading a file again.
#[derive(Debug)]
pub(crate) struct Locations<'a> {
    files: Arena<FileId, File<'a>>,
}

/// A file, with the beginnings of its lines.
#[derive(Debug)]
struct File<'a> {
    source: &'a Source,
    starts: Vec<usize>,
    /// The number of characters that begin before every `STEP`th byte: a line may be as long as the file.
    characters: Vec<usize>,
}

/// The bytes from one number of characters to the next.
const STEP: usize = 1024;

impl<'a> File<'a> {
    fn new(source: &'a Source) -> Self {
        let after = source.text.match_indices('\n');
        let after = after.map(|(newline, _)| newline.saturating_add(1));
        let mut count = 0_usize;
        let mut characters = vec![0];
        for bytes in source.text.as_bytes().chunks(STEP) {
            count = count.saturating_add(beginning_in(bytes));
            characters.push(count);
        }
        Self {
            source,
            starts: std::iter::once(0).chain(after).collect(),
            characters,
        }
    }

    /// The number of characters that begin before a byte.
    fn characters_before(&self, position: usize) -> usize {
        let step = position / STEP;
        let known = self.characters.get(step).copied().unwrap_or_default();
        let rest = self
            .source
            .text
            .as_bytes()
            .get(step.saturating_mul(STEP)..position);
        known.saturating_add(beginning_in(rest.unwrap_or_default()))
    }

    /// The line, from 0, that a byte stands on.
    fn line(&self, position: usize) -> usize {
        let after = self.starts.partition_point(|start| *start <= position);
        after.saturating_sub(1)
    }

    /// Line and column of a byte, from 1.
    fn line_column(&self, position: usize) -> (usize, usize) {
        let position = floor(&self.source.text, position);
        let line = self.line(position);
        let start = self.starts.get(line).copied().unwrap_or_default();
        let before = self
            .characters_before(position)
            .saturating_sub(self.characters_before(start));
        (line.saturating_add(1), before.saturating_add(1))
    }
}

/// The number of characters that begin in some bytes of UTF-8.
fn beginning_in(bytes: &[u8]) -> usize {
    bytes.iter().filter(|byte| (**byte & 0xc0) != 0x80).count()
}

impl<'a> Locations<'a> {
    pub(crate) fn new(sources: &'a Arena<FileId, Source>) -> Self {
        Self {
            files: sources.map(|_, source| File::new(source)),
        }
    }

    /// The file, its lines from that of the place's first byte to that of its last, whole, and the byte where they begin.
    pub(crate) fn lines(&self, location: Location) -> Option<(&'a Source, &'a str, usize)> {
        let file = &self.files[location.file()];
        let start = file.starts.get(file.line(location.span().start))?;
        let end = file.starts.get(file.line(location.span().end).saturating_add(1));
        let end = end.copied().unwrap_or(file.source.text.len());
        Some((file.source, file.source.text.get(*start..end)?, *start))
    }

    pub(crate) fn location(&self, location: Location) -> LocationView {
        let file = &self.files[location.file()];
        let (line, column) = file.line_column(location.span().start);
        let (end_line, end_column) = file.line_column(location.span().end);
        LocationView {
            file: printable(&file.source.name).into_owned(),
            line,
            column,
            end_line,
            end_column,
        }
    }

    /// What is written at a place, on one line.
    pub(crate) fn words(&self, location: Location) -> String {
        let text = location.span().text(&self.files[location.file()].source.text);
        let words = text.split_whitespace();
        words.collect::<Vec<&str>>().join(" ")
    }

    /// The place of a condition with the `!` in front of it, if there is one: a comparison knows only its own place.
    pub(crate) fn negated(&self, location: Location) -> Location {
        let File { source, .. } = &self.files[location.file()];
        let mut span = location.span();
        while let Some(before) = source.text.get(..span.start) {
            let opened = before.trim_end_matches(|c: char| c == '(' || c.is_whitespace());
            let Some(rest) = opened.strip_suffix('!') else {
                break;
            };
            // At the end of a line it is the end of a comment.
            let after = before.get(rest.len()..).unwrap_or_default();
            if after
                .trim_start_matches(['!', ' ', '\t'])
                .starts_with(['\r', '\n'])
            {
                break;
            }
            span.start = rest.len();
        }
        let balance = |end: usize| {
            let text = source.text.get(span.start..end).unwrap_or_default();
            text.matches('(').count().checked_sub(text.matches(')').count())
        };
        // What was opened is closed again, if it is right behind.
        while let Some(1..) = balance(span.end) {
            let after = source.text.get(span.end..).unwrap_or_default();
            match after.trim_start().strip_prefix(')') {
                Some(rest) => span.end = source.text.len().saturating_sub(rest.len()),
                None => break,
            }
        }
        Location::new(location.file(), span)
    }

    pub(crate) fn line(&self, location: Location) -> LinePlace {
        let file = &self.files[location.file()];
        LinePlace {
            file: printable(&file.source.name).into_owned(),
            line: file.line(location.span().start).saturating_add(1),
        }
    }
}

/// The beginning of the character that a byte belongs to, or the end of the text.
pub(crate) fn floor(text: &str, position: usize) -> usize {
    let mut position = position.min(text.len());
    while !text.is_char_boundary(position) {
        position = position.saturating_sub(1);
    }
    position
}

/// A count with its noun.
pub(crate) fn count(number: usize, noun: &str) -> String {
    match number {
        1 => format!("1 {noun}"),
        _ => format!("{number} {noun}s"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rolecall_syntax::{Span, line_column};

    #[test]
    fn lines_and_columns_are_those_of_the_language() {
        let long = "ü b€".repeat(STEP);
        let text = format!("a\r\n\nüber b\n{long}\n{long}");
        let text = text.as_str();
        let mut sources = Arena::new();
        let id = sources.push(Source::new("x", text));
        let places = Locations::new(&sources);
        let near = |byte: usize| byte.saturating_sub(9)..=byte + 9;
        let steps = (0..=text.len() + STEP).step_by(STEP).flat_map(near);
        for start in steps.chain(near(text.len())) {
            let at = places.location(Location::new(id, Span::at(start)));
            assert_eq!((at.line, at.column), line_column(text, start));
            assert_eq!((at.end_line, at.end_column), (at.line, at.column));
        }
    }

    #[test]
    fn conditions_are_shown_with_their_negation() {
        for (text, condition, shown) in [
            ("a && b", "b", "b"),
            ("a && !b", "b", "!b"),
            ("!(a && b) && c", "a && b", "!(a && b)"),
            ("! ( !(a) ) && c", "a", "! ( !(a) )"),
            ("(!a || b) && c", "a || b", "!a || b"),
            ("(a || b) && c", "a || b", "a || b"),
            ("!(a)\n  || b", "a)\n  || b", "!(a) || b"),
            ("when !(x", "x", "!(x"),
            ("!(\n  a\n)", "a", "!( a )"),
            ("b // now!\n && c // or never!\n && a", "a", "a"),
            ("// hear!  \n(a || b)", "a || b", "a || b"),
            ("", "", ""),
        ] {
            let mut sources = Arena::new();
            let id = sources.push(Source::new("x", text));
            let places = Locations::new(&sources);
            let start = text.find(condition).unwrap();
            let location = Location::new(id, Span::new(start, start + condition.len()));
            assert_eq!(places.words(places.negated(location)), shown, "{text}");
        }
    }

    #[test]
    fn the_lines_of_a_place_are_whole() {
        let mut sources = Arena::new();
        let id = sources.push(Source::new("x", "one\ntwo\nthree"));
        let places = Locations::new(&sources);
        let lines = |start, end| {
            let (_, text, start) = places.lines(Location::new(id, Span::new(start, end))).unwrap();
            (text, start)
        };
        assert_eq!(lines(1, 2), ("one\n", 0));
        assert_eq!(lines(5, 9), ("two\nthree", 4));
        assert_eq!(lines(13, 13), ("three", 8));
    }
}
