//! Lifetimes, as the configuration writes them: `15m`, `1h`, `90s`.

use std::time::Duration;

use jiff::SignedDuration;
use serde::Deserialize;

/// A duration of whole seconds, one at least and a day at most.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(try_from = "String")]
pub(crate) struct Life(Duration);

/// The longest lifetime.
const DAY: Duration = Duration::from_secs(24 * 60 * 60);

impl Life {
    pub(crate) const fn from_mins(minutes: u64) -> Self {
        Self(Duration::from_secs(minutes.saturating_mul(60)))
    }

    pub(crate) const fn duration(self) -> Duration {
        self.0
    }
}

impl TryFrom<String> for Life {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        let duration = text.parse::<SignedDuration>().ok();
        let duration = duration.and_then(|duration| Duration::try_from(duration).ok());
        duration
            .filter(|life| life.subsec_nanos() == 0 && !life.is_zero() && *life <= DAY)
            .map(Self)
            .ok_or_else(|| format!("`{text}` is not a duration of 1 second to 1 day, such as `15m`"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_are_of_whole_seconds_up_to_a_day() {
        for (text, seconds) in [("15m", 900), ("90s", 90), ("1h 30m", 5_400), ("24h", 86_400)] {
            assert_eq!(
                Life::try_from(text.to_owned()),
                Ok(Life(Duration::from_secs(seconds)))
            );
        }
        for text in [
            "",
            "0s",
            "-1s",
            "15",
            "1.5s",
            "25h",
            "15 minuets",
            "999999999999999999h",
        ] {
            assert!(Life::try_from(text.to_owned()).is_err(), "{text}");
        }
    }
}
