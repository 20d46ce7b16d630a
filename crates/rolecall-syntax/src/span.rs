//! Where in a file something stands.

use std::ops::{Deref, Range};

/// A range of bytes of one file, `start..end`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Span {
    /// The first byte.
    pub start: usize,
    /// The byte after the last one.
    pub end: usize,
}

impl Span {
    /// The bytes `start..end`.
    pub fn new(start: usize, end: usize) -> Self {
        Self { start, end }
    }

    /// The place before a byte.
    pub fn at(position: usize) -> Self {
        Self::new(position, position)
    }

    /// From the start of this to the end of the other.
    pub fn to(self, other: Self) -> Self {
        Self::new(self.start, other.end)
    }

    /// The bytes as a range.
    pub fn range(self) -> Range<usize> {
        self.start..self.end
    }

    /// The text of the bytes, empty if they are not in the source.
    pub fn text(self, source: &str) -> &str {
        source.get(self.range()).unwrap_or_default()
    }
}

/// A part of a tree and the place where it stands.
///
/// Two of them are equal when the parts are: a tree means the same wherever its text stands.
#[derive(Clone, Debug)]
pub struct Spanned<T> {
    /// The part.
    pub node: T,
    /// Where it stands.
    pub span: Span,
}

impl<T> Spanned<T> {
    /// A part at a place.
    pub fn new(node: T, span: Span) -> Self {
        Self { node, span }
    }
}

impl<T: PartialEq> PartialEq for Spanned<T> {
    fn eq(&self, other: &Self) -> bool {
        self.node == other.node
    }
}

impl<T: Eq> Eq for Spanned<T> {}

impl<T> Deref for Spanned<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.node
    }
}

/// Line and column of a byte, both from 1; a column is a character.
pub fn line_column(source: &str, position: usize) -> (usize, usize) {
    let mut end = position.min(source.len());
    while !source.is_char_boundary(end) {
        end = end.saturating_sub(1);
    }
    let before = source.get(..end).unwrap_or_default();
    let line = before.matches('\n').count().saturating_add(1);
    let start = before.rfind('\n').map_or(0, |newline| newline.saturating_add(1));
    let column = before
        .get(start..)
        .unwrap_or_default()
        .chars()
        .count()
        .saturating_add(1);
    (line, column)
}
