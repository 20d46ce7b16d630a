//! How far a long run is: on a terminal only, and on standard error.

use std::io::{self, IsTerminal};

use indicatif::{ProgressBar, ProgressDrawTarget};

/// As many policy sets are checked before anybody looks.
const FEW: usize = 20;

/// A bar, or nothing where nobody would see it.
pub(crate) struct Progress(ProgressBar);

impl Progress {
    /// A bar for so many policy sets.
    pub(crate) fn new(sets: usize) -> Self {
        if sets < FEW || !io::stderr().is_terminal() {
            return Self(ProgressBar::hidden());
        }
        let length = u64::try_from(sets).unwrap_or(u64::MAX);
        Self(ProgressBar::with_draw_target(
            Some(length),
            ProgressDrawTarget::stderr(),
        ))
    }

    /// One more is done.
    pub(crate) fn step(&self) {
        self.0.inc(1);
    }

    /// All are done: the bar goes away.
    pub(crate) fn finish(&self) {
        self.0.finish_and_clear();
    }
}
