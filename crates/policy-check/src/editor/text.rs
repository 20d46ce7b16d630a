//! Positions in texts: editors count lines and UTF-16 code units, policies count bytes.

use lsp_types::{Position, Range};
use rolecall_syntax::Span;

/// The beginnings of the lines of a text.
#[derive(Clone, Debug)]
pub(crate) struct Lines<'t> {
    text: &'t str,
    starts: Vec<usize>,
}

impl<'t> Lines<'t> {
    pub(crate) fn new(text: &'t str) -> Self {
        let breaks = text.match_indices('\n').map(|(at, _)| at.saturating_add(1));
        Self {
            text,
            starts: std::iter::once(0).chain(breaks).collect(),
        }
    }

    /// Returns the position of a byte.
    pub(crate) fn position(&self, offset: usize) -> Position {
        let line = self
            .starts
            .partition_point(|start| *start <= offset)
            .saturating_sub(1);
        let start = self.starts.get(line).copied().unwrap_or_default();
        let before = self
            .text
            .get(start..offset.min(self.text.len()))
            .unwrap_or_default();
        Position {
            line: number(line),
            character: number(before.encode_utf16().count()),
        }
    }

    /// Returns the range of a span.
    pub(crate) fn range(&self, span: Span) -> Range {
        Range {
            start: self.position(span.start),
            end: self.position(span.end),
        }
    }

    /// Returns the byte at a position; one after the end of a line is the end of that line.
    pub(crate) fn offset(&self, position: Position) -> usize {
        let line = usize::try_from(position.line).unwrap_or(usize::MAX);
        let Some(start) = self.starts.get(line).copied() else {
            return self.text.len();
        };
        let rest = self.text.get(start..).unwrap_or_default();
        let line = rest.split(['\r', '\n']).next().unwrap_or_default();
        let mut left = usize::try_from(position.character).unwrap_or(usize::MAX);
        let mut offset = start;
        for c in line.chars() {
            match left.checked_sub(c.len_utf16()) {
                Some(rest) => left = rest,
                None => break,
            }
            offset = offset.saturating_add(c.len_utf8());
        }
        offset
    }

    /// Returns the text of the line of a byte, up to that byte.
    pub(crate) fn before(&self, offset: usize) -> &'t str {
        let line = self
            .starts
            .partition_point(|start| *start <= offset)
            .saturating_sub(1);
        let start = self.starts.get(line).copied().unwrap_or_default();
        self.text.get(start..offset).unwrap_or_default()
    }
}

fn number(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn positions_count_utf_16_and_offsets_count_bytes() {
        let text = "aé😀b\r\nc\n";
        let lines = Lines::new(text);
        for (offset, line, character) in [(0, 0, 0), (1, 0, 1), (3, 0, 2), (7, 0, 4), (10, 1, 0), (12, 2, 0)]
        {
            let position = Position { line, character };
            assert_eq!(lines.position(offset), position);
            assert_eq!(lines.offset(position), offset);
        }
        // After the end of a line, in the middle of a character, and after the end of the text.
        assert_eq!(
            lines.offset(Position {
                line: 0,
                character: 99
            }),
            8
        );
        assert_eq!(
            lines.offset(Position {
                line: 0,
                character: 3
            }),
            3
        );
        assert_eq!(
            lines.offset(Position {
                line: 9,
                character: 0
            }),
            text.len()
        );
        assert_eq!(lines.before(7), "aé😀");
    }
}
