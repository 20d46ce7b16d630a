//! The time format of tokens.

use std::fmt;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// A point in time in whole seconds since 1970-01-01T00:00:00Z: the NumericDate of RFC 7519 section 2 without
/// its fraction.
///
/// Verification takes the time as an argument; only a [`Clock`](crate::Clock) reads it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct UnixTime(i64);

impl UnixTime {
    /// The last time of a claim: some 34,000 years from now. Sums of smaller times and a leeway cannot
    /// overflow.
    pub(crate) const LAST: i64 = (1 << 40) - 1;

    /// Returns the time that many seconds after 1970 began; negative numbers are before it.
    #[must_use]
    pub const fn from_secs(seconds: i64) -> Self {
        Self(seconds)
    }

    /// Returns the seconds since 1970 began.
    pub const fn as_secs(self) -> i64 {
        self.0
    }

    /// Returns the time later by the whole seconds of a duration. Times beyond the range are at its end,
    /// because a clock or a leeway may be there, and comparisons stay right.
    pub(crate) fn plus(self, duration: Duration) -> Self {
        Self(self.0.saturating_add_unsigned(duration.as_secs()))
    }

    /// Returns the time earlier by the whole seconds of a duration, in the range like [`UnixTime::plus`].
    pub(crate) fn minus(self, duration: Duration) -> Self {
        Self(self.0.saturating_sub_unsigned(duration.as_secs()))
    }

    /// Returns the duration since `earlier`, or `None` if this is before it.
    pub(crate) fn since(self, earlier: Self) -> Option<Duration> {
        let seconds = self.0.checked_sub(earlier.0)?;
        u64::try_from(seconds).ok().map(Duration::from_secs)
    }
}

/// Converts the system time, rounding down, also before 1970.
impl From<SystemTime> for UnixTime {
    fn from(time: SystemTime) -> Self {
        match time.duration_since(UNIX_EPOCH) {
            Ok(after) => Self(0).plus(after),
            Err(before) => {
                let before = before.duration();
                let fraction = u64::from(before.subsec_nanos() > 0);
                Self(0).minus(before).minus(Duration::from_secs(fraction))
            }
        }
    }
}

/// Shows the seconds since 1970.
impl fmt::Display for UnixTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn clocks_are_read_and_rounded_down_on_both_sides_of_1970() {
        for (millis, seconds) in [(0, 0), (999, 0), (1000, 1), (1_800_000_000_999, 1_800_000_000)] {
            let after = UNIX_EPOCH + Duration::from_millis(millis);
            assert_eq!(UnixTime::from(after), UnixTime::from_secs(seconds));
        }
        for (millis, seconds) in [(1, -1), (1000, -1), (1001, -2)] {
            let before = UNIX_EPOCH - Duration::from_millis(millis);
            assert_eq!(UnixTime::from(before), UnixTime::from_secs(seconds));
        }
        assert_eq!(
            UnixTime::from(UNIX_EPOCH - Duration::from_nanos(1)),
            UnixTime::from_secs(-1)
        );
    }

    #[test]
    fn sums_and_differences_end_at_the_ends_of_time() {
        let [first, last] = [i64::MIN, i64::MAX].map(UnixTime::from_secs);
        assert_eq!(last.plus(Duration::MAX), last);
        assert_eq!(first.plus(Duration::from_secs(u64::MAX)), last);
        assert_eq!(last.since(first), None);
        assert_eq!(first.since(last), None);
        assert_eq!(last.since(last), Some(Duration::ZERO));
    }
}
