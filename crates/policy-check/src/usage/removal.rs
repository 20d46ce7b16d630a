//! Proofs of what removing an `allow` would lose.

use super::{RoleUse, Used};
use rolecall_analysis::{Analysis, Removal, Undecided, Witness};
use rolecall_engine::{ClauseId, Location, RoleId};
use std::collections::BTreeMap;

/// The consequence of removing an `allow`.
#[derive(Clone, Debug)]
pub(crate) struct Consequence {
    pub(crate) outcome: Outcome,
    /// Other unused `allow`s that lose nothing either. If they are removed, this one is needed, or it is not decided.
    pub(crate) unless_removed: Vec<Location>,
}

/// The tokens that would no longer get the role.
#[derive(Clone, Debug)]
pub(crate) enum Outcome {
    /// A token loses it.
    Loses(Box<Witness>),
    /// No token gets the role by it.
    NoToken,
    /// The budget of the proof ran out, or the question cannot be expressed.
    NotDecided(Option<Undecided>),
    /// Each of its tokens gets the role by another `allow`.
    Nothing,
}

/// The clauses of roles that are removed together.
type Removed = BTreeMap<RoleId, Vec<ClauseId>>;

/// The proofs about one role as it is written.
pub(super) struct Proofs<'a, 'p> {
    analysis: &'a mut Analysis<'p>,
    /// The clauses of `allow`s that lose nothing, even if all of them are removed, and where these are.
    gone: Removed,
    places: Vec<Location>,
}

impl<'a, 'p> Proofs<'a, 'p> {
    pub(super) fn new(analysis: &'a mut Analysis<'p>) -> Self {
        Self {
            analysis,
            gone: Removed::new(),
            places: Vec::new(),
        }
    }

    /// Adds the consequences to the `allow`s of a role that were not used.
    pub(super) fn prove(mut self, role: &mut RoleUse) {
        let open: Vec<bool> = role
            .allows
            .iter()
            .map(|allow| role.used(allow) != Used::Yes)
            .collect();
        let open = role.allows.iter_mut().zip(open).filter(|(_, is_open)| *is_open);
        for (allow, _) in open {
            let mut own = Removed::new();
            for (role, clause) in &allow.clauses {
                own.entry(*role).or_default().push(*clause);
            }
            allow.removal = Some(self.consequence(own, allow.location));
        }
    }

    fn consequence(&mut self, own: Removed, at: Location) -> Consequence {
        let outcome = self.outcome(&own);
        let mut unless_removed = Vec::new();
        if matches!(outcome, Outcome::Nothing) {
            let mut together = own;
            for (role, clauses) in &self.gone {
                together.entry(*role).or_default().extend(clauses);
            }
            match self.places.is_empty() || matches!(self.outcome(&together), Outcome::Nothing) {
                true => {
                    self.gone = together;
                    self.places.push(at);
                }
                false => unless_removed.clone_from(&self.places),
            }
        }
        Consequence {
            outcome,
            unless_removed,
        }
    }

    /// Returns the consequence of removing some clauses of several roles.
    fn outcome(&mut self, removed: &Removed) -> Outcome {
        let mut found = Outcome::NoToken;
        for (role, clauses) in removed {
            found = match (self.analysis.removal(*role, clauses), found) {
                (Removal::Loses(witness), _) => return Outcome::Loses(witness),
                (Removal::NotDecided(reason), _) => Outcome::NotDecided(Some(reason)),
                (_, found @ Outcome::NotDecided(_)) => found,
                (Removal::Nothing, _) => Outcome::Nothing,
                (Removal::NoToken, found) => found,
                _ => Outcome::NotDecided(None),
            };
        }
        found
    }
}
