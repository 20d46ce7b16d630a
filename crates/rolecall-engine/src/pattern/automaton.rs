//! Automata: what a regex accepts, in time linear in the value and without allocating.

use super::error::RegularError;
use regex_automata::Anchored;
use regex_automata::dfa::{Automaton as _, StartKind, dense};
use regex_automata::nfa::thompson::{self, NFA, WhichCaptures};
use regex_automata::util::primitives::StateID;
use regex_automata::util::start;
use regex_syntax::hir::{Hir, Look};
use std::collections::HashMap;

/// The size of a compiled regex: 64 KiB.
const SIZE_LIMIT: usize = 64 * 1024;
/// How much memory the table of a regex may take; beyond that, its states are followed all at once.
const TABLE_LIMIT: usize = 256 * 1024;
/// How much memory making the table may take.
const DETERMINIZE_LIMIT: usize = 4 * TABLE_LIMIT;

/// What a regex accepts.
#[derive(Debug)]
pub(crate) enum Automaton {
    /// One state at a time.
    Table(Table),
    /// Many states at a time, for the few regexes whose table would be too large.
    States(super::states::States),
}

/// A deterministic automaton. State 0 is the first, and what never gets anywhere is `DEAD`.
#[derive(Debug)]
pub(crate) struct Table {
    /// The class of each byte: bytes of one class are never told apart.
    classes: Box<[u8; 256]>,
    /// The number of classes.
    width: usize,
    /// The next state, for each state and each class.
    next: Box<[u16]>,
    /// Whether a value may end in the state.
    accepting: Box<[bool]>,
}

/// The state from which nothing is accepted.
const DEAD: u16 = u16::MAX;

impl Automaton {
    /// The automaton of a regex for the whole value, or [`RegularError::TooLarge`] if it takes more than 64 KiB; and how many
    /// bytes were taken to make it.
    pub(super) fn new(hir: &Hir) -> (Result<Self, RegularError>, usize) {
        // Only at the end is it known which of the ways to read a value counts.
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
        match Table::new(&nfa) {
            Some((table, more)) => (Ok(Self::Table(table)), bytes.saturating_add(more)),
            None => {
                let states = super::states::States::new(nfa).map(Self::States);
                (
                    states.ok_or(RegularError::TooLarge),
                    bytes.saturating_add(TABLE_LIMIT),
                )
            }
        }
    }

    pub(super) fn accepts(&self, value: &[u8]) -> bool {
        match self {
            Self::Table(table) => table.accepts(value),
            Self::States(states) => states.accepts(value),
        }
    }

    /// The states before the first byte.
    pub(super) fn first(&self) -> Vec<u32> {
        match self {
            Self::Table(_) => vec![0],
            Self::States(states) => states.first(),
        }
    }

    /// The states that a byte leads to; none if nothing can be accepted any more.
    pub(super) fn next(&self, states: &[u32], byte: u8) -> Vec<u32> {
        match self {
            Self::Table(table) => states
                .iter()
                .filter_map(|state| table.next(*state, byte))
                .collect(),
            Self::States(automaton) => automaton.next(states, byte),
        }
    }

    /// Whether a value may end in these states.
    pub(super) fn may_end(&self, states: &[u32]) -> bool {
        match self {
            Self::Table(table) => states.iter().any(|state| table.may_end(*state)),
            Self::States(automaton) => automaton.may_end(states),
        }
    }

    /// The class of a byte: bytes of one class are never told apart.
    pub(super) fn class(&self, byte: u8) -> u8 {
        match self {
            Self::Table(table) => table.classes.get(usize::from(byte)).copied().unwrap_or_default(),
            Self::States(automaton) => automaton.class(byte),
        }
    }
}

impl Table {
    fn next(&self, state: u32, byte: u8) -> Option<u32> {
        let class = self.classes.get(usize::from(byte)).copied().map(usize::from)?;
        let row = usize::try_from(state).ok()?.checked_mul(self.width)?;
        let next = self.next.get(row.checked_add(class)?)?;
        (*next != DEAD).then_some(u32::from(*next))
    }

    fn may_end(&self, state: u32) -> bool {
        let accepting = usize::try_from(state)
            .ok()
            .and_then(|state| self.accepting.get(state));
        accepting.copied().unwrap_or_default()
    }

    /// The table of an automaton, and how many bytes it took to make it; `None` if it is too large.
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
        let mut state: u16 = 0;
        for byte in value {
            let class = self.classes.get(usize::from(*byte)).copied().unwrap_or_default();
            let at = usize::from(state)
                .wrapping_mul(self.width)
                .wrapping_add(usize::from(class));
            // Of the dead state there is no row.
            match self.next.get(at) {
                Some(next) if *next != DEAD => state = *next,
                _ => return false,
            }
        }
        self.accepting
            .get(usize::from(state))
            .copied()
            .unwrap_or_default()
    }
}

/// A walk over the states of the library's automaton, which numbers them anew.
struct Walk<'a> {
    dfa: &'a dense::DFA<Vec<u32>>,
    numbers: HashMap<StateID, u16>,
    states: Vec<StateID>,
}

impl<'a> Walk<'a> {
    fn new(dfa: &'a dense::DFA<Vec<u32>>) -> Option<Self> {
        let start = dfa
            .start_state(&start::Config::new().anchored(Anchored::Yes))
            .ok()?;
        let mut walk = Walk {
            dfa,
            numbers: HashMap::new(),
            states: Vec::new(),
        };
        walk.number(start)?;
        Some(walk)
    }

    /// The number of a state, which it gets when it is met first.
    fn number(&mut self, state: StateID) -> Option<u16> {
        if self.dfa.is_dead_state(state) {
            return Some(DEAD);
        }
        if let Some(known) = self.numbers.get(&state) {
            return Some(*known);
        }
        let number = u16::try_from(self.states.len())
            .ok()
            .filter(|number| *number != DEAD)?;
        self.numbers.insert(state, number);
        self.states.push(state);
        Some(number)
    }

    fn table(mut self) -> Option<Table> {
        let classes = self.dfa.byte_classes();
        let mut representatives: Vec<u8> = Vec::new();
        let mut class_of = Box::new([0_u8; 256]);
        for (byte, class) in (0..=u8::MAX).zip(class_of.iter_mut()) {
            *class = classes.get(byte);
            if usize::from(*class) == representatives.len() {
                representatives.push(byte);
            }
        }
        let (mut next, mut accepting) = (Vec::new(), Vec::new());
        let mut at: usize = 0;
        while let Some(state) = self.states.get(at).copied() {
            for byte in &representatives {
                next.push(self.number(self.dfa.next_state(state, *byte))?);
            }
            accepting.push(self.dfa.is_match_state(self.dfa.next_eoi_state(state)));
            at = at.saturating_add(1);
        }
        Some(Table {
            classes: class_of,
            width: representatives.len(),
            next: next.into(),
            accepting: accepting.into(),
        })
    }
}
