//! Automata of regexes, which read a value in linear time and without allocation.
//!
//! The tables are our own because a policy set keeps one for each regex: entries have two bytes, and rows
//! have the length that they need. `dense::DFA` has entries of four bytes, in rows whose length is a power of
//! two. `PikeVM` allocates a cache for each search, which a decision must not do. For
//! `release-[0-9]+\.[0-9]+` and a value of 15 bytes the table takes 628 bytes and 9 ns, `dense::DFA` 1,024
//! bytes and 19 ns, and `PikeVM` 1,964 bytes and 300 ns. For a regex of 49 states and a value of 28 bytes it
//! is 1,677 bytes and 140 ns, 3,392 bytes and 33 ns, 14,740 bytes and 880 ns.

use super::error::RegularError;
use crate::certain::{certain, plus};
use crate::narrow::index;
use regex_automata::Anchored;
use regex_automata::dfa::{Automaton as _, StartKind, dense};
use regex_automata::nfa::thompson::{self, NFA, WhichCaptures};
use regex_automata::util::primitives::StateID;
use regex_automata::util::start;
use regex_syntax::hir::{Hir, Look};
use std::collections::HashMap;

/// The maximum size of a compiled regex, in bytes.
const SIZE_LIMIT: usize = 64 * 1024;
/// The maximum size of the table of a regex, in bytes. The states of a larger one are simulated.
const TABLE_LIMIT: usize = 256 * 1024;
/// The maximum memory for building a table, in bytes.
const DETERMINIZE_LIMIT: usize = 4 * TABLE_LIMIT;

/// An automaton that accepts the values of a regex.
#[derive(Debug)]
pub(crate) enum Automaton {
    /// A deterministic automaton.
    Table(Table),
    /// The simulation of a nondeterministic automaton, for the few regexes whose table would be too large.
    States(super::states::States),
}

/// A deterministic automaton. A state is the offset of its row in `next`, and the first state is 0.
#[derive(Debug)]
pub(crate) struct Table {
    /// The class of each byte. The automaton does not distinguish bytes of one class.
    classes: Box<[u8; 256]>,
    /// The number of classes.
    width: usize,
    /// The next state, for each state and each class. `TABLE_LIMIT` is for entries of four bytes, so that all
    /// offsets fit in two.
    next: Box<[u16]>,
    /// For each state, whether a value may end in it.
    accepting: Box<[bool]>,
}

/// The state from which nothing is accepted.
const DEAD: u16 = u16::MAX;

impl Automaton {
    /// Returns the automaton of a regex for the whole value, or [`RegularError::TooLarge`] if it takes more
    /// than 64 KiB; and the bytes that building it took.
    pub(super) fn new(hir: &Hir) -> (Result<Self, RegularError>, usize) {
        // The end of the value decides between the ways to read it.
        let whole = Hir::concat(vec![hir.clone(), Hir::look(Look::End)]);
        let config = thompson::Config::new()
            .which_captures(WhichCaptures::None)
            .nfa_size_limit(Some(SIZE_LIMIT));
        let nfa = thompson::Compiler::new().configure(config).build_from_hir(&whole);
        let nfa = match nfa {
            Ok(nfa) => nfa,
            Err(error) if error.size_limit().is_some() => return (Err(RegularError::TooLarge), SIZE_LIMIT),
            Err(error) => return (Err(RegularError::Invalid(error.to_string())), SIZE_LIMIT),
        };
        let bytes = nfa.memory_usage();
        let (automaton, more) = match Table::new(&nfa) {
            Some((table, more)) => (Some(Self::Table(table)), more),
            None => (super::states::States::new(nfa).map(Self::States), TABLE_LIMIT),
        };
        (automaton.ok_or(RegularError::TooLarge), plus(bytes, more))
    }

    pub(super) fn accepts(&self, value: &[u8]) -> bool {
        match self {
            Self::Table(table) => table.accepts(value),
            Self::States(states) => states.accepts(value),
        }
    }

    /// Returns the states before the first byte.
    pub(super) fn first(&self) -> Vec<u32> {
        match self {
            Self::Table(_) => vec![0],
            Self::States(states) => states.first(),
        }
    }

    /// Returns the states that a byte leads to; none if no continuation is accepted.
    pub(super) fn next(&self, states: &[u32], byte: u8) -> Vec<u32> {
        match self {
            Self::Table(table) => states
                .iter()
                .filter_map(|state| table.next(*state, byte))
                .collect(),
            Self::States(automaton) => automaton.next(states, byte),
        }
    }

