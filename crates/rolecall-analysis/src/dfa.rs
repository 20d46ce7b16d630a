//! Deterministic automata over bytes: complete, minimal and numbered canonically, so that equal languages are
//! equal values.

mod classes;
mod minimize;
mod walk;

pub(crate) use classes::Classes;
pub(crate) use walk::{Walk, build};

use crate::index::{entry, index, number, slice};
use crate::meter::{row, sum};
use std::fmt;

/// A deterministic automaton. State 0 is the initial one; every state has a successor for every byte.
#[derive(Clone, PartialEq, Eq, Hash)]
pub(crate) struct Dfa {
    /// The class of each byte. Bytes of one class lead from each state to the same successor.
    classes: Box<[u8]>,
    /// The number of classes.
    width: usize,
    /// The successors of each state, one for each class.
    next: Box<[u32]>,
    /// For each state, true if it is accepting.
    accepting: Box<[bool]>,
}

impl Dfa {
    /// Returns the automaton of the empty language.
    pub(crate) fn none() -> Self {
        Self {
            classes: vec![0; 256].into(),
            width: 1,
            next: [0].into(),
            accepting: [false].into(),
        }
    }

    /// Returns the size in bytes.
    pub(crate) fn size(&self) -> usize {
        sum([
            row::<u8>(self.classes.len()),
            row::<u32>(self.next.len()),
            row::<bool>(self.accepting.len()),
            row::<Self>(1),
        ])
    }

    /// Returns the number of states.
    pub(crate) fn len(&self) -> usize {
        self.accepting.len()
    }

    /// Returns the class of a byte.
    pub(crate) fn class(&self, byte: u8) -> u8 {
        entry(&self.classes, usize::from(byte))
    }

    /// Returns the successors of a state, one for each class.
    fn successors(&self, state: u32) -> &[u32] {
        // The table is in memory, so that an index of it can't overflow.
        let start = index(state).wrapping_mul(self.width);
        slice(&self.next, start..start.wrapping_add(self.width))
    }

    /// Returns the state after one more byte.
    pub(crate) fn step(&self, state: u32, byte: u8) -> u32 {
        let row = index(state).wrapping_mul(self.width);
        entry(&self.next, row.wrapping_add(usize::from(self.class(byte))))
    }

    /// Returns the state after some more bytes.
    pub(crate) fn run(&self, state: u32, word: &[u8]) -> u32 {
        word.iter().fold(state, |state, byte| self.step(state, *byte))
    }

    /// Returns whether a word that leads to the state is accepted.
    pub(crate) fn may_end(&self, state: u32) -> bool {
        entry(&self.accepting, index(state))
    }

    /// Returns whether the word is accepted.
    pub(crate) fn accepts(&self, word: &[u8]) -> bool {
        self.may_end(self.run(0, word))
    }

    /// Returns whether no word is accepted.
    pub(crate) fn is_empty(&self) -> bool {
        !self.accepting.contains(&true)
    }

    /// Returns the accepting, or the rejecting, state that is its only successor. A minimal automaton has at
    /// most one of each.
    pub(crate) fn sink(&self, accepting: bool) -> Option<u32> {
        let states = (0..number(self.len())).zip(&self.accepting);
        let mut states = states.filter(|(_, may_end)| **may_end == accepting);
        let sink = states.find(|(state, _)| self.successors(*state).iter().all(|next| next == state));
        sink.map(|(state, _)| state)
    }

    /// Returns all words of the language, if they are at most `most`.
    pub(crate) fn few_words(&self, most: usize) -> Option<Vec<Vec<u8>>> {
        let dead = self.sink(false);
        let (mut found, mut prefixes) = (Vec::new(), vec![(0_u32, Vec::new())]);
        // From every state but the dead one a word can be completed, so that there are at least as many words
        // as prefixes. A word that is longer than the number of states can be extended without end.
        for _ in 0..=self.len() {
            let mut longer = Vec::new();
            for (state, word) in prefixes {
                for byte in 0..=u8::MAX {
                    let next = self.step(state, byte);
                    if Some(next) != dead {
                        let mut word: Vec<u8> = word.clone();
                        word.push(byte);
                        longer.push((next, word));
                    }
                    if longer.len() > most {
                        return None;
                    }
                }
                if self.may_end(state) {
                    found.push(word);
                }
            }
            if found.len() > most {
                return None;
            }
            if longer.is_empty() {
                return Some(found);
            }
            prefixes = longer;
        }
        None
    }

    /// Returns the states that words lead to from a state, that one included.
    pub(crate) fn reachable(&self, from: u32) -> Vec<u32> {
        let (mut seen, mut found) = (vec![false; self.len()], vec![from]);
        if let Some(first) = seen.get_mut(index(from)) {
            *first = true;
        }
        for at in 0.. {
            let Some(state) = found.get(at).copied() else {
                break;
            };
            for next in self.successors(state) {
                if let Some(seen @ false) = seen.get_mut(index(*next)) {
                    *seen = true;
                    found.push(*next);
                }
            }
        }
        found
    }
}

impl fmt::Debug for Dfa {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Dfa")
            .field("states", &self.len())
            .finish_non_exhaustive()
    }
}
