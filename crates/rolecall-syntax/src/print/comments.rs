//! The comments of a file that are still to be printed.

use crate::ast::Comment;
use crate::scan::skip_trivia;
use crate::span::Spanned;
use std::ops::Range;

pub(super) struct Comments<'a> {
    source: &'a str,
    all: &'a [Spanned<Comment>],
    printed: Vec<bool>,
    /// No comment before this one is left.
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

    /// The indices of the comments that begin in a range, printed or not.
    fn indices(&self, range: &Range<usize>) -> Range<usize> {
        let index = |place: usize| self.all.partition_point(|comment| comment.span.start < place);
        index(range.start)..index(range.end)
    }

    fn print(&mut self, index: usize) -> Option<&'a Spanned<Comment>> {
        *self.printed.get_mut(index)? = true;
        while self.printed.get(self.next) == Some(&true) {
            self.next = self.next.saturating_add(1);
        }
        self.all.get(index)
    }

    /// Where the next comment begins.
    pub(super) fn next_start(&self) -> Option<usize> {
        self.all.get(self.next).map(|comment| comment.span.start)
    }

    /// Whether a comment that is left begins in a range.
    pub(super) fn any_in(&self, range: &Range<usize>) -> bool {
        self.indices(range).any(|index| self.is_left(index))
    }

    /// Prints the comments that begin in some ranges.
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

    /// Prints the next comment, if it begins before a place.
    pub(super) fn before(&mut self, place: usize) -> Option<&'a Spanned<Comment>> {
        if self.next_start()? < place {
            self.print(self.next)
        } else {
            None
        }
    }

    /// Prints the next comment, if it belongs to the part that ends here: after the part on its line, or after the
    /// comma or the connective behind it at the end of the line. After an opening bracket only the latter belongs.
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

    /// Whether nothing but other comments follows a comment on its line.
    fn ends_line(&self, mut index: usize) -> bool {
        while let Some(comment) = self.all.get(index) {
            let rest = self.source.get(comment.span.end..).unwrap_or_default();
            let rest = rest.trim_start_matches([' ', '\t', '\r']);
            if rest.is_empty() || rest.starts_with('\n') {
                return true;
            }
            index = index.saturating_add(1);
            let start = self.source.len().saturating_sub(rest.len());
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

    /// Where the next token begins: after space and comments.
    pub(super) fn token_after(&self, place: usize) -> usize {
        skip_trivia(self.source, self.all, place)
    }

    /// Where a character stands next outside of comments, among tokens that don't hold it.
    pub(super) fn find(&self, character: char, mut place: usize) -> usize {
        loop {
            place = self.token_after(place);
            match self.source.get(place..).and_then(|rest| rest.chars().next()) {
                Some(c) if c != character => place = place.saturating_add(c.len_utf8()),
                _ => return place,
            }
        }
    }
}
