//! JSON numbers that are not integers of 64 bits.

use crate::certain::certain;
use std::fmt;

/// A JSON number that is not an integer of 64 bits, such as `1.5`, `1e9` or `-0`. It is kept as it is written.
///
/// Only a claim of the type `time` has a use for it: its value is the [floor](Self::floor) of the number. No
/// other comparison of the language holds on it.
#[derive(Clone, PartialEq, Eq)]
pub struct Decimal {
    written: Box<str>,
    floor: Option<i64>,
}

impl Decimal {
    /// Returns the number that a text writes, or `None` if it is not a JSON number (RFC 8259 section 6).
    pub fn new(text: &str) -> Option<Self> {
        let parts = Parts::of(text)?;
        Some(Self {
            written: text.into(),
            floor: parts.floor(),
        })
    }

    /// Returns the number as it is written.
    pub fn as_str(&self) -> &str {
        &self.written
    }

    /// Returns the largest integer that is not greater than the number; `None` if it does not fit 64 bits.
    ///
    /// It is exact, because it is computed from the digits: a float of 64 bits would round
    /// `1800000000.99999999` up.
    pub fn floor(&self) -> Option<i64> {
        self.floor
    }

    /// Returns about the bytes that the number takes.
    pub(crate) fn bytes(&self) -> usize {
        [size_of_val(self), self.written.len()].iter().sum()
    }
}

/// Writes the number as it is written in its document.
impl fmt::Display for Decimal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.written)
    }
}

impl fmt::Debug for Decimal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.written)
    }
}

/// The parts of a number as it is written.
struct Parts<'a> {
    is_negative: bool,
    /// The digits before the point.
    whole: &'a str,
    /// The digits after the point.
    fraction: &'a str,
    /// The number of places to move the point to the right.
    exponent: i64,
}

impl<'a> Parts<'a> {
    fn of(text: &'a str) -> Option<Self> {
        let (is_negative, text) = match text.strip_prefix('-') {
            Some(text) => (true, text),
            None => (false, text),
        };
        let (digits, exponent) = match text.split_once(['e', 'E']) {
            Some((digits, exponent)) => (digits, self::exponent(exponent)?),
            None => (text, 0),
        };
        let (whole, fraction) = match digits.split_once('.') {
            Some((whole, fraction)) => (whole, are_digits(fraction).then_some(fraction)?),
            None => (digits, ""),
        };
        let has_leading_zero = whole.len() > 1 && whole.starts_with('0');
        (are_digits(whole) && !has_leading_zero).then_some(Self {
            is_negative,
            whole,
            fraction,
            exponent,
        })
    }

    /// Returns the floor, in time linear in the digits.
    fn floor(&self) -> Option<i64> {
        let digits = || self.whole.bytes().chain(self.fraction.bytes());
        // The number of digits before the moved point. Far from zero, it does not matter how many there are.
        let places = i64::try_from(self.whole.len())
            .ok()?
            .saturating_add(self.exponent);
        let places = usize::try_from(places.max(0)).ok()?;
        // Counted downwards, because the least integer has no positive counterpart.
        let append = |whole: i64, digit: u8| {
            let digit = certain(digit.checked_sub(b'0'), "digits are ASCII");
            whole.checked_mul(10)?.checked_sub(i64::from(digit))
        };
        let whole = digits().take(places).try_fold(0, append)?;
        let zeros = places.saturating_sub(digits().count());
        let whole = match whole {
            0 => 0,
            // It leaves the 64 bits after 19 zeros at most.
            _ => (0..zeros).try_fold(whole, |whole, _| append(whole, b'0'))?,
        };
        let has_rest = digits().skip(places).any(|digit| digit != b'0');
        match self.is_negative {
            true => whole.checked_sub(i64::from(has_rest)),
            false => whole.checked_neg(),
        }
    }
}

/// Returns the value of an exponent. Beyond 64 bits it saturates: no text has as many digits.
fn exponent(text: &str) -> Option<i64> {
    let (is_negative, digits) = match text.strip_prefix('-') {
        Some(digits) => (true, digits),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    };
    if !are_digits(digits) {
        return None;
    }
    let value = digits.parse().unwrap_or(i64::MAX);
    Some(if is_negative {
        value.saturating_neg()
    } else {
        value
    })
}

fn are_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::Decimal;

    #[test]
    fn floors_are_exact() {
        let rows = [
            ("0.0", Some(0)),
            ("-0", Some(0)),
            ("-0.0e9", Some(0)),
            ("0.999999999999999999999999999", Some(0)),
            ("-0.000000000000000000000000001", Some(-1)),
            ("1796000000.0", Some(1_796_000_000)),
            ("1796000000.9", Some(1_796_000_000)),
            ("-1796000000.0", Some(-1_796_000_000)),
            ("-1796000000.1", Some(-1_796_000_001)),
            ("1.796e9", Some(1_796_000_000)),
            ("1.796E+9", Some(1_796_000_000)),
            ("17960000009e-1", Some(1_796_000_000)),
            ("-17960000009e-1", Some(-1_796_000_001)),
            ("0.000001796e15", Some(1_796_000_000)),
            // Floats of 64 bits round these up.
            ("1796000000.99999999999", Some(1_796_000_000)),
            ("1000000000000000.99", Some(1_000_000_000_000_000)),
            ("9007199254740993.5", Some(9_007_199_254_740_993)),
            ("-1e15", Some(-1_000_000_000_000_000)),
            ("1e18", Some(1_000_000_000_000_000_000)),
            ("1e19", None),
            ("-1e19", None),
            ("9223372036854775807.99", Some(i64::MAX)),
            ("9223372036854775808", None),
            ("-9223372036854775808.0", Some(i64::MIN)),
            ("-9223372036854775808.1", None),
            ("-9223372036854775807.5", Some(i64::MIN)),
            ("9223372036854775807000e-3", Some(i64::MAX)),
            ("0e99999999999999999999", Some(0)),
            ("1e99999999999999999999", None),
            ("1e-99999999999999999999", Some(0)),
            ("-1e-99999999999999999999", Some(-1)),
        ];
        for (text, floor) in rows {
            let decimal = Decimal::new(text);
            assert_eq!(decimal.map(|decimal| decimal.floor()), Some(floor), "{text}");
        }
    }

    #[test]
    fn long_numbers_have_floors_too() {
        let zeros = "0".repeat(10_000);
        let rows = [
            (format!("1796000000.{zeros}1"), Some(1_796_000_000)),
            (format!("-1796000000.{zeros}1"), Some(-1_796_000_001)),
            (format!("1796000000{zeros}e-10000"), Some(1_796_000_000)),
            (format!("0.{zeros}1796e10010"), Some(1_796_000_000)),
            (format!("1{zeros}"), None),
            (format!("0.{zeros}"), Some(0)),
        ];
        for (text, floor) in rows {
            let decimal = Decimal::new(&text);
            assert_eq!(decimal.map(|decimal| decimal.floor()), Some(floor), "{text}");
        }
    }

    #[test]
    fn only_numbers_of_json_are_numbers() {
        for text in [
            "", "-", "+1", ".5", "5.", "01", "-01.5", "1e", "1e+", "1e1.5", "1.5.5", "0x1", " 1", "NaN",
            "١.٥", "1e--1",
        ] {
            assert_eq!(Decimal::new(text), None, "{text:?}");
        }
    }
}
