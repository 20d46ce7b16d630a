//! Ways to each role: its groups in the indexes of its issuers, which decide one role without its conditions.

use super::groups::Posting;
use crate::ir::Program;
use crate::narrow::{index, number};

/// The ways to all roles.
#[derive(Clone, Debug)]
pub(super) struct Ways {
    /// The entry of each role.
    first: Box<[Entry]>,
    /// The ways of the roles that have several, stored contiguously.
    more: Box<[Way]>,
}

/// A way to a role: a group of a block in the index of an issuer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Way {
    pub(super) clause: u32,
    pub(super) issuer: u32,
    pub(super) block: u32,
    pub(super) group: u32,
}

#[derive(Clone, Copy, Debug)]
enum Entry {
    One(Way),
    /// The range of its ways in the second table.
    Many(u32, u32),
    /// The role is decided by its conditions.
    Ask,
}

/// The maximum number of ways. A role with more is decided by its conditions, where a value of a long list is
/// found faster.
const MOST: usize = 8;

impl Ways {
    /// Returns the ways of all roles. They are given with the index of their role, in any order.
    pub(super) fn new(program: &Program, mut all: Vec<(u32, Way)>) -> Self {
        all.sort_unstable();
        all.dedup();
        let (mut first, mut more) = (Vec::with_capacity(program.roles().len()), Vec::new());
        let mut left = all.as_slice();
        for (position, role) in program.roles().ids().enumerate() {
            let count = left
                .iter()
                .take_while(|(role, _)| index(*role) == position)
                .count();
            let (mine, rest) = left.split_at(count);
            left = rest;
            // A token without any of the ways is denied for the condition, so the role must have no guards.
            let clauses = program.clauses(role);
            let says_all = mine.len() <= MOST
                && clauses.len() <= index(Posting::LAST_CLAUSE)
                && clauses.iter().enumerate().all(|(clause, said)| {
                    said.guards().is_empty() && mine.iter().any(|(_, way)| index(way.clause) == clause)
                });
            first.push(match mine {
                _ if !says_all => Entry::Ask,
                [(_, way)] => Entry::One(*way),
                _ => {
                    let start = number(more.len());
                    more.extend(mine.iter().map(|(_, way)| *way));
                    Entry::Many(start, number(more.len()))
                }
            });
        }
        Self {
            first: first.into(),
            more: more.into(),
        }
    }

    /// Returns the ways to a role, the first clause first; `None` if its conditions decide.
    #[inline]
    pub(super) fn of(&self, role: usize) -> Option<&[Way]> {
        match self.first.get(role)? {
            Entry::One(way) => Some(std::slice::from_ref(way)),
            Entry::Many(start, end) => self.more.get(index(*start)..index(*end)),
            Entry::Ask => None,
        }
    }

    /// Returns the bytes that the ways take.
    pub(super) fn bytes(&self) -> usize {
        [size_of_val(&*self.first), size_of_val(&*self.more)].iter().sum()
    }
}
