//! Simulation of nondeterministic automata, for regexes whose table would be too large.

use crate::certain::next;
use crate::swar::set_bits;
use regex_automata::nfa::thompson::{NFA, State};
use regex_automata::util::primitives::StateID;

/// The maximum number of states, so that a set of them fits on the stack.
const MAX_STATES: usize = 4_096;

/// The states of a regex.
#[derive(Debug)]
pub(crate) struct States(NFA);

/// A set of states.
struct Set([u64; MAX_STATES / 64]);

impl States {
    /// Returns the simulation, unless the automaton has too many states.
    pub(super) fn new(nfa: NFA) -> Option<Self> {
        (nfa.states().len() <= MAX_STATES).then_some(Self(nfa))
    }

    /// Returns true if a value is accepted. The work is at most states × bytes.
    pub(super) fn accepts(&self, value: &[u8]) -> bool {
        let mut stack = Stack::new();
        let mut now = Set::new();
        self.enter(self.0.start_anchored(), false, &mut stack, &mut now);
        for byte in value {
            let mut next = Set::new();
            for state in now.states() {
                if let Some(target) = self.step(state, *byte) {
                    self.enter(target, false, &mut stack, &mut next);
                }
            }
            now = next;
        }
        // The value ends here, which some states wait for.
        let mut end = Set::new();
        for state in now.states() {
            self.enter(state, true, &mut stack, &mut end);
        }
        let mut states = end.states();
        states.any(|state| matches!(self.0.state(state), State::Match { .. }))
    }

    /// Returns the states before the first byte.
    pub(super) fn first(&self) -> Vec<u32> {
        let mut first = Set::new();
        self.enter(self.0.start_anchored(), false, &mut Stack::new(), &mut first);
        first.numbers()
    }

    /// Returns the states that a byte leads to.
    pub(super) fn next(&self, states: &[u32], byte: u8) -> Vec<u32> {
        let (mut stack, mut next) = (Stack::new(), Set::new());
        for state in states.iter().filter_map(|state| self.state(*state)) {
            if let Some(target) = self.step(state, byte) {
                self.enter(target, false, &mut stack, &mut next);
            }
        }
        next.numbers()
    }

    /// Returns true if a value may end in these states.
    pub(super) fn may_end(&self, states: &[u32]) -> bool {
        let (mut stack, mut end) = (Stack::new(), Set::new());
        for state in states.iter().filter_map(|state| self.state(*state)) {
            self.enter(state, true, &mut stack, &mut end);
        }
        let mut states = end.states();
        states.any(|state| matches!(self.0.state(state), State::Match { .. }))
    }

    /// Returns the class of a byte. The automaton does not distinguish bytes of one class.
    pub(super) fn class(&self, byte: u8) -> u8 {
        self.0.byte_classes().get(byte)
    }

    fn state(&self, number: u32) -> Option<StateID> {
        let number = usize::try_from(number).ok()?;
        (number < self.0.states().len()).then(|| StateID::new(number).ok())?
    }

    /// Returns the state that a byte leads to.
    fn step(&self, state: StateID, byte: u8) -> Option<StateID> {
        match self.0.state(state) {
            State::ByteRange { trans } => trans.matches_byte(byte).then_some(trans.next),
            State::Sparse(transitions) => transitions.matches_byte(byte),
            State::Dense(transitions) => transitions.matches_byte(byte),
            _ => None,
        }
    }

    /// Adds a state and all states that it leads to without a byte, or at the end of the value.
    fn enter(&self, state: StateID, at_end: bool, stack: &mut Stack, set: &mut Set) {
        let mut push = |state: StateID, stack: &mut Stack| {
            // Each state is pushed once, so the stack has room for all of them.
            if set.insert(state) {
                stack.push(state);
            }
        };
        push(state, stack);
        while let Some(state) = stack.pop() {
            match self.0.state(state) {
                State::Union { alternates } => alternates.iter().for_each(|next| push(*next, stack)),
                State::BinaryUnion { alt1, alt2 } => {
                    push(*alt1, stack);
                    push(*alt2, stack);
                }
                State::Capture { next, .. } => push(*next, stack),
                // The only look-around of the language is the end that every regex has.
                State::Look { next, .. } if at_end => push(*next, stack),
                _ => {}
            }
        }
    }
}

/// States that have not been expanded yet.
struct Stack {
    states: [StateID; MAX_STATES],
    height: usize,
}

impl Stack {
    fn new() -> Self {
        Self {
            states: [StateID::ZERO; MAX_STATES],
            height: 0,
        }
    }

    fn push(&mut self, state: StateID) {
        if let Some(top) = self.states.get_mut(self.height) {
            *top = state;
            self.height = next(self.height);
        }
    }

    fn pop(&mut self) -> Option<StateID> {
        self.height = self.height.checked_sub(1)?;
        self.states.get(self.height).copied()
    }
}

impl Set {
    fn new() -> Self {
        Self([0; MAX_STATES / 64])
    }

    /// Adds a state; false if it was there.
    fn insert(&mut self, state: StateID) -> bool {
        let Some(word) = self.0.get_mut(state.as_usize() >> 6) else {
            return false;
        };
        let bit = 1_u64 << (state.as_usize() & 63);
        let is_new = *word & bit == 0;
        *word |= bit;
        is_new
    }

    fn numbers(&self) -> Vec<u32> {
        self.states().map(|state| state.as_u32()).collect()
    }

    fn states(&self) -> impl Iterator<Item = StateID> {
        set_bits(&self.0).filter_map(|state| StateID::new(state).ok())
    }
}
