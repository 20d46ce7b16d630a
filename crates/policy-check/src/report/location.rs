//! Where something stands, for people and for programs.

use rolecall_engine::{Place, Source};
use serde::Serialize;

use crate::printable::printable;

/// A range of characters of a file. Lines and columns count from 1.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(crate) struct Location {
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

/// The files of a policy set with the beginnings of their lines, so that a place is found without reading a file again.
#[derive(Debug)]
pub(crate) struct Places<'a> {
    files: Vec<(&'a Source, Vec<usize>)>,
}

impl<'a> Places<'a> {
    pub(crate) fn new(sources: &'a [Source]) -> Self {
        let starts = |source: &'a Source| {
            let after = source.text.match_indices('\n');
            let after = after.map(|(newline, _)| newline.saturating_add(1));
            (source, std::iter::once(0).chain(after).collect())
        };
        Self {
            files: sources.iter().map(starts).collect(),
        }
    }

    /// The file, its lines from that of the place's first byte to that of its last, whole, and the byte where they begin.
    pub(crate) fn lines(&self, place: Place) -> Option<(&'a Source, &'a str, usize)> {
        let (source, starts) = self.files.get(place.file)?;
        let start = starts.get(line(starts, place.span.start))?;
        let end = starts.get(line(starts, place.span.end).saturating_add(1));
        let end = end.copied().unwrap_or(source.text.len());
        Some((source, source.text.get(*start..end)?, *start))
    }

    pub(crate) fn location(&self, place: Place) -> Location {
        let Some((source, starts)) = self.files.get(place.file) else {
            return Location {
                file: String::new(),
                line: 1,
                column: 1,
                end_line: 1,
                end_column: 1,
            };
        };
        let find = |position: usize| {
            let position = floor(&source.text, position);
            let line = line(starts, position);
            let start = starts.get(line).copied().unwrap_or_default();
            let before = source.text.get(start..position).unwrap_or_default();
            (line.saturating_add(1), before.chars().count().saturating_add(1))
        };
        let (line, column) = find(place.span.start);
        let (end_line, end_column) = find(place.span.end);
        Location {
            file: printable(&source.name).into_owned(),
            line,
            column,
            end_line,
            end_column,
        }
    }

    /// What is written at a place, on one line.
    pub(crate) fn words(&self, place: Place) -> String {
        let text = self
            .files
            .get(place.file)
            .and_then(|(source, _)| source.text.get(place.span.start..place.span.end));
        let words = text.unwrap_or_default().split_whitespace();
        words.collect::<Vec<&str>>().join(" ")
    }

    /// The place of a condition with the `!` in front of it, if there is one: a comparison knows only its own place.
    pub(crate) fn negated(&self, place: Place) -> Place {
        let Some((source, _)) = self.files.get(place.file) else {
            return place;
        };
        let mut span = place.span;
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
        Place::new(place.file, span)
    }

    pub(crate) fn line(&self, place: Place) -> LinePlace {
        let file = self.files.get(place.file);
        LinePlace {
            file: file
                .map(|(source, _)| printable(&source.name).into_owned())
                .unwrap_or_default(),
            line: file.map_or(1, |(_, starts)| line(starts, place.span.start).saturating_add(1)),
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

/// The line, from 0, that a byte stands on.
fn line(starts: &[usize], position: usize) -> usize {
    let after = starts.partition_point(|start| *start <= position);
    after.saturating_sub(1)
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
        let text = "a\r\n\nüber b\n";
        let sources = [Source::new("x", text)];
        let places = Places::new(&sources);
        for start in 0..=text.len() + 1 {
            let at = places.location(Place::new(0, Span::at(start)));
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
            let sources = [Source::new("x", text)];
            let places = Places::new(&sources);
            let start = text.find(condition).unwrap();
            let place = Place::new(0, Span::new(start, start + condition.len()));
            assert_eq!(places.words(places.negated(place)), shown, "{text}");
        }
    }

    #[test]
    fn the_lines_of_a_place_are_whole() {
        let sources = [Source::new("x", "one\ntwo\nthree")];
        let places = Places::new(&sources);
        let lines = |start, end| {
            let (_, text, start) = places.lines(Place::new(0, Span::new(start, end))).unwrap();
            (text, start)
        };
        assert_eq!(lines(1, 2), ("one\n", 0));
        assert_eq!(lines(5, 9), ("two\nthree", 4));
        assert_eq!(lines(13, 13), ("three", 8));
    }
}
