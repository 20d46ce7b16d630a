//! Reasons for denials.

use crate::id::GuardId;

/// The reason that a role is denied: the step at which the clause that got furthest stopped. Later steps are
/// greater.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub enum DenialReason {
    /// The policy set has no such role.
    UnknownRole,
    /// No clause allows the issuer of the token.
    Issuer,
    /// The token is meant for another service.
    Audience,
    /// The condition of the clause is not TRUE.
    Condition,
    /// The condition of this guard is not TRUE.
    Guard(GuardId),
}

impl DenialReason {
    /// Returns a stable code: `unknown_role`, `issuer`, `audience`, `condition` or `guard`.
    pub fn code(self) -> &'static str {
        match self {
            Self::UnknownRole => "unknown_role",
            Self::Issuer => "issuer",
            Self::Audience => "audience",
            Self::Condition => "condition",
            Self::Guard(_) => "guard",
        }
    }
}
