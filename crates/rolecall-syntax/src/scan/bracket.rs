//! Brackets of a scan.

use super::Scanner;
use crate::error::{SyntaxErrorKind as Kind, closing, is_bracket};
use crate::limits::MAX_NESTING;
use crate::span::{Span, plus};
use std::collections::HashSet;

impl Scanner<'_> {
    pub(super) fn open(&mut self, bracket: u8) {
        let span = Span::sized(self.position, 1);
        self.step(1);
        if self.open.len() == MAX_NESTING {
            self.error(Kind::TooDeep, span);
        }
        self.open.push((char::from(bracket), span.start));
        if self.open.len() > self.scan.depth {
            self.scan.depth = self.open.len();
            self.scan.deepest = span;
        }
    }

    pub(super) fn close(&mut self, bracket: u8) {
        let bracket = char::from(bracket);
        let span = Span::sized(self.position, 1);
        self.step(1);
        match self.open.pop() {
            Some((open, _)) if closing(open) == bracket => {}
            // `role … ) }`: the parenthesis alone is wrong, and the braces around it fit.
            Some(open @ ('{', _)) if bracket != '}' && !self.is_open(bracket) => {
                self.open.push(open);
                self.error(Kind::UnopenedBracket(bracket), span);
            }
            Some((open, start)) => {
                self.error(Kind::UnclosedBracket(open), Span::sized(start, 1));
                // `( … }`: the brace closes the bracket around the parenthesis, if it fits that one.
                if self
                    .open
                    .last()
                    .is_some_and(|(outer, _)| closing(*outer) == bracket)
                {
                    self.open.pop();
                }
            }
            None => self.error(Kind::UnopenedBracket(bracket), span),
        }
    }

    /// Returns whether one of the innermost open brackets is closed by this one.
    fn is_open(&self, bracket: char) -> bool {
        let mut innermost = self.open.iter().rev().take(MAX_NESTING);
        innermost.any(|(open, _)| closing(*open) == bracket)
    }

    /// Records the brace of a token in which an `expect` begins a line: it is not closed before.
    pub(super) fn expectation(&mut self, indent: usize) {
        let line = self.rest().split_at(indent).1;
        let is_expectation = ["expect allow ", "expect deny ", "expect only "]
            .iter()
            .any(|start| line.starts_with(start));
        if !is_expectation {
            return;
        }
        if let [.., ('{', _), open @ ('{', _)] = self.open.as_slice() {
            self.culprit = self.culprit.or(Some(*open));
        }
    }

    /// Drops the errors of unmatched brackets on a line with an unterminated literal: their partner may be
    /// inside of it.
    pub(super) fn drop_follow_up_errors(&mut self) {
        let mut line = 0;
        let mut position = 0;
        let lines: Vec<usize> = self
            .scan
            .errors
            .iter()
            .map(|error| {
                let between = Span::new(position, error.span.start).text(self.source);
                line = plus(line, between.matches('\n').count());
                position = error.span.start;
                line
            })
            .collect();
        let is_literal = |kind: &Kind| matches!(kind, Kind::UnterminatedString | Kind::UnterminatedRegex);
        let unterminated: HashSet<usize> = lines
            .iter()
            .zip(&self.scan.errors)
            .filter_map(|(line, error)| is_literal(&error.kind).then_some(*line))
            .collect();
        let mut lines = lines.iter();
        self.scan.errors.retain(|error| {
            let line = lines.next();
            !(is_bracket(&error.kind) && line.is_some_and(|line| unterminated.contains(line)))
        });
    }
}
