//! Containment of panics in code that a service supplies: key sources, observers, clocks and wakers.

use std::mem;
use std::panic::{self, AssertUnwindSafe};

/// Runs foreign code, and returns its result; `None` if it panicked.
///
/// The caller must not share state with it that a panic could leave broken.
pub(crate) fn contained<T>(foreign: impl FnOnce() -> T) -> Option<T> {
    match panic::catch_unwind(AssertUnwindSafe(foreign)) {
        Ok(done) => Some(done),
        Err(payload) => {
            // It is a value of the foreign code, whose `drop` could panic again.
            mem::forget(payload);
            None
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::panic, reason = "the code under test panics")]

    use std::panic;

    use super::contained;

    struct PanicsAgain;

    impl Drop for PanicsAgain {
        fn drop(&mut self) {
            panic!("a scripted panic");
        }
    }

    #[test]
    fn a_panic_is_contained_even_if_its_payload_panics_when_it_is_dropped() {
        assert_eq!(contained(|| 1), Some(1));
        assert_eq!(contained(|| panic!("a scripted panic")), None::<u8>);
        assert_eq!(contained(|| panic::panic_any(PanicsAgain)), None::<u8>);
    }
}