    /// Returns true if a value may end in one of these states.
    pub(super) fn may_end(&self, states: &[u32]) -> bool {
        match self {
            Self::Table(table) => states.iter().any(|state| table.may_end(*state)),
            Self::States(automaton) => automaton.may_end(states),
        }
    }

    /// Returns the class of a byte. The automaton does not distinguish bytes of one class.
    pub(super) fn class(&self, byte: u8) -> u8 {
        match self {
            Self::Table(table) => table.class(byte),
            Self::States(automaton) => automaton.class(byte),
        }
    }
}

impl Table {
    fn next(&self, state: u32, byte: u8) -> Option<u32> {
        let next = self.step(u16::try_from(state).ok()?, byte)?;
        Some(u32::from(next))
    }

    fn may_end(&self, state: u32) -> bool {
        let row = index(state).checked_div(self.width);
        row.and_then(|row| self.accepting.get(row)) == Some(&true)
    }

    /// Returns the state that a byte leads to; `None` if that is the dead state.
    #[inline]
    fn step(&self, state: u16, byte: u8) -> Option<u16> {
        let at = usize::from(state).wrapping_add(usize::from(self.class(byte)));
        // The dead state has no row.
        self.next.get(at).copied().filter(|next| *next != DEAD)
    }

    #[inline]
    fn class(&self, byte: u8) -> u8 {
        certain(
            self.classes.get(usize::from(byte)).copied(),
            "each byte has a class",
        )
    }

    /// Returns the table of an automaton, and the bytes that building it took; `None` if it is too large.
    fn new(nfa: &NFA) -> Option<(Self, usize)> {
        let config = dense::Config::new()
            .start_kind(StartKind::Anchored)
            .accelerate(false)
            .dfa_size_limit(Some(TABLE_LIMIT))
            .determinize_size_limit(Some(DETERMINIZE_LIMIT));
        let dfa = dense::Builder::new().configure(config).build_from_nfa(nfa).ok()?;
        Some((Walk::new(&dfa)?.table()?, dfa.memory_usage()))
    }

    fn accepts(&self, value: &[u8]) -> bool {
        let mut state = 0;
        for byte in value {
            match self.step(state, *byte) {
                Some(next) => state = next,
                None => return false,
            }
        }
        self.may_end(u32::from(state))
    }
}

/// A walk over the states of the library's automaton, which gives them rows in the order that it finds them.
struct Walk<'a> {
    dfa: &'a dense::DFA<Vec<u32>>,
    /// The offsets of the rows.
    rows: HashMap<StateID, u16>,
    states: Vec<StateID>,
    class_of: Box<[u8; 256]>,
    /// A byte of each class.
    representatives: Vec<u8>,
}

impl<'a> Walk<'a> {
    fn new(dfa: &'a dense::DFA<Vec<u32>>) -> Option<Self> {
        let start = dfa
            .start_state(&start::Config::new().anchored(Anchored::Yes))
            .ok()?;
        let classes = dfa.byte_classes();
        let mut representatives: Vec<u8> = Vec::new();
        let mut class_of = Box::new([0_u8; 256]);
        for (byte, class) in (0..=u8::MAX).zip(class_of.iter_mut()) {
            *class = classes.get(byte);
            if usize::from(*class) == representatives.len() {
                representatives.push(byte);
            }
        }
        let mut walk = Walk {
            dfa,
            rows: HashMap::new(),
            states: Vec::new(),
            class_of,
            representatives,
        };
        walk.row(start)?;
        Some(walk)
    }

    /// Returns the row of a state, which is given when the state is found first.
    fn row(&mut self, state: StateID) -> Option<u16> {
        if self.dfa.is_dead_state(state) {
            return Some(DEAD);
        }
        if let Some(known) = self.rows.get(&state) {
            return Some(*known);
        }
        let row = self.states.len().checked_mul(self.representatives.len())?;
        let row = u16::try_from(row).ok().filter(|row| *row != DEAD)?;
        self.rows.insert(state, row);
        self.states.push(state);
        Some(row)
    }

    fn table(mut self) -> Option<Table> {
        let (mut next, mut accepting) = (Vec::new(), Vec::new());
        for at in 0_usize.. {
            let Some(state) = self.states.get(at).copied() else {
                break;
            };
            for class in 0..self.representatives.len() {
                let byte = *self.representatives.get(class)?;
                next.push(self.row(self.dfa.next_state(state, byte))?);
            }
            accepting.push(self.dfa.is_match_state(self.dfa.next_eoi_state(state)));
        }
        Some(Table {
            classes: self.class_of,
            width: self.representatives.len(),
            next: next.into(),
            accepting: accepting.into(),
        })
    }
}
