//! The progress bar of a long run, on standard error and only on a terminal.

use indicatif::{ProgressBar, ProgressDrawTarget};
use std::io::{self, IsTerminal};
use std::time::Duration;

/// The time before the bar appears: shorter runs need none.
const PATIENCE: Duration = Duration::from_millis(300);

/// A progress bar, hidden if standard error is not a terminal.
pub(crate) struct Progress {
    bar: ProgressBar,
    is_seen: bool,
}

impl Progress {
    /// Creates a bar without steps.
    pub(crate) fn new() -> Self {
        Self {
            bar: ProgressBar::with_draw_target(Some(0), ProgressDrawTarget::hidden()),
            is_seen: io::stderr().is_terminal(),
        }
    }

    /// Adds steps that are still to be done.
    pub(crate) fn expect(&self, steps: usize) {
        self.bar.inc_length(u64::try_from(steps).unwrap_or(u64::MAX));
    }

    /// Counts one step as done.
    pub(crate) fn step(&self) {
        if self.is_seen && self.bar.is_hidden() && self.bar.elapsed() > PATIENCE {
            self.bar.set_draw_target(ProgressDrawTarget::stderr());
        }
        self.bar.inc(1);
    }

    /// Removes the bar.
    pub(crate) fn finish(&self) {
        self.bar.finish_and_clear();
    }
}
