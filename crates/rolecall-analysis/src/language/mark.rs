//! Marks: the words of claims without a value that can be compared.

/// The word of a claim that the token does not have.
pub(crate) const ABSENT: &[u8] = b"\xff";
/// The word of a claim whose value is not of its type: every comparison with it is UNKNOWN.
pub(crate) const ILL_TYPED: &[u8] = b"\xfe";

/// The word of a claim that is null, if its type has null. Otherwise null is as good as absent.
pub(crate) const NULL: &[u8] = b"\xfd";

/// Returns whether a byte occurs only in marks. No UTF-8 text has it.
pub(crate) fn is_mark(byte: u8) -> bool {
    byte >= 0xf8
}
