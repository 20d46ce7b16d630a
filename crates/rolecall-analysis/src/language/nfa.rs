//! Nondeterministic automata, from which the automata of patterns are built.

use super::is_mark;
use crate::dfa::{Classes, Walk};
use crate::meter::{row, sum};
use hashbrown::HashSet;

/// A kind of bytes. The bytes of marks belong to none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Bytes {
    /// Any byte.
    Any,
    /// A byte inside a character, after its first.
    Continuation,
    /// The first byte of a character.
    First,
    /// This byte.
    One(u8),
}

/// An edge for a kind of bytes. `crosses` is whether `/` and `:` belong to it.
#[derive(Clone, Copy, Debug)]
struct Edge {
    bytes: Bytes,
    crosses: bool,
    to: usize,
}

/// A nondeterministic automaton. State 0 is the initial one.
#[derive(Debug)]
pub(super) struct Nfa {
    /// The edges from each state.
    edges: Vec<Vec<Edge>>,
    /// The states that are reached from each state without a byte.
    empty: Vec<Vec<usize>>,
    /// The accepting state.
    pub(super) end: usize,
}

impl Nfa {
    pub(super) fn new() -> Self {
        Self {
            edges: vec![Vec::new()],
            empty: vec![Vec::new()],
            end: 0,
        }
    }

    /// Returns the size in bytes.
    pub(super) fn size(&self) -> usize {
        let edges = self.edges.iter().map(|edges| row::<Edge>(edges.capacity()));
        let empty = self.empty.iter().map(|empty| row::<usize>(empty.capacity()));
        let rows = row::<[Vec<Edge>; 2]>(self.edges.capacity());
        sum(edges.chain(empty).chain([rows]))
    }

    /// Adds a state.
    pub(super) fn state(&mut self) -> usize {
        let state = self.edges.len();
        self.edges.push(Vec::new());
        self.empty.push(Vec::new());
        state
    }

    /// Adds an edge for bytes. `crosses` is whether they may be `/` and `:`.
    pub(super) fn edge(&mut self, from: usize, bytes: Bytes, crosses: bool, to: usize) {
        if let Some(edges) = self.edges.get_mut(from) {
            edges.push(Edge { bytes, crosses, to });
        }
    }

    /// Adds an edge that needs no byte.
    pub(super) fn skip(&mut self, from: usize, to: usize) {
        if let Some(empty) = self.empty.get_mut(from) {
            empty.push(to);
        }
    }

    /// Adds states that read a text, and returns the state after it.
    pub(super) fn text(&mut self, from: usize, text: &str) -> usize {
        text.bytes().fold(from, |from, byte| {
            let to = self.state();
            self.edge(from, Bytes::One(byte), true, to);
            to
        })
    }

    /// Returns the states, sorted, with those that are reached from them without a byte.
    fn closure(&self, mut states: Vec<usize>) -> Vec<usize> {
        states.sort_unstable();
        states.dedup();
        for at in 0.. {
            let Some(state) = states.get(at).copied() else {
                break;
            };
            for next in self.empty.get(state).into_iter().flatten() {
                if !states.contains(next) {
                    states.push(*next);
                }
            }
        }
        states.sort_unstable();
        states
    }
}

impl Edge {
    /// Returns whether the edge can be followed by a byte.
    fn takes(&self, byte: u8) -> bool {
        let is_continuation = (0x80..0xc0).contains(&byte);
        let fits = match self.bytes {
            Bytes::Any => true,
            Bytes::Continuation => is_continuation,
            Bytes::First => !is_continuation,
            Bytes::One(one) => byte == one,
        };
        fits && !is_mark(byte) && (self.crosses || !matches!(byte, b'/' | b':'))
    }
}

impl Walk for Nfa {
    type State = Vec<usize>;

    fn start(&self) -> Vec<usize> {
        self.closure(vec![0])
    }

    fn step(&self, states: &Vec<usize>, byte: u8) -> Vec<usize> {
        let edges = states.iter().filter_map(|state| self.edges.get(*state)).flatten();
        self.closure(
            edges
                .filter(|edge| edge.takes(byte))
                .map(|edge| edge.to)
                .collect(),
        )
    }

    fn may_end(&self, states: &Vec<usize>) -> bool {
        states.binary_search(&self.end).is_ok()
    }

    fn classes(&self) -> Classes {
        let edges = self.edges.iter().flatten();
        let literals = edges.filter_map(|edge| match edge.bytes {
            Bytes::One(byte) => Some(byte),
            Bytes::Any | Bytes::Continuation | Bytes::First => None,
        });
        let own: HashSet<u8> = literals.chain([b'/', b':']).collect();
        Classes::by(|byte| {
            let own = own.contains(&byte).then_some(byte);
            (own, (0x80..0xc0).contains(&byte), is_mark(byte))
        })
    }

    fn size(states: &Vec<usize>) -> usize {
        row::<usize>(states.capacity())
    }
}
