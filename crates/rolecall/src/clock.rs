//! The clock. This is the only file that reads one; the rest of the crate takes the time as an argument.

use std::time::{Instant, SystemTime};

use crate::time::UnixTime;

/// A moment on two clocks: the wall clock, which token times are compared with, and the monotonic clock,
/// which measures the age of keys.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(clippy::exhaustive_structs, reason = "clocks construct it")]
pub struct Moment {
    /// The wall clock, which may be set and may jump.
    pub wall: UnixTime,
    /// The monotonic clock, which cannot be set.
    pub monotonic: Instant,
}

/// A source of the current time.
pub trait Clock: Send + Sync + 'static {
    /// Returns the current time. It is called for each request, from several threads, and must not block.
    fn now(&self) -> Moment;
}

/// The clocks of the operating system.
#[derive(Clone, Copy, Debug, Default)]
#[allow(clippy::exhaustive_structs, reason = "callers construct it")]
pub struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> Moment {
        Moment {
            wall: UnixTime::from(SystemTime::now()),
            monotonic: Instant::now(),
        }
    }
}
