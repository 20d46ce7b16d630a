//! Reasons for denials.

use crate::hole::Hole;
use crate::id::{ClauseId, GuardId};

/// A claim in a grant that the token has no fitting value for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct UnfilledGrant {
    pub(crate) clause: ClauseId,
    /// The position of the grant in its role.
    pub(crate) grant: usize,
    pub(crate) hole: Hole,
}

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
    /// A claim that every verified token has is missing or not of its type: `sub`, `exp` or `iat`.
    Unverified,
    /// The condition of the clause is not TRUE.
    Condition,
    /// The condition of this guard is not TRUE.
    Guard(GuardId),
    /// A claim in this grant has no value that may stand there.
    GrantNotFilled(UnfilledGrant),
}

impl DenialReason {
    /// Returns a stable code: `unknown_role`, `issuer`, `audience`, `unverified`, `condition`, `guard` or
    /// `grant_not_filled`.
    pub fn code(self) -> &'static str {
        match self {
            Self::UnknownRole => "unknown_role",
            Self::Issuer => "issuer",
            Self::Audience => "audience",
            Self::Unverified => "unverified",
            Self::Condition => "condition",
            Self::Guard(_) => "guard",
            Self::GrantNotFilled(_) => "grant_not_filled",
        }
    }
}
