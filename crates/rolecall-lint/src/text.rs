//! Offsets in texts. Spans come from the parser of the same text, so they are in range and between
//! characters. A span of another text fails in debug builds.

/// Returns the text before an offset.
pub(crate) fn before(text: &str, at: usize) -> &str {
    split(text, at).0
}

/// Returns the text from an offset on.
pub(crate) fn from(text: &str, at: usize) -> &str {
    split(text, at).1
}

/// Cuts a text at an offset.
pub(crate) fn split(text: &str, at: usize) -> (&str, &str) {
    debug_assert!(text.is_char_boundary(at), "{at} is not an offset in {text:?}");
    text.split_at_checked(at).unwrap_or((text, ""))
}

/// Returns the offset at which the rest of a text begins.
pub(crate) fn start_of_rest(text: &str, rest: &str) -> usize {
    debug_assert!(text.ends_with(rest), "{rest:?} is not a rest of {text:?}");
    text.len().wrapping_sub(rest.len())
}

/// Returns the sum of two offsets, lengths or counts. They are of things in memory, so it cannot overflow.
pub(crate) fn plus(left: usize, right: usize) -> usize {
    debug_assert!(left.checked_add(right).is_some(), "{left} + {right} overflows");
    left.wrapping_add(right)
}
