//! Times for readers.

/// Returns the seconds since 1970 with the time in RFC 3339 beside them, if a calendar has it.
///
/// ```
/// # use rolecall_engine::readable_time;
/// assert_eq!(readable_time(1_800_000_000), "1800000000 (2027-01-15T08:00:00Z)");
/// assert_eq!(readable_time(i64::MAX), "9223372036854775807");
/// ```
pub fn readable_time(seconds: i64) -> String {
    match jiff::Timestamp::from_second(seconds) {
        Ok(time) => format!("{seconds} ({time})"),
        Err(_) => seconds.to_string(),
    }
}
