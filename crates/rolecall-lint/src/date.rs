//! Calendar dates.

use std::fmt;
use std::str::FromStr;

/// A day of the Gregorian calendar.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Date(jiff::civil::Date);

/// A text or a triple of numbers is not a date.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct InvalidDate;

impl Date {
    /// Returns the date of a year, a month from 1 to 12, and a day of the month from 1.
    ///
    /// # Errors
    /// [`InvalidDate`] if the calendar has no such day.
    pub fn new(year: i16, month: i8, day: i8) -> Result<Self, InvalidDate> {
        let date = jiff::civil::Date::new(year, month, day);
        date.map(Self).map_err(|_| InvalidDate)
    }
}

/// Parses `YYYY-MM-DD`.
impl FromStr for Date {
    type Err = InvalidDate;

    fn from_str(text: &str) -> Result<Self, InvalidDate> {
        text.parse().map(Self).map_err(|_| InvalidDate)
    }
}

/// Writes `YYYY-MM-DD`.
impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0)
    }
}

impl fmt::Display for InvalidDate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("not a date")
    }
}

impl std::error::Error for InvalidDate {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_read_written_and_compared() {
        let date: Date = "2026-06-30".parse().unwrap();
        assert_eq!(date.to_string(), "2026-06-30");
        assert_eq!(Date::new(2026, 6, 30), Ok(date));
        assert!(date < Date::new(2026, 7, 1).unwrap());
        assert_eq!(Date::new(2026, 2, 29), Err(InvalidDate));
        assert_eq!("2026-13-01".parse::<Date>(), Err(InvalidDate));
        assert_eq!("tomorrow".parse::<Date>(), Err(InvalidDate));
    }
}
