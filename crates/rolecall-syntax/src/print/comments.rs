//! Comments of a file and which of them have been printed.

use crate::ast::Comment;
use crate::scan::skip_trivia;
use crate::span::{Spanned, plus, text_from};
use std::ops::Range;

pub(super) struct Comments<'a> {
    source: &'a str,
    all: &'a [Spanned<Comment>],
    printed: Vec<bool>,
    /// The index of the first comment that has not been printed.
    next: usize,
}

impl<'a> Comments<'a> {
    pub(super) fn new(source: &'a str, all: &'a [Spanned<Comment>]) -> Self {
        Self {
            source,
            all,
            printed: vec![false; all.len()],
            next: 0,
        }
    }

    fn is_left(&self, index: usize) -> bool {
        self.printed.get(index) == Some(&false)
    }

    /// Returns the indices of the comments that begin in a range, printed or not.
    fn indices(&self, range: &Range<usize>) -> Range<usize> {
        let index = |position: usize| self.all.partition_point(|comment| comment.span.start < position);
        index(range.start)..index(range.end)
    }

    fn print(&mut self, index: usize) -> Option<&'a Spanned<Comment>> {
        *self.printed.get_mut(index)? = true;
        while self.printed.get(self.next) == Some(&true) {
            self.next = plus(self.next, 1);
        }
        self.all.get(index)
    }

    /// Returns the position of the next comment.
    pub(super) fn next_start(&self) -> Option<usize> {
        self.all.get(self.next).map(|comment| comment.span.start)
    }

    /// Returns whether a comment that has not been printed begins in a range.
    pub(super) fn any_in(&self, range: &Range<usize>) -> bool {
        self.indices(range).any(|index| self.is_left(index))
    }

    /// Takes the comments that begin in some ranges.
    pub(super) fn take(&mut self, ranges: &[Range<usize>]) -> Vec<&'a Spanned<Comment>> {
        let indices: Vec<usize> = ranges
            .iter()
            .flat_map(|range| self.indices(range))
            .filter(|index| self.is_left(*index))
            .collect();
        indices
            .into_iter()
            .filter_map(|index| self.print(index))
            .collect()
    }

    /// Takes the next comment, if it begins before a position.
    pub(super) fn before(&mut self, position: usize) -> Option<&'a Spanned<Comment>> {
        if self.next_start()? < position {
            self.print(self.next)
        } else {
            None
        }
    }

    /// Takes the next comment, if it belongs to the part that ends at `end`: it follows the part on its line,
    /// or the comma or connective after the part at the end of the line. After an opening bracket only the
    /// latter belongs.
    pub(super) fn trailing(&mut self, end: usize, after_opening: bool) -> Option<&'a Spanned<Comment>> {
        let comment = self.all.get(self.next)?;
        let gap = self.source.get(end..comment.span.start)?;
        let belongs = match gap.trim_matches([' ', '\t', '\r']) {
            "" if !after_opening => true,
            "" | "," | "&&" | "||" => self.ends_line(self.next),
            _ => false,
        };
        if belongs { self.print(self.next) } else { None }
    }

    /// Returns whether only comments follow a comment on its line.
    fn ends_line(&self, mut index: usize) -> bool {
        while let Some(comment) = self.all.get(index) {
            let rest = text_from(self.source, comment.span.end);
            let space = rest
                .bytes()
                .take_while(|byte| matches!(byte, b' ' | b'\t' | b'\r'))
                .count();
            let rest = text_from(rest, space);
            if rest.is_empty() || rest.starts_with('\n') {
                return true;
            }
            index = plus(index, 1);
            let start = plus(comment.span.end, space);
            match self.all.get(index) {
                Some(next) if next.span.start == start => {
                    if next.text.contains('\n') {
                        return true;
                    }
                }
                _ => return false,
            }
        }
        false
    }

    /// Returns the position of the next token, after space and comments.
    pub(super) fn token_after(&self, position: usize) -> usize {
        skip_trivia(self.source, self.all, position)
    }

    /// Returns the next position of a character outside of comments. The tokens before it must not contain
    /// it.
    pub(super) fn find(&self, character: char, mut position: usize) -> usize {
        loop {
            position = self.token_after(position);
            match self.source.get(position..).and_then(|rest| rest.chars().next()) {
                Some(c) if c != character => position = plus(position, c.len_utf8()),
                _ => return position,
            }
        }
    }
}
