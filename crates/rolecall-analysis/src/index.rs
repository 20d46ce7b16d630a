//! Tables whose indices are stored as `u32`.

use std::ops::Range;

/// Returns a stored number as an index.
pub(crate) fn index(number: u32) -> usize {
    const { assert!(usize::BITS >= u32::BITS, "every number is an index") };
    usize::try_from(number).unwrap_or(usize::MAX)
}

/// Returns an index as a number to store. Budgets run out before a table has more elements than there are
/// numbers.
pub(crate) fn number(index: usize) -> u32 {
    let number = u32::try_from(index);
    debug_assert!(number.is_ok(), "{index} is not a number of a table");
    number.unwrap_or(u32::MAX)
}

/// Returns an element of a table. The index must be one of the table.
pub(crate) fn entry<T: Copy + Default>(table: &[T], index: usize) -> T {
    debug_assert!(index < table.len(), "{index} of {} elements", table.len());
    table.get(index).copied().unwrap_or_default()
}

/// Returns a part of a table. The range must be one of the table.
pub(crate) fn slice<T>(table: &[T], range: Range<usize>) -> &[T] {
    debug_assert!(
        range.start <= range.end && range.end <= table.len(),
        "{range:?} of {}",
        table.len()
    );
    table.get(range).unwrap_or(&[])
}
