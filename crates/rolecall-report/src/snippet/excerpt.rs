//! Excerpts of long lines.

use crate::printable::mask_tokens;
use crate::text::{self, first_line, head, plus};
use std::borrow::Cow;
use std::ops::Range;

/// An excerpt of the lines of a location, and the range of the location in it.
pub(super) struct Excerpt<'a> {
    pub text: Cow<'a, str>,
    pub range: Range<usize>,
    /// True if the excerpt begins at the start of a line, so that columns stay the same.
    pub from_the_start: bool,
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
        let (before, after) = text::split(lines, range.start);
        let (earlier, near) = split_tail(before, BEFORE);
        let marked = first_line(head(after, AFTER));
        let later = text::from(after, marked.len());
        // A token is recognised only as a whole, and may begin far before the excerpt.
        let (around, beyond) = (split_tail(earlier, LONGEST_TOKEN).1, head(later, LONGEST_TOKEN));
        let window = [around, near, marked, beyond].concat();
        let window = safe_to_show(&window);
        let shown = text::before(text::from(&window, around.len()), plus(near.len(), marked.len()));
        let mark = |is_cut: bool| if is_cut { ELLIPSIS } else { "" };
        let before = mark(!earlier.is_empty());
        let after = mark(!first_line(later).is_empty());
        let start = plus(before.len(), near.len());
        Self {
            text: Cow::Owned([before, shown, after].concat()),
            range: start..plus(start, range.len().min(marked.len())),
            from_the_start: earlier.is_empty(),
        }
    }
}

/// The mark for the rest of a line.
const ELLIPSIS: &str = "…";

/// Cuts a text before its last bytes, at the beginning of a character. A shorter text is not cut.
fn split_tail(text: &str, bytes: usize) -> (&str, &str) {
    let before = head(text, text.len().saturating_sub(bytes));
    text::split(text, before.len())
}

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
