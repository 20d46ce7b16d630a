//! The clock. This is the only file that reads one; the rest of the crate takes the time as an argument.

#[cfg(target_os = "linux")]
use rustix::time::{ClockId, Timespec, clock_gettime};
#[cfg(target_os = "linux")]
use std::time::Duration;
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

/// The clocks of the operating system as of its last tick, for gates that see a token many times: on Linux, they are up
/// to 10 ms behind and are read several times as fast (`CLOCK_REALTIME_COARSE` of clock_gettime(2)). On other systems, the
/// clocks of [`SystemClock`].
#[derive(Clone, Copy, Debug)]
pub struct CoarseClock {
    /// A moment of the exact monotonic clock, and the time of the coarse one then.
    #[cfg(target_os = "linux")]
    origin: (Instant, Duration),
}

impl CoarseClock {
    /// Creates the clock.
    #[must_use]
    pub fn new() -> Self {
        Self {
            #[cfg(target_os = "linux")]
            origin: (
                Instant::now(),
                since_boot(clock_gettime(ClockId::MonotonicCoarse)),
            ),
        }
    }
}

impl Default for CoarseClock {
    fn default() -> Self {
        Self::new()
    }
}

impl Clock for CoarseClock {
    #[cfg(target_os = "linux")]
    fn now(&self) -> Moment {
        let (exact, coarse) = self.origin;
        let passed = since_boot(clock_gettime(ClockId::MonotonicCoarse)).saturating_sub(coarse);
        Moment {
            wall: UnixTime::from_secs(clock_gettime(ClockId::RealtimeCoarse).tv_sec),
            // The monotonic clock does not go back, and an `Instant` has room for centuries.
            monotonic: exact.checked_add(passed).unwrap_or(exact),
        }
    }

    #[cfg(not(target_os = "linux"))]
    fn now(&self) -> Moment {
        SystemClock.now()
    }
}

/// Returns the time of a monotonic clock as a duration.
#[cfg(target_os = "linux")]
fn since_boot(time: Timespec) -> Duration {
    let seconds = u64::try_from(time.tv_sec).unwrap_or(0);
    let nanoseconds = u32::try_from(time.tv_nsec).unwrap_or(0);
    Duration::new(seconds, nanoseconds)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_coarse_clock_follows_the_exact_one() {
        let clock = CoarseClock::new();
        let mut last = clock.now();
        for _ in 0..200 {
            let (now, exact) = (clock.now(), SystemClock.now());
            assert!(now.monotonic >= last.monotonic, "it does not go back");
            let behind = exact.monotonic.saturating_duration_since(now.monotonic);
            // Another process may take the processor between the two.
            assert!(behind < Duration::from_secs(5), "{behind:?}");
            let seconds = exact.wall.as_secs() - now.wall.as_secs();
            assert!((0..5).contains(&seconds), "{seconds}");
            last = now;
            std::thread::sleep(Duration::from_millis(1));
        }
        let ticked = last.monotonic.saturating_duration_since(clock.origin.0);
        assert!(ticked > Duration::from_millis(100), "it goes on");
    }
}
