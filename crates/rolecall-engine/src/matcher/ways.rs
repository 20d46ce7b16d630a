//! The ways to each role: where in the indexes of its issuers it is. So one role is decided without its conditions.

use super::groups::Posting;
use crate::document::{index, number};
use crate::ir::Program;

/// The ways to all roles.
#[derive(Clone, Debug)]
pub(super) struct Ways {
    /// For each role its way, if it has one only.
    first: Box<[Entry]>,
    /// The ways of the others, side by side.
    more: Box<[Way]>,
}

/// A way to a role.
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
    /// Where they are among the others.
    Many(u32, u32),
    /// Its conditions have to be asked.
    Ask,
}

/// A role with more ways is decided by its conditions: they may be long lists, in which a value is found faster.
const MOST: usize = 8;

impl Ways {
    /// All of these, each with its role, which are taken in any order.
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
            let (mine, rest) = left.split_at_checked(count).unwrap_or_default();
            left = rest;
            // Whoever has none of the ways is denied for the condition, and nothing else.
            let clauses = program.clauses(role);
            let says_all = mine.len() <= MOST
                && clauses.len() <= index(Posting::LAST_CLAUSE)
                && clauses.iter().enumerate().all(|(clause, said)| {
                    said.guards.is_empty() && mine.iter().any(|(_, way)| index(way.clause) == clause)
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

    /// The ways to a role, those of its first clause first; `None` if its conditions have to be asked.
    #[inline]
    pub(super) fn of(&self, role: usize) -> Option<&[Way]> {
        match self.first.get(role)? {
            Entry::One(way) => Some(std::slice::from_ref(way)),
            Entry::Many(start, end) => self.more.get(index(*start)..index(*end)),
            Entry::Ask => None,
        }
    }

    /// The bytes that they take.
    pub(super) fn bytes(&self) -> usize {
        size_of_val(&*self.first).saturating_add(size_of_val(&*self.more))
    }
}
