//! Open questions: comparisons that cannot be expressed in languages.

use crate::language::size_of_pattern;
use rolecall_engine::ClaimId;
use rolecall_engine::ir::Question;
use rolecall_engine::pattern::Pattern;

/// A question that cannot be expressed in languages.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) enum OpenQuestion {
    /// The derivation with this index makes a derived claim equal to another claim.
    Equal(ClaimId, usize, ClaimId),
    /// A claim fits a pattern.
    Fits(ClaimId, Pattern),
    /// The derivation with this index makes a value of the claim's type.
    Derived(ClaimId, usize),
    /// A comparison that this analysis does not know.
    Other(ClaimId, Question),
}

impl OpenQuestion {
    /// Returns the bytes that the question allocates.
    pub(super) fn size(&self) -> usize {
        match self {
            Self::Equal(..) | Self::Derived(..) | Self::Other(..) => 0,
            Self::Fits(_, pattern) => size_of_pattern(pattern),
        }
    }
}
