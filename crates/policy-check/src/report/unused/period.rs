//! The time that a log covers.

use jiff::Timestamp;
use rolecall_report::location::count;
use serde::{Serialize, Serializer};

/// The time from the first line of a log to the last one.
#[derive(Clone, Copy, Debug, Default, Serialize)]
pub(crate) struct Period {
    #[serde(skip_serializing_if = "Option::is_none", serialize_with = "written")]
    from: Option<Timestamp>,
    #[serde(skip_serializing_if = "Option::is_none", serialize_with = "written")]
    to: Option<Timestamp>,
    /// The number of lines without a time.
    without_time: usize,
}

/// Writes a time as text.
#[expect(clippy::ref_option, reason = "serde passes a reference to the field")]
fn written<S: Serializer>(time: &Option<Timestamp>, serializer: S) -> Result<S::Ok, S::Error> {
    match time {
        Some(time) => serializer.collect_str(time),
        None => serializer.serialize_none(),
    }
}

impl Period {
    /// Adds the time of a line, in seconds since 1970.
    pub(crate) fn add(&mut self, seconds: Option<i64>) {
        match seconds.and_then(|seconds| Timestamp::from_second(seconds).ok()) {
            Some(time) => {
                self.from = Some(self.from.map_or(time, |from| from.min(time)));
                self.to = Some(self.to.map_or(time, |to| to.max(time)));
            }
            None => self.without_time = self.without_time.saturating_add(1),
        }
    }

    /// Returns the period in words.
    pub(super) fn words(&self) -> String {
        let (Some(from), Some(to)) = (self.from, self.to) else {
            return "the log does not say from when to when it is".to_owned();
        };
        let without = match self.without_time {
            0 => String::new(),
            lines => format!(", and {} without a time", count(lines, "line")),
        };
        format!("the log is from {from} to {to}{without}")
    }
}
