//! Time as tokens tell it.

use std::fmt;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// Seconds since 1970-01-01T00:00:00Z: the NumericDate of RFC 7519 section 2 without its fraction.
///
/// The time is an argument of everything here that depends on it; nothing in this crate looks at a clock.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct UnixTime(i64);

impl UnixTime {
    /// The time that many seconds after 1970 began, or before it.
    pub const fn from_secs(seconds: i64) -> Self {
        Self(seconds)
    }

    /// The seconds since 1970 began.
    pub const fn as_secs(self) -> i64 {
        self.0
    }

    /// The time a whole number of seconds later; the end of time, if that is sooner.
    pub(crate) fn plus(self, duration: Duration) -> Self {
        Self(self.0.saturating_add_unsigned(duration.as_secs()))
    }

    /// The time a whole number of seconds earlier; the beginning of time, if that is later.
    pub(crate) fn minus(self, duration: Duration) -> Self {
        Self(self.0.saturating_sub_unsigned(duration.as_secs()))
    }

    /// How long after `earlier` this is, or nothing if it is before.
    pub(crate) fn since(self, earlier: Self) -> Option<Duration> {
        let seconds = self.0.checked_sub(earlier.0)?;
        u64::try_from(seconds).ok().map(Duration::from_secs)
    }
}

/// What a clock says, rounded down, also before 1970.
impl From<SystemTime> for UnixTime {
    fn from(time: SystemTime) -> Self {
        let seconds = |duration: Duration| i64::try_from(duration.as_secs()).unwrap_or(i64::MAX);
        match time.duration_since(UNIX_EPOCH) {
            Ok(after) => Self(seconds(after)),
            Err(before) => {
                let before = before.duration();
                let fraction = i64::from(before.subsec_nanos() > 0);
                Self(0_i64.saturating_sub(seconds(before)).saturating_sub(fraction))
            }
        }
    }
}

/// The seconds since 1970.
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
