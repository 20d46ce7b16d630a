//! Results that cannot be missing. Debug builds check them; release builds never panic.

/// Returns a result that is there for a reason that the compiler cannot see.
#[inline]
#[track_caller]
pub(crate) fn certain<T: Default>(found: Option<T>, reason: &str) -> T {
    debug_assert!(found.is_some(), "{reason}");
    found.unwrap_or_default()
}
