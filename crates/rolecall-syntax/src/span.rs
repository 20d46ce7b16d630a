//! Locations in the text of one file.

use std::hash::{Hash, Hasher};
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
    /// Returns the span of the bytes `start..end`.
    pub fn new(start: usize, end: usize) -> Self {
        Self { start, end }
    }

    /// Returns the empty span before a byte.
    pub fn at(position: usize) -> Self {
        Self::new(position, position)
    }

    /// Returns the span of so many bytes from `start` on.
    pub(crate) fn sized(start: usize, bytes: usize) -> Self {
        Self::new(start, plus(start, bytes))
    }

    /// Returns the span from the start of this one to the end of the other.
    pub fn to(self, other: Self) -> Self {
        Self::new(self.start, other.end)
    }

    /// Returns the bytes as a range.
    pub fn range(self) -> Range<usize> {
        self.start..self.end
    }

    /// Returns whether the span contains all of another one.
    pub fn contains(self, other: Self) -> bool {
        self.start <= other.start && other.end <= self.end
    }

    /// Returns the text of the span, or an empty text if the span is not in the source.
    pub fn text(self, source: &str) -> &str {
        source.get(self.range()).unwrap_or("")
    }
}

/// Returns the sum of two positions, lengths or counts of a file. Files are small, so it can't overflow.
pub(crate) fn plus(left: usize, right: usize) -> usize {
    debug_assert!(
        left.checked_add(right).is_some(),
        "{left} and {right} are not of a file"
    );
    left.wrapping_add(right)
}

/// Returns the text from a position on. The position must be a character boundary of the text.
pub(crate) fn text_from(text: &str, position: usize) -> &str {
    debug_assert!(text.is_char_boundary(position), "the position is in the text");
    text.get(position..).unwrap_or("")
}

/// A part of a tree and its location.
///
/// Equality ignores the location: a tree means the same wherever its text stands.
#[derive(Clone, Debug)]
pub struct Spanned<T> {
    /// The part.
    pub node: T,
    /// The location of the part.
    pub span: Span,
}

impl<T> Spanned<T> {
    /// Returns a part at a location.
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

impl<T: Hash> Hash for Spanned<T> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.node.hash(state);
    }
}

impl<T> Deref for Spanned<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.node
    }
}

/// Returns the line and the column of a byte, both counted from 1. A column is a character.
///
/// A position inside of a character counts as its start, a position after the text as its end.
pub fn line_column(source: &str, position: usize) -> (usize, usize) {
    let boundary = (0..=position.min(source.len()))
        .rev()
        .find(|at| source.is_char_boundary(*at));
    let before = boundary.and_then(|end| source.get(..end)).unwrap_or("");
    let line = before.matches('\n').count();
    let column = before.chars().rev().take_while(|c| *c != '\n').count();
    (plus(line, 1), plus(column, 1))
}
