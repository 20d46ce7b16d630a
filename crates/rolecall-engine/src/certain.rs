//! Results that cannot be missing, and sums that cannot overflow. Debug builds check them; release builds
//! never panic.

/// Returns a result that is there for a reason that the compiler cannot see.
#[inline]
#[track_caller]
pub(crate) fn certain<T: Default>(found: Option<T>, reason: &str) -> T {
    debug_assert!(found.is_some(), "{reason}");
    found.unwrap_or_default()
}

/// Returns the sum of two lengths, positions or counts of things in memory. Memory has room for both, so it
/// does not overflow.
#[inline]
pub(crate) fn plus(left: usize, right: usize) -> usize {
    debug_assert!(
        left.checked_add(right).is_some(),
        "{left} and {right} fit in memory"
    );
    left.wrapping_add(right)
}

/// Returns the next position, or a count with one more.
#[inline]
pub(crate) fn next(number: usize) -> usize {
    plus(number, 1)
}
