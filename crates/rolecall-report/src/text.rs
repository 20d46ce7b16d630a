//! Offsets in texts. An offset comes from a search or a length in the same text, so it is in range and
//! between characters. An offset of another text fails in debug builds.

/// Cuts a text at an offset.
pub fn split(text: &str, at: usize) -> (&str, &str) {
    debug_assert!(text.is_char_boundary(at), "{at} is not an offset in {text:?}");
    text.split_at_checked(at).unwrap_or((text, ""))
}

/// Returns the text before an offset.
pub fn before(text: &str, at: usize) -> &str {
    split(text, at).0
}

/// Returns the text from an offset on.
pub fn from(text: &str, at: usize) -> &str {
    split(text, at).1
}

/// Cuts a text at the beginning of its rest.
pub fn split_before<'a>(text: &'a str, rest: &str) -> (&'a str, &'a str) {
    split(text, minus(text.len(), rest.len()))
}

/// Returns the whole characters in the first bytes of a text, or all of a shorter text.
pub fn head(text: &str, longest: usize) -> &str {
    let mut ends = (0..=longest.min(text.len())).rev();
    ends.find_map(|end| text.get(..end)).unwrap_or("")
}

/// Returns a text up to its first line break.
pub fn first_line(text: &str) -> &str {
    text.split_once('\n').map_or(text, |(line, _)| line)
}

/// Returns the sum of two offsets, lengths or counts. They are of things in memory, so it cannot overflow.
pub fn plus(left: usize, right: usize) -> usize {
    debug_assert!(left.checked_add(right).is_some(), "{left} + {right} overflows");
    left.wrapping_add(right)
}

/// Returns the difference of an offset, a length or a count and a smaller one.
pub fn minus(left: usize, right: usize) -> usize {
    debug_assert!(left >= right, "{left} - {right} is negative");
    left.wrapping_sub(right)
}
