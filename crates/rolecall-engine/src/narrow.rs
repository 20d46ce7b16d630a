//! Conversions between indices and the 32-bit numbers that they are stored as.
//!
//! Tables of documents and of the matcher store indices in 32 bits, which halves their memory. Everything
//! that they count is bounded far below that: a document by 16 MiB, a policy set by a million roles.

const _: () = assert!(
    usize::BITS >= u32::BITS && usize::BITS <= u64::BITS,
    "an index has 32 to 64 bits"
);

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

/// Returns an index as a word.
#[inline]
pub(crate) fn word(index: usize) -> u64 {
    // Never fails: see the assertion above.
    u64::try_from(index).unwrap_or(u64::MAX)
}

/// Returns the lower 32 bits of a word.
#[inline]
pub(crate) fn low_half(word: u64) -> u32 {
    // Never fails: the number has 32 bits.
    u32::try_from(word & u64::from(u32::MAX)).unwrap_or(u32::MAX)
}

/// Returns the upper 32 bits of a word.
#[inline]
pub(crate) fn high_half(word: u64) -> u32 {
    low_half(word >> 32)
}
