//! Decisions: the outcome for a token and a role, with the clause and the grants.

use crate::cached_decision::CachedDecision;
use crate::claims::Claims;
use crate::evaluate::ProfileView;
use crate::grant::{GrantError, render};
use crate::id::{ClauseId, RoleId};
use crate::ir::{Program, Role};
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

    /// Returns the lifetime of a credential for the role, if the role is allowed and sets one.
    pub fn ttl(&self) -> Option<Duration> {
        self.clause().and(self.role()?.ttl())
    }

    /// Returns the grants with the token's values filled in: names and texts, in the order of the policy. A
    /// role that is denied grants nothing.
    ///
    /// # Errors
    /// A value that the token does not have, or that could change the meaning of the text around it: see
    /// [`GrantError`]. The caller then issues no credential.
    pub fn grants(&self) -> Result<Vec<(&'a str, String)>, GrantError> {
        let (Some(role), Some(clause)) = (self.role(), self.clause()) else {
            return Ok(Vec::new());
        };
        let clause = &self.program[clause];
        let token = ProfileView::new(&self.program[clause.issuer], self.claims.members());
        let grants = role.grants.iter().zip(&clause.grants);
        grants
            .map(|(name, template)| Ok((&**name, render(name, template, &token)?)))
            .collect()
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
