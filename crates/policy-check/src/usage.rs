//! Use of `allow`s: those that the tokens of a log took, and the consequence of removing the others.

mod removal;
#[cfg(test)]
mod tests;
mod written;

use rayon::prelude::*;
use removal::Proofs;
pub(crate) use removal::{Consequence, Outcome};
use rolecall_analysis::Analysis;
use rolecall_engine::ir::External;
use rolecall_engine::{ClauseId, DenialReason, Location, PolicySet, RoleId, Truth, UnverifiedClaims};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use written::written;

/// The most external conditions of a clause whose values are all tried: each doubles the work for each token.
const MAX_TRIED: usize = 4;

/// The `allow`s of a policy set, as they are written, and those that a log took.
#[derive(Debug)]
pub(crate) struct Usage<'p> {
    set: &'p PolicySet,
    pub(crate) roles: Vec<RoleUse>,
    /// For each role, its position among those above.
    positions: BTreeMap<RoleId, usize>,
    /// The clauses with external conditions, each with the positions of its role and its `allow`.
    external: Vec<(usize, usize, ClauseId, Vec<Arc<External>>)>,
}

/// The use of a role as it is written: all roles of a `for` are one.
#[derive(Debug)]
pub(crate) struct RoleUse {
    /// The name, with the variables of a `for`.
    pub(crate) name: String,
    pub(crate) location: Location,
    /// The roles, in the order of the program.
    roles: Vec<RoleId>,
    pub(crate) allows: Vec<AllowUse>,
    /// The roles that were used.
    used: BTreeSet<RoleId>,
    /// The number of recorded grants by an `allow` that is not at its place.
    pub(crate) moved: usize,
    /// The number of recorded grants that go back to earlier ones, without an `allow`.
    pub(crate) earlier: usize,
    /// True for a translated role that other tokens get in its source.
    is_inexact: bool,
}

/// The use of an `allow`.
#[derive(Debug)]
pub(crate) struct AllowUse {
    pub(crate) location: Location,
    /// The name of its file and its line, as an exchange records them.
    place: (String, usize),
    /// Its clauses: one for each role of a `for`. A statement of a document may have several.
    clauses: Vec<(RoleId, ClauseId)>,
    state: State,
    /// The consequence of removing it, if it was not used and that was asked.
    pub(crate) removal: Option<Consequence>,
}

/// The state of an `allow`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    Used,
    /// A token of the log would take it with some values of its external conditions.
    MaybeExternal,
    /// A token of the log took it, or another `allow` on its line.
    MaybeOnLine,
    Unused,
}

/// The answer whether an `allow` was used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Used {
    Yes,
    No,
    /// It is not decided, for this reason.
    Unknown(String),
}

impl<'p> Usage<'p> {
    /// Returns the `allow`s of some roles, of which none is used yet. `is_inexact` returns whether other tokens get a role
    /// in the document that it is translated from.
    pub(crate) fn new(set: &'p PolicySet, chosen: &[RoleId], is_inexact: impl Fn(RoleId) -> bool) -> Self {
        let roles = written(set, chosen, is_inexact);
        let mut positions = BTreeMap::new();
        let mut external = Vec::new();
        for (position, role) in roles.iter().enumerate() {
            positions.extend(role.roles.iter().map(|one| (*one, position)));
            for (number, allow) in role.allows.iter().enumerate() {
                for (_, clause) in &allow.clauses {
                    let externals = externals(set, *clause);
                    if !externals.is_empty() {
                        external.push((position, number, *clause, externals));
                    }
                }
            }
        }
        Self {
            set,
            roles,
            positions,
            external,
        }
    }

    /// Adds a token that gets some roles. It takes each `allow` that allows it.
    pub(crate) fn add_token(&mut self, claims: &UnverifiedClaims, got: &[RoleId]) {
        let set = self.set;
        let allows = |clause| set.evaluate_clause(claims, clause, &|_| Truth::Unknown).is_ok();
        for role in got {
            let position = self.positions.get(role);
            let Some(written) = position.and_then(|position| self.roles.get_mut(*position)) else {
                continue;
            };
            written.used.insert(*role);
            let open = written
                .allows
                .iter_mut()
                .filter(|allow| allow.state != State::Used);
            for allow in open {
                let mut clauses = allow.clauses.iter().filter(|(of, _)| of == role);
                if clauses.any(|(_, clause)| allows(*clause)) {
                    allow.state = State::Used;
                }
            }
        }
        for (position, number, clause, externals) in &self.external {
            let role = self.roles.get_mut(*position);
            let Some(allow) = role.and_then(|role| role.allows.get_mut(*number)) else {
                continue;
            };
            if allow.state == State::Unused && may_allow(set, claims, *clause, externals) {
                allow.state = State::MaybeExternal;
            }
        }
    }

