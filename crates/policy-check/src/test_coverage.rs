//! Coverage of a policy set by its tests: the comparisons that decide a test, and for the others a token that would.

use rayon::prelude::*;
use rolecall_analysis::{Analysis, Answer, Undecided, Witness, WrittenRole, decided, written_roles};
use rolecall_engine::ir::Test;
use rolecall_engine::{Location, PolicySet, RoleId};
use std::collections::{HashMap, HashSet};

/// The coverage of a role as it is written.
#[derive(Debug)]
pub(crate) struct RoleCoverage {
    pub(crate) role: WrittenRole,
    /// The tests that allow it and those that deny it, as they expect.
    pub(crate) tests: Pair<usize>,
    /// The coverage of each of its comparisons.
    pub(crate) comparisons: Vec<(Location, Pair<Obligation>)>,
}

/// Something for the role that is allowed, and for the role that is denied.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Pair<T> {
    pub(crate) allowed: T,
    pub(crate) denied: T,
}

impl<T> Pair<T> {
    pub(crate) fn each(&self) -> [(bool, &T); 2] {
        [(true, &self.allowed), (false, &self.denied)]
    }
}

/// The obligation that a comparison decides a test.
#[derive(Debug)]
pub(crate) enum Obligation {
    /// A test meets it.
    Covered,
    /// It is proved that no token meets it.
    Impossible,
    /// The budget ran out, or the question cannot be expressed.
    NotDecided(Undecided),
    /// No test meets it, and this token would.
    Uncovered(Box<Witness>),
}

/// The comparisons of a test that decide, by the position of the written role.
type Decided = (usize, Location, bool);

/// Returns the coverage by some tests of a set.
pub(crate) fn coverage(set: &PolicySet, tests: &[&Test]) -> Vec<RoleCoverage> {
    let written = written_roles(set);
    let positions: HashMap<RoleId, usize> = written
        .iter()
        .enumerate()
        .flat_map(|(position, one)| one.roles.iter().map(move |role| (*role, position)))
        .collect();
    let (covered, decisions) = tests
        .par_iter()
        .map(|test| of_test(set, test, &positions))
        .reduce(Default::default, |mut all, one| {
            all.0.extend(one.0);
            for (key, count) in one.1 {
                let known: &mut usize = all.1.entry(key).or_default();
                *known = known.saturating_add(count);
            }
            all
        });
    let analysis = || Analysis::new(set);
    let roles = written.into_par_iter().enumerate();
    let roles = roles.map_init(analysis, |analysis, (position, role)| {
        let mut obligation =
            |at: Location, is_allowed: bool| match covered.contains(&(position, at, is_allowed)) {
                true => Obligation::Covered,
                false => proved(analysis, &role.roles, at, is_allowed),
            };
        let mut comparisons = Vec::new();
        for at in &role.comparisons {
            let allowed = obligation(*at, true);
            let denied = obligation(*at, false);
            comparisons.push((*at, Pair { allowed, denied }));
        }
        let count = |is_allowed| {
            decisions
                .get(&(position, is_allowed))
                .copied()
                .unwrap_or_default()
        };
        let tests = Pair {
            allowed: count(true),
            denied: count(false),
        };
        RoleCoverage {
            role,
            tests,
            comparisons,
        }
    });
    roles.collect()
}

/// Returns what a test covers, and the number of its decisions on each written role: 1 or none.
fn of_test(
    set: &PolicySet,
    test: &Test,
    positions: &HashMap<RoleId, usize>,
) -> (HashSet<Decided>, HashMap<(usize, bool), usize>) {
    let mut covered = HashSet::new();
    let mut decisions = HashMap::new();
    for (role, decisive) in decided(set, test) {
        let Some(position) = positions.get(&role) else {
            continue;
        };
        decisions.insert((*position, decisive.is_allowed), 1);
        let comparisons = decisive.comparisons.into_iter();
        covered.extend(comparisons.map(|at| (*position, at, decisive.is_allowed)));
    }
    (covered, decisions)
}

/// Searches for a token that meets an obligation for one of the roles.
fn proved(analysis: &mut Analysis<'_>, roles: &[RoleId], at: Location, is_allowed: bool) -> Obligation {
    let mut undecided = None;
    for role in roles {
        match analysis.decided_by(*role, at, is_allowed) {
            Answer::Token(witness) => return Obligation::Uncovered(witness),
            Answer::NotDecided(reason) => undecided = undecided.or(Some(reason)),
            _ => {}
        }
    }
    undecided.map_or(Obligation::Impossible, Obligation::NotDecided)
}
