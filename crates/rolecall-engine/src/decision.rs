//! Decisions: the outcome for a token and a role, with the clause and the grants.

use crate::cached_decision::CachedDecision;
use crate::claims::Claims;
use crate::evaluate::ProfileView;
use crate::id::{ClauseId, RoleId};
use crate::ir::{ClaimDefinition, Program, Role};
use crate::reason::DenialReason;
use std::fmt;
use std::time::Duration;

/// A decision on whether a token may take a role. Making one never fails.
#[derive(Clone, Copy)]
#[must_use = "a decision has no effect by itself: check `is_allowed`"]
pub struct Decision<'a> {
    program: &'a Program,
    claims: &'a Claims,
    cached: CachedDecision,
}

impl<'a> Decision<'a> {
    /// Creates a decision from its cached form.
    pub(crate) fn new(program: &'a Program, claims: &'a Claims, cached: CachedDecision) -> Self {
        Self {
            program,
            claims,
            cached,
        }
    }

    /// Returns the outcome, to be stored with the token.
    pub fn cached(&self) -> CachedDecision {
        self.cached
    }

    /// Returns true if the token may take the role.
    #[must_use]
    pub fn is_allowed(&self) -> bool {
        self.cached.is_allowed()
    }

    /// Returns the id of the role, if the set has it.
    pub fn role_id(&self) -> Option<RoleId> {
        self.cached.role(self.program)
    }

    /// Returns the role, if the set has it.
    pub fn role(&self) -> Option<&'a Role> {
        self.role_id().map(|role| &self.program[role])
    }

    /// Returns the clause that allows the role, if one does.
    pub fn clause(&self) -> Option<ClauseId> {
        self.cached.outcome(self.program).ok()
    }

    /// Returns the reason that the role is denied, if it is.
    pub fn reason(&self) -> Option<DenialReason> {
        self.cached.outcome(self.program).err()
    }

    /// Returns the name of the grant that is not filled and the claim that does not fit into it, if that is the
    /// reason that the role is denied.
    pub fn unfilled_grant(&self) -> Option<(&'a str, &'a ClaimDefinition)> {
        let Some(DenialReason::GrantNotFilled(unfilled)) = self.reason() else {
            return None;
        };
        let issuer = &self.program[self.program[unfilled.clause].issuer];
        let name = self.role()?.grants.get(unfilled.grant)?;
        Some((name, &issuer.profile[unfilled.hole.claim]))
    }

    /// Returns the lifetime of a credential for the role, if the role is allowed and sets one.
    pub fn ttl(&self) -> Option<Duration> {
        self.clause().and(self.role()?.ttl())
    }

    /// Returns the grants with the token's values filled in: names and texts, in the order of the policy. A
    /// role that is denied grants nothing.
    pub fn grants(&self) -> Vec<(&'a str, String)> {
        let (Some(role), Some(clause)) = (self.role(), self.clause()) else {
            return Vec::new();
        };
        let clause = &self.program[clause];
        let token = ProfileView::new(&self.program[clause.issuer], self.claims.members());
        let grants = role.grants.iter().zip(clause.grants());
        let filled = grants.map(|(name, template)| Some((&**name, token.fill(template)?)));
        // Only a decision that was recalled with the claims of another token is not filled. It grants nothing.
        filled.collect::<Option<Vec<_>>>().unwrap_or_default()
    }
}

impl fmt::Debug for Decision<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let role = self.role().map(|role| &role.name);
        f.debug_struct("Decision")
            .field("role", &role)
            .field("outcome", &self.cached.outcome(self.program))
            .finish_non_exhaustive()
    }
}
