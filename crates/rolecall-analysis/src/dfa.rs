//! Deterministic automata over bytes: complete, minimal and numbered in one way, so that equal languages are equal values.

mod minimize;
mod walk;

pub(crate) use walk::{Classes, Walk, build};

use crate::meter::row;
use std::fmt;

/// A deterministic automaton. State 0 is the first one; every state has a next one for every byte.
#[derive(Clone, PartialEq, Eq, Hash)]
pub(crate) struct Dfa {
    /// The class of each byte: bytes of one class are never told apart.
    classes: Box<[u8]>,
    /// The number of classes.
    width: usize,
    /// The next state, for each state and each class.
    next: Box<[u32]>,
    /// Whether a word may end in the state.
    accepting: Box<[bool]>,
}

impl Dfa {
    /// The automaton that accepts no word.
    pub(crate) fn none() -> Self {
        Self {
            classes: vec![0; 256].into(),
            width: 1,
            next: [0].into(),
            accepting: [false].into(),
        }
    }

    /// The bytes that it takes.
    pub(crate) fn size(&self) -> usize {
        let rows = row::<u8>(self.classes.len()).saturating_add(row::<u32>(self.next.len()));
        rows.saturating_add(row::<bool>(self.accepting.len()))
            .saturating_add(row::<Self>(1))
    }

    /// The number of states.
    pub(crate) fn len(&self) -> usize {
        self.accepting.len()
    }

    /// The class of a byte.
    pub(crate) fn class(&self, byte: u8) -> u8 {
        self.classes.get(usize::from(byte)).copied().unwrap_or_default()
    }

    /// The state after one more byte.
    pub(crate) fn step(&self, state: u32, byte: u8) -> u32 {
        let row = index(state).saturating_mul(self.width);
        let at = row.saturating_add(usize::from(self.class(byte)));
        self.next.get(at).copied().unwrap_or_default()
    }

    /// The state after some more bytes.
    pub(crate) fn run(&self, state: u32, word: &[u8]) -> u32 {
        word.iter().fold(state, |state, byte| self.step(state, *byte))
    }

    /// Whether a word may end in the state.
    pub(crate) fn may_end(&self, state: u32) -> bool {
        self.accepting.get(index(state)).copied().unwrap_or_default()
    }

    /// Whether the word is accepted.
    pub(crate) fn accepts(&self, word: &[u8]) -> bool {
        self.may_end(self.run(0, word))
    }

    /// Whether no word is accepted.
    pub(crate) fn is_empty(&self) -> bool {
        !self.accepting.contains(&true)
    }

    /// The state that is never left, in which words may end or may not: a smallest automaton has at most one of each.
    pub(crate) fn sink(&self, accepting: bool) -> Option<u32> {
        let mut states = self.accepting.iter().enumerate();
        let sink = states.find(|(state, may_end)| {
            let row = state.saturating_mul(self.width);
            let row = self.next.get(row..row.saturating_add(self.width));
            let own = number(*state);
            **may_end == accepting && row.is_some_and(|row| row.iter().all(|next| *next == own))
        });
        sink.map(|(state, _)| number(state))
    }

    /// All words, if they are not more than a few.
    pub(crate) fn few_words(&self, most: usize) -> Option<Vec<Vec<u8>>> {
        let dead = self.sink(false);
        let (mut found, mut begun) = (Vec::new(), vec![(0_u32, Vec::new())]);
        // From every state but that one a word may be ended, so that there are as many words as are begun; and a word that is
        // longer than there are states can be made longer for ever.
        for _ in 0..=self.len() {
            let mut longer = Vec::new();
            for (state, word) in begun {
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
            begun = longer;
        }
        None
    }

    /// The states that words lead to from a state, that one included.
    pub(crate) fn reachable(&self, from: u32) -> Vec<u32> {
        let (mut seen, mut found) = (vec![false; self.len()], vec![from]);
        let mut at: usize = 0;
        if let Some(first) = seen.get_mut(index(from)) {
            *first = true;
        }
        while let Some(state) = found.get(at).copied() {
            at = at.saturating_add(1);
            let row = index(state).saturating_mul(self.width);
            for next in self
                .next
                .get(row..row.saturating_add(self.width))
                .unwrap_or_default()
            {
                if let Some(seen @ false) = seen.get_mut(index(*next)) {
                    *seen = true;
                    found.push(*next);
                }
            }
        }
        found
    }
}

/// The number of a state as an index.
pub(crate) fn index(state: u32) -> usize {
    usize::try_from(state).unwrap_or(usize::MAX)
}

/// The index of a state as its number. There are never as many states as numbers.
pub(crate) fn number(index: usize) -> u32 {
    u32::try_from(index).unwrap_or(u32::MAX)
}

impl fmt::Debug for Dfa {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Dfa")
            .field("states", &self.len())
            .finish_non_exhaustive()
    }
}
