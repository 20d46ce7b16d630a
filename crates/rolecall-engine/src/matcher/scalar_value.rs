//! Scalar values of a token, read as their types without allocation.

use crate::certain::certain;
use crate::claim_type::{Literal, Scalar, Typed};
use crate::document::Json;
use std::cmp::Ordering;

/// A value of a scalar type. An id that is a JSON number is its digits.
#[derive(Clone, Copy)]
pub(super) enum ScalarValue<'a> {
    Bool(bool),
    Digits(Digits),
    Int(i64),
    Text(&'a str),
}

/// Returns true if every text is read as it stands.
#[inline]
pub(super) fn is_textual(scalar: &Scalar) -> bool {
    match scalar {
        Scalar::Enum { .. } | Scalar::Path(_) | Scalar::Ref | Scalar::Text => true,
        Scalar::Id(form) => form.has_strings(),
        Scalar::Bool(_) | Scalar::Int | Scalar::Time => false,
    }
}

/// A number as text.
#[derive(Clone, Copy)]
pub(super) struct Digits {
    /// The text is at the end of this array.
    bytes: [u8; Self::LONGEST],
    start: usize,
}

impl<'a> ScalarValue<'a> {
    /// Returns the value as one of the type; `None` if it is another kind of JSON value. Does not check that
    /// a text is in the domain of the type.
    #[inline]
    pub(super) fn of(scalar: &Scalar, value: Json<'a>) -> Option<Self> {
        match value {
            // Most values of most tokens.
            Json::Text(text) if is_textual(scalar) => Some(Self::Text(text)),
            value => Self::of_other(scalar, value),
        }
    }

    /// Returns the value as one of the type, if it is not a text as it stands.
    #[inline(never)]
    fn of_other(scalar: &Scalar, value: Json<'a>) -> Option<Self> {
        match (scalar, value) {
            (Scalar::Bool(form), Json::Bool(value)) if form.has_others() => Some(Self::Bool(value)),
            (Scalar::Bool(form), Json::Text("true")) if form.has_strings() => Some(Self::Bool(true)),
            (Scalar::Bool(form), Json::Text("false")) if form.has_strings() => Some(Self::Bool(false)),
            (Scalar::Id(form), Json::Int(number)) if number >= 0 && form.has_others() => {
                Some(Self::Digits(Digits::new(number)))
            }
            (Scalar::Int, Json::Int(number)) => Some(Self::Int(number)),
            (Scalar::Time, value) => value.floor().map(Self::Int),
            _ => None,
        }
    }

    /// Returns true if the value is in the domain of the type that it was read as.
    pub(super) fn belongs_to(&self, scalar: &Scalar) -> bool {
        match self {
            Self::Text(text) => scalar.holds(text),
            Self::Bool(_) | Self::Digits(_) | Self::Int(_) => true,
        }
    }

    /// Returns the text, if the value is one.
    pub(super) fn as_text(&self) -> Option<&str> {
        match self {
            Self::Digits(digits) => Some(digits.as_str()),
            Self::Text(text) => Some(text),
            Self::Bool(_) | Self::Int(_) => None,
        }
    }

    /// Shows the value as it is written in a template.
    pub(super) fn written<T>(&self, show: impl FnOnce(&str) -> T) -> T {
        match self {
            Self::Bool(true) => show("true"),
            Self::Bool(false) => show("false"),
            Self::Digits(digits) => show(digits.as_str()),
            Self::Int(number) => show(Digits::new(*number).as_str()),
            Self::Text(text) => show(text),
        }
    }

    /// Returns true if the value is one of these literals, which are sorted.
    pub(super) fn is_among(&self, literals: &[Literal]) -> bool {
        match literals {
            [literal] => self.compare(literal) == Ordering::Equal,
            _ => literals
                .binary_search_by(|literal| self.compare(literal).reverse())
                .is_ok(),
        }
    }

    /// Returns true if the value is this literal.
    pub(super) fn is(&self, literal: &Literal) -> bool {
        self.compare(literal) == Ordering::Equal
    }

    /// Compares the value with a literal, in the order of literals.
    fn compare(&self, literal: &Literal) -> Ordering {
        match (self, literal) {
            (Self::Bool(value), Typed::Bool(literal)) => value.cmp(literal),
            (Self::Int(value), Typed::Int(literal)) => value.cmp(literal),
            (Self::Digits(digits), Typed::Text(literal)) => digits.as_str().cmp(literal),
            (Self::Text(text), Typed::Text(literal)) => (*text).cmp(literal),
            (Self::Bool(_), _) | (Self::Int(_), Typed::Text(_)) => Ordering::Less,
            (Self::Int(_), Typed::Bool(_)) | (Self::Digits(_) | Self::Text(_), _) => Ordering::Greater,
        }
    }
}

impl PartialEq for ScalarValue<'_> {
    fn eq(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Bool(left), Self::Bool(right)) => left == right,
            (Self::Int(left), Self::Int(right)) => left == right,
            _ => self.as_text().is_some_and(|left| other.as_text() == Some(left)),
        }
    }
}

impl Digits {
    /// The maximum length: the digits of a number of 64 bits, and its sign.
    const LONGEST: usize = 20;

    pub(super) fn new(number: i64) -> Self {
        let mut digits = Self {
            bytes: [b'0'; Self::LONGEST],
            start: Self::LONGEST,
        };
        let mut left = number.unsigned_abs();
        let mut places = (0..Self::LONGEST).zip(&mut digits.bytes).rev();
        for (place, byte) in places.by_ref() {
            let [digit, ..] = (left % 10).to_le_bytes();
            (*byte, digits.start) = (b'0' | digit, place);
            left /= 10;
            if left == 0 {
                break;
            }
        }
        if let Some((place, byte)) = places.next().filter(|_| number < 0) {
            (*byte, digits.start) = (b'-', place);
        }
        digits
    }

    pub(super) fn as_str(&self) -> &str {
        let digits = self.bytes.get(self.start..);
        let digits = digits.and_then(|digits| std::str::from_utf8(digits).ok());
        certain(digits, "digits are ASCII")
    }
}

#[cfg(test)]
#[allow(clippy::arithmetic_side_effects, reason = "a test may panic")]
mod tests {
    use super::Digits;

    #[test]
    fn digits_are_those_of_the_standard_library() {
        let powers = (0..19).map(|power| 10_i64.pow(power));
        let near = powers.flat_map(|power| [power - 1, power, -power, 1 - power]);
        for number in near.chain([i64::MAX, i64::MIN, i64::MIN + 1]) {
            assert_eq!(Digits::new(number).as_str(), number.to_string());
        }
    }
}
