//! Single values of a token, read as their types without allocating.

use crate::claim_type::{Literal, Scalar, Typed};
use crate::document::Json;
use std::cmp::Ordering;

/// A value of a type. Ids that were numbers are their digits.
#[derive(Clone, Copy)]
pub(super) enum Word<'a> {
    Bool(bool),
    Digits(Digits),
    Int(i64),
    Text(&'a str),
}

/// A number as text.
#[derive(Clone, Copy)]
pub(super) struct Digits {
    /// The text is at the end.
    bytes: [u8; Self::LONGEST],
    start: usize,
}

impl<'a> Word<'a> {
    /// The value as one of the type; `None` if it is another kind of JSON value. Of a text it is not checked here
    /// whether it lies in the type's domain.
    pub(super) fn of(scalar: &Scalar, value: Json<'a>) -> Option<Self> {
        match (scalar, value) {
            (Scalar::Bool, Json::Bool(value)) => Some(Self::Bool(value)),
            (Scalar::Bool, Json::Text("true")) => Some(Self::Bool(true)),
            (Scalar::Bool, Json::Text("false")) => Some(Self::Bool(false)),
            (Scalar::Bool, _) => None,
            (Scalar::Id, Json::Int(number)) if number >= 0 => Some(Self::Digits(Digits::new(number))),
            (Scalar::Int | Scalar::Time, Json::Int(number)) => Some(Self::Int(number)),
            (Scalar::Int | Scalar::Time, _) => None,
            (_, Json::Text(text)) => Some(Self::Text(text)),
            _ => None,
        }
    }

    /// Whether it lies in the domain of the type that it was read as.
    pub(super) fn belongs_to(&self, scalar: &Scalar) -> bool {
        match self {
            Self::Text(text) => scalar.holds(text),
            Self::Bool(_) | Self::Digits(_) | Self::Int(_) => true,
        }
    }

    /// The text, if it is one.
    pub(super) fn as_text(&self) -> Option<&str> {
        match self {
            Self::Digits(digits) => Some(digits.as_str()),
            Self::Text(text) => Some(text),
            Self::Bool(_) | Self::Int(_) => None,
        }
    }

    /// Shows it written as in a template.
    pub(super) fn written<T>(&self, show: impl FnOnce(&str) -> T) -> T {
        match self {
            Self::Bool(true) => show("true"),
            Self::Bool(false) => show("false"),
            Self::Digits(digits) => show(digits.as_str()),
            Self::Int(number) => show(Digits::new(*number).as_str()),
            Self::Text(text) => show(text),
        }
    }

    /// Whether it is one of these, which are in order.
    pub(super) fn is_among(&self, literals: &[Literal]) -> bool {
        match literals {
            [literal] => self.compare(literal) == Ordering::Equal,
            _ => literals
                .binary_search_by(|literal| self.compare(literal).reverse())
                .is_ok(),
        }
    }

    /// Whether it is this.
    pub(super) fn is(&self, literal: &Literal) -> bool {
        self.compare(literal) == Ordering::Equal
    }

    /// How it stands to a literal, in the order of literals.
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

impl PartialEq for Word<'_> {
    fn eq(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Bool(left), Self::Bool(right)) => left == right,
            (Self::Int(left), Self::Int(right)) => left == right,
            _ => self.as_text().is_some_and(|left| other.as_text() == Some(left)),
        }
    }
}

impl Digits {
    /// The digits of any number of 64 bits, and its sign.
    const LONGEST: usize = 20;

    pub(super) fn new(number: i64) -> Self {
        let mut digits = Self {
            bytes: [b'0'; Self::LONGEST],
            start: Self::LONGEST,
        };
        let mut left = number.unsigned_abs();
        loop {
            let digit = u8::try_from(left.checked_rem(10).unwrap_or_default()).unwrap_or_default();
            digits.put(b'0'.wrapping_add(digit));
            left = left.checked_div(10).unwrap_or_default();
            if left == 0 {
                break;
            }
        }
        if number < 0 {
            digits.put(b'-');
        }
        digits
    }

    fn put(&mut self, byte: u8) {
        self.start = self.start.saturating_sub(1);
        if let Some(place) = self.bytes.get_mut(self.start) {
            *place = byte;
        }
    }

    pub(super) fn as_str(&self) -> &str {
        let digits = self.bytes.get(self.start..).unwrap_or_default();
        std::str::from_utf8(digits).unwrap_or_default()
    }
}