    /// Adds a recorded grant of a role by the `allow` at a place, `FILE:LINE`; none for a grant that goes back to an
    /// earlier one. Returns false if the role is not one of those in question.
    pub(crate) fn add_grant(&mut self, role: RoleId, place: Option<&str>) -> bool {
        let position = self.positions.get(&role);
        let Some(written) = position.and_then(|position| self.roles.get_mut(*position)) else {
            return false;
        };
        written.used.insert(role);
        let Some(place) = place else {
            written.earlier = written.earlier.saturating_add(1);
            return true;
        };
        let there = written.allows.iter_mut();
        let there = there.filter(|allow| allow.is_of(role) && allow.is_at(place));
        match there.collect::<Vec<_>>().as_mut_slice() {
            [] => written.moved = written.moved.saturating_add(1),
            [allow] => allow.state = State::Used,
            several => {
                for allow in several.iter_mut().filter(|allow| allow.state != State::Used) {
                    allow.state = State::MaybeOnLine;
                }
            }
        }
        true
    }

    /// Proves what removing each `allow` would lose that was not used.
    #[must_use]
    pub(crate) fn proved(mut self) -> Self {
        let set = self.set;
        let analysis = || Analysis::new(set);
        let roles = self.roles.par_iter_mut();
        roles
            .filter(|role| !role.is_inexact)
            .for_each_init(analysis, |analysis, role| Proofs::new(analysis).prove(role));
        self
    }
}

impl RoleUse {
    /// Returns whether a role of these was used.
    pub(crate) fn is_used(&self) -> bool {
        !self.used.is_empty()
    }

    /// Returns the roles of a `for` that were not used, if others were.
    pub(crate) fn unused_roles(&self) -> impl Iterator<Item = RoleId> {
        let unused = self.roles.iter().filter(|role| !self.used.contains(role));
        unused.filter(|_| self.is_used() && !self.is_inexact).copied()
    }

    /// Returns whether an `allow` of the role was used.
    pub(crate) fn used(&self, allow: &AllowUse) -> Used {
        let is_recorded = self.allows.iter().any(|allow| allow.state == State::Used);
        let reason = match allow.state {
            State::Used => return Used::Yes,
            State::MaybeExternal => {
                "a token of the log takes it if a condition holds that no token decides".to_owned()
            }
            State::MaybeOnLine => "the log does not say which `allow` of this line was taken".to_owned(),
            State::Unused if self.is_inexact => "its role is not translated exactly".to_owned(),
            State::Unused if self.moved > 0 => {
                "the log has grants of its role by an `allow` that is not at its place any more".to_owned()
            }
            State::Unused if self.earlier > 0 && !is_recorded => {
                "the log has uses of its role, but not the grants that they go back to".to_owned()
            }
            State::Unused => return Used::No,
        };
        Used::Unknown(reason)
    }
}

impl AllowUse {
    fn is_of(&self, role: RoleId) -> bool {
        self.clauses.iter().any(|(of, _)| *of == role)
    }

    /// Returns whether the `allow` is at a place. An exchange names files from the folder of its policies on.
    fn is_at(&self, place: &str) -> bool {
        let Some((file, line)) = place.rsplit_once(':') else {
            return false;
        };
        let (own, own_line) = &self.place;
        let before = own.strip_suffix(file);
        let is_file = before.is_some_and(|before| before.is_empty() || before.ends_with('/'));
        is_file && line.parse() == Ok(*own_line)
    }
}

/// Returns the external conditions of a clause, each once.
fn externals(set: &PolicySet, clause: ClauseId) -> Vec<Arc<External>> {
    let mut found: Vec<Arc<External>> = Vec::new();
    let conditions = set.program()[clause].conditions();
    conditions.for_each(|condition| condition.each_external(&mut |one| found.push(Arc::clone(one))));
    found.sort_unstable();
    found.dedup();
    found
}

/// Returns whether a clause allows a token with some values of its external conditions. With too many of them to try,
/// each token with its issuer and audience may take it.
fn may_allow(
    set: &PolicySet,
    claims: &UnverifiedClaims,
    clause: ClauseId,
    externals: &[Arc<External>],
) -> bool {
    if externals.len() > MAX_TRIED {
        let outcome = set.evaluate_clause(claims, clause, &|_| Truth::Unknown);
        return !matches!(outcome, Err(DenialReason::Issuer | DenialReason::Audience));
    }
    let mut assignments = 0..1_u32 << externals.len();
    assignments.any(|assignment| {
        let value = |external: &External| {
            let mut numbered = (0..).zip(externals);
            let known = numbered.find(|(_, known)| ***known == *external);
            Truth::from(known.is_some_and(|(number, _)| assignment & (1 << number) != 0))
        };
        set.evaluate_clause(claims, clause, &value).is_ok()
    })
}
