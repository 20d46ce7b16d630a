//! The times of every verified token, `iat` and `exp`: a token expires after it is issued.

/// Each of both claims, with the other one.
pub(crate) const PAIR: [(&str, &str); 2] = [("iat", "exp"), ("exp", "iat")];

/// The time at which a token is issued, if nothing else is known.
const ISSUED: i64 = 1_800_000_000;
/// The seconds from `iat` to `exp`.
const LIFETIME: i64 = 300;

/// Returns a time for one of both claims that fits the time of the other one, if that is known.
pub(crate) fn fitting(name: &str, other: Option<i64>) -> i64 {
    match (name, other) {
        ("exp", issued) => issued.unwrap_or(ISSUED).saturating_add(LIFETIME),
        (_, Some(expires)) => expires.saturating_sub(LIFETIME),
        (_, None) => ISSUED,
    }
}
