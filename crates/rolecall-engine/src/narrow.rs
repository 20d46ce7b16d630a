//! Conversions between indices and the 32-bit numbers that they are stored as.
//!
//! Tables of documents and of the matcher store indices in 32 bits, which halves their memory. Everything that they count is
//! bounded far below that: a document by 16 MiB, a policy set by a million roles.

const _: () = assert!(usize::BITS >= u32::BITS, "an index has 32 bits at least");

/// Returns a stored number as an index.
#[inline]
pub(crate) fn index(number: u32) -> usize {
    // Never fails: see the assertion above.
    usize::try_from(number).unwrap_or(usize::MAX)
}

/// Returns an index as the number that it is stored as. The index must fit in 32 bits.
#[inline]
pub(crate) fn number(index: usize) -> u32 {
    let number = u32::try_from(index);
    debug_assert!(number.is_ok(), "index {index} has more than 32 bits");
    // No table has this index, so a lookup by it finds nothing.
    number.unwrap_or(u32::MAX)
}

/// Returns the lower 32 bits of a word.
#[inline]
pub(crate) fn low_half(word: u64) -> u32 {
    let [a, b, c, d, ..] = word.to_le_bytes();
    u32::from_le_bytes([a, b, c, d])
}

/// Returns the upper 32 bits of a word.
#[inline]
pub(crate) fn high_half(word: u64) -> u32 {
    let [.., a, b, c, d] = word.to_le_bytes();
    u32::from_le_bytes([a, b, c, d])
}
