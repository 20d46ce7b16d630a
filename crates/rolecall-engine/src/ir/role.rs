//! Roles, their clauses, and the guards that narrow them.

use super::formula::Formula;
use crate::diagnostic::Location;
use crate::hole::Hole;
use crate::id::{ClauseId, GuardId, IssuerId};
use crate::reason::UnfilledGrant;
use crate::template::Template;
use std::ops::Range;
use std::sync::Arc;
use std::time::Duration;

/// A role. Its clauses are those that [`Program::clauses`](super::Program::clauses) returns.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Role {
    /// The role's name, which no other role of the set has.
    pub name: Box<str>,
    /// The role's tags, each once.
    pub tags: Arc<[Arc<str>]>,
    /// The names of its grants, one for each text: a grant with a list of texts stands here several times. Each clause
    /// has a template for each of them.
    pub grants: Arc<[Arc<str>]>,
    /// The `role` item.
    pub location: Location,
    /// The lifetime of its credentials in seconds; 0 if the role does not set one.
    pub(crate) ttl_seconds: u32,
    /// The positions of its clauses among those of the program.
    pub(crate) clauses: Range<u32>,
}

impl Role {
    /// Returns the lifetime of a credential for the role, if the role sets one.
    pub fn ttl(&self) -> Option<Duration> {
        (self.ttl_seconds > 0).then(|| Duration::from_secs(self.ttl_seconds.into()))
    }
}

/// A way to get a role: `allow from ISSUER when …`.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Clause {
    /// The issuer that tokens must come from.
    pub issuer: IssuerId,
    /// The condition of the clause itself.
    pub condition: Formula,
    /// Its guards and grants.
    pub(crate) attached: Arc<Attached>,
    /// The `allow` statement.
    pub location: Location,
}

/// Guards and grants of a clause. Most clauses have none, and share that.
#[derive(Clone, Debug)]
pub(crate) struct Attached {
    pub(crate) guards: Box<[GuardCondition]>,
    pub(crate) grants: Box<[Template]>,
    pub(crate) fits: Formula,
}

impl Default for Attached {
    fn default() -> Self {
        Self {
            guards: Box::default(),
            grants: Box::default(),
            fits: Formula::always(),
        }
    }
}

impl Clause {
    /// Returns the conditions that guards of the role add.
    pub fn guards(&self) -> &[GuardCondition] {
        &self.attached.guards
    }

    /// Returns the grants, in the order of the names in [`Role::grants`].
    pub fn grants(&self) -> &[Template] {
        &self.attached.grants
    }

    /// Returns the condition that each claim in the grants fits. It is tested after the guards.
    pub fn fits(&self) -> &Formula {
        &self.attached.fits
    }

    /// Replaces the conditions that guards add.
    pub(crate) fn set_guards(&mut self, guards: Box<[GuardCondition]>) {
        Arc::make_mut(&mut self.attached).guards = guards;
    }

    /// Returns the condition of the clause, those of its guards, and that of its grants: all must hold.
    pub fn conditions(&self) -> impl Iterator<Item = &Formula> + Clone {
        let guards = self.guards().iter().map(|guard| &guard.condition);
        std::iter::once(&self.condition)
            .chain(guards)
            .chain([self.fits()])
    }

    /// Returns the claims in the grants, each with the position of its grant.
    pub(crate) fn holes(&self) -> impl Iterator<Item = (usize, Hole)> {
        let grants = self.grants().iter().enumerate();
        grants.flat_map(|(grant, template)| template.holes().map(move |hole| (grant, hole)))
    }

    /// Returns the first claim in the grants that does not fit.
    pub(crate) fn unfilled(&self, clause: ClauseId, fits: impl Fn(Hole) -> bool) -> Option<UnfilledGrant> {
        let (grant, hole) = self.holes().find(|(_, hole)| !fits(*hole))?;
        Some(UnfilledGrant { clause, grant, hole })
    }

    /// Returns the first guard whose condition does not hold.
    pub(crate) fn failed_guard(&self, holds: impl Fn(&Formula) -> bool) -> Option<GuardId> {
        let failed = self.guards().iter().find(|guard| !holds(&guard.condition));
        failed.map(|guard| guard.guard)
    }
}

/// The condition that a guard adds to a clause.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct GuardCondition {
    /// The guard.
    pub guard: GuardId,
    /// The guard's condition over the claims of the clause's issuer.
    pub condition: Formula,
}

/// A guard: an additional condition of all roles that it selects.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Guard {
    /// The guard's name.
    pub name: String,
    /// The `guard` item.
    pub location: Location,
}
