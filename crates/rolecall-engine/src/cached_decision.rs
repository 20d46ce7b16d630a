//! Decisions without the policy set and the claims that they belong to.

use crate::certain::certain;
use crate::id::{ClauseId, RoleId};
use crate::ir::Program;
use crate::narrow::{index, number};
use crate::reason::DenialReason;

/// The outcome of a decision, small enough to be stored with a token.
///
/// It is valid only together with the policy set and the claims of the decision: see
/// [`PolicySet::recall`](crate::PolicySet::recall). Cached decisions are ordered as the roles are in the
/// files.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[must_use = "a cached decision has no effect by itself: see `PolicySet::recall`"]
pub struct CachedDecision {
    /// The position of the role in the program; beyond the last if the set does not have it.
    role: u32,
    outcome: Outcome,
}

/// The outcome: the position of the clause in its role, or the reason for the denial with the position of the
/// guard or the claim.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Outcome {
    Allowed(u32),
    Audience,
    Condition,
    /// The position of the claim among those in the role's grants.
    GrantNotFilled(u32),
    Guard(u32),
    Issuer,
    UnknownRole,
    Unverified,
}

impl CachedDecision {
    /// The decision on a role that the set does not have.
    pub(crate) const UNKNOWN_ROLE: Self = Self {
        role: u32::MAX,
        outcome: Outcome::UnknownRole,
    };

    /// Creates the decision on the role at a position.
    #[inline]
    pub(crate) fn of(role: u32, outcome: Outcome) -> Self {
        Self { role, outcome }
    }

    /// Creates the decision on a role: the position in the role of the clause that allows it, or the reason
    /// for the denial.
    pub(crate) fn new(program: &Program, role: RoleId, outcome: Result<usize, DenialReason>) -> Self {
        Self {
            role: number(program.roles().position(role)),
            outcome: match outcome {
                Ok(clause) => Outcome::Allowed(number(clause)),
                Err(DenialReason::UnknownRole) => Outcome::UnknownRole,
                Err(DenialReason::Issuer) => Outcome::Issuer,
                Err(DenialReason::Audience) => Outcome::Audience,
                Err(DenialReason::Unverified) => Outcome::Unverified,
                Err(DenialReason::Condition) => Outcome::Condition,
                Err(DenialReason::GrantNotFilled(grant)) => {
                    let position = program.holes(role).position(|hole| hole == grant);
                    let position = certain(position, "a claim that does not fit is in the role's grants");
                    Outcome::GrantNotFilled(number(position))
                }
                Err(DenialReason::Guard(guard)) => Outcome::Guard(number(program.guards().position(guard))),
            },
        }
    }

    /// Returns the position of the role in the program.
    pub(crate) fn role_position(self) -> usize {
        index(self.role)
    }

    /// Returns the position in its role of the clause that allows it, if one does.
    pub(crate) fn clause_position(self) -> Option<u32> {
        match self.outcome {
            Outcome::Allowed(clause) => Some(clause),
            _ => None,
        }
    }

    /// Returns true if a clause allows the role.
    #[inline]
    pub(crate) fn is_allowed(self) -> bool {
        matches!(self.outcome, Outcome::Allowed(_))
    }

    /// Returns the role, if the program has it.
    #[inline]
    pub(crate) fn role(self, program: &Program) -> Option<RoleId> {
        program.roles().id_at(index(self.role))
    }

    /// Returns the clause that allows the role, or the reason for the denial.
    ///
    /// A decision of another set may name items that this one does not have. It is a denial then.
    pub(crate) fn outcome(self, program: &Program) -> Result<ClauseId, DenialReason> {
        match self.outcome {
            Outcome::Allowed(clause) => {
                let role = self.role(program).ok_or(DenialReason::UnknownRole)?;
                let clause = program.clause_at(role, index(clause));
                clause.ok_or(DenialReason::UnknownRole)
            }
            Outcome::Audience => Err(DenialReason::Audience),
            Outcome::Condition => Err(DenialReason::Condition),
            Outcome::GrantNotFilled(position) => {
                let role = self.role(program).ok_or(DenialReason::UnknownRole)?;
                let grant = program.holes(role).nth(index(position));
                Err(grant.map_or(DenialReason::UnknownRole, DenialReason::GrantNotFilled))
            }
            Outcome::Guard(guard) => match program.guards().id_at(index(guard)) {
                Some(guard) => Err(DenialReason::Guard(guard)),
                None => Err(DenialReason::UnknownRole),
            },
            Outcome::Issuer => Err(DenialReason::Issuer),
            Outcome::Unverified => Err(DenialReason::Unverified),
            Outcome::UnknownRole => Err(DenialReason::UnknownRole),
        }
    }
}
