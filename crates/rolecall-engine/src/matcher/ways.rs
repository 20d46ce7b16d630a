//! The ways to each role: where in the indexes of its issuers it is. So one role is decided without its conditions.

use super::groups::Posting;
use crate::document::{index, number};
use crate::ir::Program;

/// The ways to all roles.
#[derive(Clone, Debug)]
pub(super) struct Ways {
    /// For each role where its ways begin among all of them, and one more, where the last ones end.
    starts: Box<[Start]>,
    ways: Box<[Way]>,
}

/// Where the ways to a role begin.
#[derive(Clone, Copy, Debug)]
struct Start {
    first: u32,
    /// Whether a token that has none of the ways is certainly denied for its condition.
    are_all: bool,
}

/// A way to a role.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Way {
    role: u32,
    pub(super) clause: u32,
    pub(super) issuer: u32,
    pub(super) block: u32,
    pub(super) group: u32,
}

/// A role with more ways is decided by its conditions: they may be long lists, in which a value is found faster.
const MOST: usize = 8;

impl Way {
    pub(super) fn new(issuer: u32, posting: Posting, block: u32, group: u32) -> Self {
        let (role, clause) = (posting.role(), posting.clause());
        Self {
            role,
            clause,
            issuer,
            block,
            group,
        }
    }
}

impl Ways {
    /// All of these, which are taken in any order.
    pub(super) fn new(program: &Program, mut all: Vec<Way>) -> Self {
        all.sort_unstable();
        all.dedup();
        let (mut starts, mut ways) = (Vec::with_capacity(program.roles.len()), Vec::with_capacity(all.len()));
        let mut left = all.as_slice();
        for (place, role) in program.roles.iter().enumerate() {
            let count = left.iter().take_while(|way| index(way.role) == place).count();
            let (mine, rest) = left.split_at_checked(count).unwrap_or_default();
            left = rest;
            let clauses = role.clauses.iter().enumerate();
            let are_all = mine.len() <= MOST
                && role.clauses.len() <= index(Posting::LAST_CLAUSE)
                && clauses.clone().all(|(_, clause)| clause.guards.is_empty())
                && clauses.clone().all(|(clause, _)| mine.iter().any(|way| index(way.clause) == clause));
            let first = number(ways.len());
            starts.push(Start { first, are_all });
            if are_all {
                ways.extend(mine);
            }
        }
        let first = number(ways.len());
        starts.push(Start { first, are_all: false });
        Self {
            starts: starts.into(),
            ways: ways.into(),
        }
    }

    /// The ways to a role, those of its first clause first; `None` if its conditions have to be asked.
    #[inline]
    pub(super) fn of(&self, role: usize) -> Option<&[Way]> {
        let [start, next] = self.starts.get(role..)?.first_chunk()?;
        self.ways.get(index(start.first)..index(next.first)).filter(|_| start.are_all)
    }

    /// The bytes that they take.
    pub(super) fn bytes(&self) -> usize {
        size_of_val(&*self.starts).saturating_add(size_of_val(&*self.ways))
    }
}
