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
#[track_caller]
pub(crate) fn entry<T: Copy + Default>(table: &[T], index: usize) -> T {
    certain(table.get(index).copied(), "an index is one of the table")
}

/// Returns a part of a table. The range must be one of the table.
#[track_caller]
pub(crate) fn slice<T>(table: &[T], range: Range<usize>) -> &[T] {
    certain(table.get(range), "a range is one of the table")
}

/// Returns a result that is there for a reason that the compiler cannot see. Debug builds check it.
#[track_caller]
pub(crate) fn certain<T: Default>(found: Option<T>, reason: &str) -> T {
    debug_assert!(found.is_some(), "{reason}");
    found.unwrap_or_default()
}
