//! Excerpts of long lines.

use crate::printable::mask_tokens;
use crate::report::location::floor;
use std::borrow::Cow;
use std::ops::Range;

/// An excerpt of the lines of a location, and the range of the location in it.
pub(super) struct Excerpt<'a> {
    pub(super) text: Cow<'a, str>,
    pub(super) range: Range<usize>,
    /// True if the excerpt begins at the start of a line, so that columns stay the same.
    pub(super) from_the_start: bool,
}

/// The maximum size of lines that are shown whole, in bytes.
const WHOLE: usize = 4 * 1024;
/// The bytes of longer lines that are shown before and after the start of the location.
const BEFORE: usize = 100;
/// The maximum size of a token in bytes. It is hidden even if only its end is in the excerpt.
const LONGEST_TOKEN: usize = 16 * 1024;
const AFTER: usize = 300;

impl<'a> Excerpt<'a> {
    pub(super) fn new(lines: &'a str, range: Range<usize>) -> Self {
        if lines.len() <= WHOLE {
            return Self {
                text: safe_to_show(lines),
                range,
                from_the_start: true,
            };
        }
        let from = floor(lines, range.start.saturating_sub(BEFORE));
        let rest = lines.get(from..floor(lines, range.start.saturating_add(AFTER)));
        let line = rest.unwrap_or_default().split('\n').next().unwrap_or_default();
        let is_cut = |at: usize| {
            lines
                .get(at..)
                .is_some_and(|rest| !rest.is_empty() && !rest.starts_with('\n'))
        };
        let before = if from > 0 { ELLIPSIS } else { "" };
        let after = if is_cut(from.saturating_add(line.len())) {
            ELLIPSIS
        } else {
            ""
        };
        let location = |byte: usize| {
            byte.saturating_sub(from)
                .min(line.len())
                .saturating_add(before.len())
        };
        // A token is recognised only as a whole, and may begin far before the excerpt.
        let around = floor(lines, from.saturating_sub(LONGEST_TOKEN));
        let to = from.saturating_add(line.len()).saturating_add(LONGEST_TOKEN);
        let window = lines.get(around..floor(lines, to)).unwrap_or_default();
        let safe = safe_to_show(window);
        let start = from.saturating_sub(around);
        let shown = safe
            .get(start..start.saturating_add(line.len()))
            .unwrap_or_default();
        Self {
            text: Cow::Owned([before, shown, after].concat()),
            range: location(range.start)..location(range.end),
            from_the_start: from == 0,
        }
    }
}

/// The mark for the rest of a line.
const ELLIPSIS: &str = "…";

/// Hides tokens, and replaces the control characters U+0080 to U+009F, which the renderer keeps and some
/// terminals obey (ECMA-48, 8.2). The replacements have the same number of bytes.
fn safe_to_show(lines: &str) -> Cow<'_, str> {
    let lines = mask_tokens(lines);
    let is_obeyed = |c: char| ('\u{80}'..='\u{9f}').contains(&c);
    match lines.contains(is_obeyed) {
        true => Cow::Owned(lines.replace(is_obeyed, "\u{b7}")),
        false => lines,
    }
}
