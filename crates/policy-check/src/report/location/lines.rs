//! Tables for finding lines and columns in a file.

use rolecall_engine::Source;

/// A file with the beginnings of its lines.
#[derive(Debug)]
pub(super) struct File<'a> {
    pub(super) source: &'a Source,
    pub(super) starts: Vec<usize>,
    /// The number of characters that begin before every `STEP`th byte, since a line may be as long as the
    /// file.
    characters: Vec<usize>,
}

/// The distance of two counts in `File::characters`, in bytes.
pub(super) const STEP: usize = 1024;

impl<'a> File<'a> {
    pub(super) fn new(source: &'a Source) -> Self {
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

    /// Returns the number of characters that begin before a byte.
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

    /// Returns the line of a byte, from 0.
    pub(super) fn line(&self, position: usize) -> usize {
        let after = self.starts.partition_point(|start| *start <= position);
        after.saturating_sub(1)
    }

    /// Returns the line and the column of a byte, from 1.
    pub(super) fn line_column(&self, position: usize) -> (usize, usize) {
        let position = floor(&self.source.text, position);
        let line = self.line(position);
        let start = self.starts.get(line).copied().unwrap_or_default();
        let before = self
            .characters_before(position)
            .saturating_sub(self.characters_before(start));
        (line.saturating_add(1), before.saturating_add(1))
    }
}

/// Returns the number of characters that begin in some bytes of UTF-8.
fn beginning_in(bytes: &[u8]) -> usize {
    bytes.iter().filter(|byte| (**byte & 0xc0) != 0x80).count()
}

/// Returns the beginning of the character that contains a byte, or the end of the text.
pub(crate) fn floor(text: &str, position: usize) -> usize {
    let mut position = position.min(text.len());
    while !text.is_char_boundary(position) {
        position = position.saturating_sub(1);
    }
    position
}
