//! What time it is. The only file that looks at a clock; everything else takes the time as an argument.

use std::time::{Instant, SystemTime};

use crate::time::UnixTime;

/// A moment, told by two clocks: the one that people set, which tokens are measured by, and the one that only goes
/// forward, which the age of keys is measured by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Moment {
    /// What the calendar says.
    pub wall: UnixTime,
    /// What a stopwatch says, which nobody can set.
    pub monotonic: Instant,
}

/// Says what time it is.
pub trait Clock: Send + Sync + 'static {
    /// The time now.
    fn now(&self) -> Moment;
}

/// The clocks of this machine.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> Moment {
        Moment {
            wall: UnixTime::from(SystemTime::now()),
            monotonic: Instant::now(),
        }
    }
}
