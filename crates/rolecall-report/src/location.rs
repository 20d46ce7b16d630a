//! Source locations in reports.

mod lines;

use crate::printable::printable;
use crate::text::{self, head, minus, plus};
use lines::File;
use rolecall_engine::{Arena, FileId, Location, Source};
use rolecall_syntax::Span;
use serde::Serialize;
use std::ops::Range;

/// A range of characters of a file. Lines and columns count from 1.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct LocationView {
    pub file: String,
    pub line: usize,
    pub column: usize,
    pub end_line: usize,
    pub end_column: usize,
}

/// A line of a file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct LineLocation {
    pub file: String,
    pub line: usize,
}

/// Writes `file:line`.
impl std::fmt::Display for LineLocation {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}:{}", self.file, self.line)
    }
}

/// The files of a policy set with tables for finding lines and columns fast.
#[derive(Debug)]
pub struct Locations<'a> {
    files: Arena<FileId, File<'a>>,
}

impl<'a> Locations<'a> {
    pub fn new(sources: &'a Arena<FileId, Source>) -> Self {
        Self {
            files: sources.map(|_, source| File::new(source)),
        }
    }

    /// Returns the file of a location, the whole lines that it covers, and its bytes in them.
    pub fn lines(&self, location: Location) -> (&'a Source, &'a str, Range<usize>) {
        let file = &self.files[location.file()];
        let Span { start, end } = location.span();
        let end = end.max(start);
        let (first, last) = (file.bytes_of_line(start), file.bytes_of_line(end));
        let lines = text::from(text::before(&file.source.text, last.end), first.start);
        let offset = |byte: usize| head(lines, minus(byte, first.start)).len();
        (file.source, lines, offset(start)..offset(end))
    }

    pub fn location(&self, location: Location) -> LocationView {
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

    /// Returns the text at a location, on one line.
    pub fn words(&self, location: Location) -> String {
        let text = location.span().text(&self.files[location.file()].source.text);
        let words = text.split_whitespace();
        words.collect::<Vec<&str>>().join(" ")
    }

    /// Extends the location of a comparison by the `!` in front of it, if there is one.
    pub fn negated(&self, location: Location) -> Location {
        let File { source, .. } = &self.files[location.file()];
        let Span { mut start, mut end } = location.span();
        while let Some(before) = source.text.get(..start) {
            let opened = before.trim_end_matches(|c: char| c == '(' || c.is_whitespace());
            let Some(rest) = opened.strip_suffix('!') else {
                break;
            };
            // A `!` at the end of a line belongs to a comment.
            let after = text::from(before, rest.len());
            if after
                .trim_start_matches(['!', ' ', '\t'])
                .starts_with(['\r', '\n'])
            {
                break;
            }
            start = rest.len();
        }
        let is_open = |end: usize| {
            let text = Span::new(start, end).text(&source.text);
            text.matches('(').count() > text.matches(')').count()
        };
        // Includes the closing parentheses that follow directly.
        while is_open(end)
            && let Some(after) = source.text.get(end..)
            && let Some(rest) = after.trim_start().strip_prefix(')')
        {
            end = text::split_before(&source.text, rest).0.len();
        }
        Location::new(location.file(), Span::new(start, end))
    }

    pub fn line(&self, location: Location) -> LineLocation {
        let file = &self.files[location.file()];
        LineLocation {
            file: printable(&file.source.name).into_owned(),
            line: position(file.line(location.span().start)),
        }
    }
}

/// Returns the position of an index, counted from 1.
pub fn position(index: usize) -> usize {
    plus(index, 1)
}

/// Formats a number with its noun.
pub fn count(number: usize, noun: &str) -> String {
    match number {
        1 => format!("1 {noun}"),
        _ => format!("{number} {noun}s"),
    }
}

#[cfg(test)]
mod tests {
    use super::lines::STEP;
    use super::*;
    use rolecall_syntax::line_column;

    #[test]
    fn lines_and_columns_are_those_of_the_language() {
        let long = "ü b€".repeat(STEP);
        let text = format!("a\r\n\nüber b\n{long}\n{long}");
        let text = text.as_str();
        let mut sources = Arena::new();
        let id = sources.push(Source::new("x", text));
        let locations = Locations::new(&sources);
        let near = |byte: usize| byte.saturating_sub(9)..=byte + 9;
        let steps = (0..=text.len() + STEP).step_by(STEP).flat_map(near);
        for start in steps.chain(near(text.len())) {
            let at = locations.location(Location::new(id, Span::at(start)));
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
            let locations = Locations::new(&sources);
            let start = text.find(condition).unwrap();
            let location = Location::new(id, Span::new(start, start + condition.len()));
            assert_eq!(locations.words(locations.negated(location)), shown, "{text}");
        }
    }

    #[test]
    fn the_lines_of_a_place_are_whole() {
        let mut sources = Arena::new();
        let id = sources.push(Source::new("x", "one\ntwo\nthree"));
        let locations = Locations::new(&sources);
        let lines = |start, end| {
            let (_, text, range) = locations.lines(Location::new(id, Span::new(start, end)));
            (text, range)
        };
        assert_eq!(lines(1, 2), ("one\n", 1..2));
        assert_eq!(lines(5, 9), ("two\nthree", 1..5));
        assert_eq!(lines(13, 13), ("three", 5..5));
        assert_eq!(lines(4, 99), ("two\nthree", 0..9));
    }
}
