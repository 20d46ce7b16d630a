//! The values of conditions and comparisons.

/// One of Kleene's three values, in their order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Truth {
    /// The condition does not hold.
    False,
    /// A comparison could not be made, and the condition depends on it.
    Unknown,
    /// The condition holds. Only this grants.
    True,
}

impl From<bool> for Truth {
    fn from(value: bool) -> Self {
        if value { Self::True } else { Self::False }
    }
}

impl std::ops::Not for Truth {
    type Output = Self;

    fn not(self) -> Self {
        match self {
            Self::False => Self::True,
            Self::Unknown => Self::Unknown,
            Self::True => Self::False,
        }
    }
}

/// The reason that a comparison is UNKNOWN.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Unknown {
    /// The token does not have the claim.
    Absent,
    /// The claim contradicts the claims that it is derived from.
    Contradiction,
    /// The claim is `null`.
    Null,
    /// A claim in the text that the claim is compared with has no value for it.
    NoText,
    /// The claim's value is not of its type: another kind of JSON value, or outside the type's domain.
    NotOfType,
}

impl Unknown {
    /// Returns a stable code: `absent`, `contradiction`, `null`, `no_text` or `not_of_type`.
    pub fn code(self) -> &'static str {
        match self {
            Self::Absent => "absent",
            Self::Contradiction => "contradiction",
            Self::Null => "null",
            Self::NoText => "no_text",
            Self::NotOfType => "not_of_type",
        }
    }
}
