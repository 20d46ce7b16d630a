//! Automata that may be in many states at a time: how patterns are put together.

use super::is_mark;
use crate::dfa::{Classes, Walk};
use crate::meter::row;

/// Kinds of bytes. Bytes that no text has are of none.
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

/// An edge: the kind of bytes, and whether `/` and `:` are of it.
#[derive(Clone, Copy, Debug)]
struct Edge {
    bytes: Bytes,
    crosses: bool,
    to: usize,
}

/// An automaton in the making. State 0 is the first.
#[derive(Debug)]
pub(super) struct Nfa {
    edges: Vec<Vec<Edge>>,
    empty: Vec<Vec<usize>>,
    /// Where words may end.
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

    /// The bytes that it takes.
    pub(super) fn size(&self) -> usize {
        let edges = self.edges.iter().map(|edges| row::<Edge>(edges.capacity()));
        let empty = self.empty.iter().map(|empty| row::<usize>(empty.capacity()));
        let rows = row::<[Vec<Edge>; 2]>(self.edges.capacity());
        edges.chain(empty).fold(rows, usize::saturating_add)
    }

    /// A new state.
    pub(super) fn state(&mut self) -> usize {
        self.edges.push(Vec::new());
        self.empty.push(Vec::new());
        self.edges.len().saturating_sub(1)
    }

    /// An edge for bytes; `crosses` says whether they may be `/` and `:`.
    pub(super) fn edge(&mut self, from: usize, bytes: Bytes, crosses: bool, to: usize) {
        if let Some(edges) = self.edges.get_mut(from) {
            edges.push(Edge { bytes, crosses, to });
        }
    }

    /// An edge that needs no byte.
    pub(super) fn skip(&mut self, from: usize, to: usize) {
        if let Some(empty) = self.empty.get_mut(from) {
            empty.push(to);
        }
    }

    /// Reads a text from a state, and gives the state after it.
    pub(super) fn text(&mut self, from: usize, text: &str) -> usize {
        text.bytes().fold(from, |from, byte| {
            let to = self.state();
            self.edge(from, Bytes::One(byte), true, to);
            to
        })
    }

    fn closure(&self, mut states: Vec<usize>) -> Vec<usize> {
        states.sort_unstable();
        states.dedup();
        let mut at: usize = 0;
        while let Some(state) = states.get(at).copied() {
            at = at.saturating_add(1);
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
        let mut written = [false; 256];
        for edge in self.edges.iter().flatten() {
            if let Bytes::One(byte) = edge.bytes
                && let Some(written) = written.get_mut(usize::from(byte))
            {
                *written = true;
            }
        }
        Classes::by(|byte| {
            let own = written.get(usize::from(byte)).copied().unwrap_or_default();
            let own = (own || matches!(byte, b'/' | b':')).then_some(byte);
            (own, (0x80..0xc0).contains(&byte), is_mark(byte))
        })
    }

    fn size(states: &Vec<usize>) -> usize {
        row::<usize>(states.capacity())
    }
}
