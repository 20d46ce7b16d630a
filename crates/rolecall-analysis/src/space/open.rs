//! Open questions: comparisons that cannot be expressed in languages.

use crate::language::size_of_pattern;
use rolecall_engine::ir::Question;
use rolecall_engine::pattern::Pattern;
use rolecall_engine::{ClaimId, Template};
use std::sync::Arc;

/// A question that cannot be expressed in languages.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) enum OpenQuestion {
    /// The derivation with this index makes a derived claim equal to another claim.
    Equal(ClaimId, usize, ClaimId),
    /// A claim is the text of a template. The policy keeps the template.
    Filled(ClaimId, Arc<Template>),
    /// A claim, or an element of a list, fits a pattern.
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
            Self::Equal(..) | Self::Filled(..) | Self::Derived(..) | Self::Other(..) => 0,
            Self::Fits(_, pattern) => size_of_pattern(pattern),
        }
    }
}
