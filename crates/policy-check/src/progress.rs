//! How far a long run is: on a terminal only, and on standard error.

use std::io::{self, IsTerminal};
use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget};

/// A run that is over sooner needs no bar.
const PATIENCE: Duration = Duration::from_millis(300);

/// A bar, or nothing where nobody would see it.
pub(crate) struct Progress {
    bar: ProgressBar,
    is_seen: bool,
}

impl Progress {
    /// A bar for steps that are not known yet.
    pub(crate) fn new() -> Self {
        Self {
            bar: ProgressBar::with_draw_target(Some(0), ProgressDrawTarget::hidden()),
            is_seen: io::stderr().is_terminal(),
        }
    }

    /// There are so many more steps.
    pub(crate) fn expect(&self, steps: usize) {
        self.bar.inc_length(u64::try_from(steps).unwrap_or(u64::MAX));
    }

    /// One more step is done.
    pub(crate) fn step(&self) {
        if self.is_seen && self.bar.is_hidden() && self.bar.elapsed() > PATIENCE {
            self.bar.set_draw_target(ProgressDrawTarget::stderr());
        }
        self.bar.inc(1);
    }

    /// All are done: the bar goes away.
    pub(crate) fn finish(&self) {
        self.bar.finish_and_clear();
    }
}
