//! Tables for finding lines and columns in a file.

use super::position;
use crate::text::{self, head, minus, plus};
use rolecall_engine::Source;
use std::ops::Range;

/// A file with the beginnings of its lines.
#[derive(Debug)]
pub(super) struct File<'a> {
    pub(super) source: &'a Source,
    /// The first bytes of the lines after the first one.
    later: Vec<usize>,
    /// The number of characters that begin before every `STEP`th byte, since a line may be as long as the
    /// file.
    characters: Vec<usize>,
}

/// The distance of two counts in `File::characters`, in bytes.
pub(super) const STEP: usize = 128;

impl<'a> File<'a> {
    pub(super) fn new(source: &'a Source) -> Self {
        let later = source.text.match_indices('\n');
        let mut count = 0;
        let mut characters = vec![0];
        for bytes in source.text.as_bytes().chunks_exact(STEP) {
            count = plus(count, beginning_in(bytes));
            characters.push(count);
        }
        Self {
            source,
            later: later.map(|(newline, _)| plus(newline, 1)).collect(),
            characters,
        }
    }

    /// Returns the number of characters that begin before an offset.
    fn characters_before(&self, at: usize) -> usize {
        let steps = text::before(&self.source.text, at).as_bytes().chunks_exact(STEP);
        let known = self.characters.get(steps.len());
        debug_assert!(known.is_some(), "each step of the text is counted");
        plus(known.map_or(0, |known| *known), beginning_in(steps.remainder()))
    }

    /// Returns the line of a byte, from 0.
    pub(super) fn line(&self, position: usize) -> usize {
        self.later.partition_point(|start| *start <= position)
    }

    /// Returns the bytes of the line of a byte.
    pub(super) fn bytes_of_line(&self, position: usize) -> Range<usize> {
        let (before, after) = self.later.split_at(self.line(position));
        let start = before.last().map_or(0, |start| *start);
        start..after.first().map_or(self.source.text.len(), |end| *end)
    }

    /// Returns the line and the column of a byte, from 1.
    pub(super) fn line_column(&self, byte: usize) -> (usize, usize) {
        let at = head(&self.source.text, byte).len();
        let before = self.characters_before(self.bytes_of_line(at).start);
        let column = minus(self.characters_before(at), before);
        (position(self.line(at)), position(column))
    }
}

/// Returns the number of characters that begin in some bytes of UTF-8.
fn beginning_in(bytes: &[u8]) -> usize {
    bytes.iter().filter(|byte| (**byte & 0xc0) != 0x80).count()
}
