//! The words of claims without a value.

/// The word of a claim that the token does not have, or that is null.
pub(crate) const ABSENT: &[u8] = b"\xff";
/// The word of a claim that is there and cannot be compared: every comparison with it is UNKNOWN.
pub(crate) const ODD: &[u8] = b"\xfe";

/// Whether a byte is in no text.
pub(crate) fn is_mark(byte: u8) -> bool {
    byte >= 0xf8
}
