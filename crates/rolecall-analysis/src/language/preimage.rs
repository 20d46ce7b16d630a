//! Preimages: the values of a claim that, put into a template, lead an automaton from one state to some
//! others.

use super::is_mark;
use crate::dfa::{Classes, Dfa, Walk};
use rolecall_engine::Filter;

/// Reader of the values that lead from a state to one of some others, after a filter.
#[derive(Debug)]
pub(super) struct Preimage<'a> {
    pub(super) dfa: &'a Dfa,
    pub(super) from: u32,
    pub(super) to: &'a [u32],
    pub(super) filter: Option<Filter>,
}

impl Preimage<'_> {
    fn is_goal(&self, state: u32) -> bool {
        self.to.contains(&state)
    }
}

/// The state of the automaton, and its state before the last `/` if the filter needs it. `None` after a mark.
pub(super) type PreimageState = Option<(u32, Option<u32>)>;

impl Walk for Preimage<'_> {
    type State = PreimageState;

    fn start(&self) -> PreimageState {
        Some((self.from, None))
    }

    fn step(&self, state: &PreimageState, byte: u8) -> PreimageState {
        let (state, parent) = (*state)?;
        if is_mark(byte) {
            return None;
        }
        Some(match (self.filter, byte) {
            (Some(Filter::ColonEncoded), b':') => (self.dfa.run(state, b"%3A"), None),
            (Some(Filter::Name), b'/') => (self.from, None),
            (Some(Filter::Parent), b'/') => (self.dfa.step(state, byte), Some(state)),
            _ => (self.dfa.step(state, byte), parent),
        })
    }

    fn may_end(&self, state: &PreimageState) -> bool {
        match (self.filter, *state) {
            (Some(Filter::Parent), Some((_, parent))) => parent.is_some_and(|before| self.is_goal(before)),
            (_, Some((state, _))) => self.is_goal(state),
            (_, None) => false,
        }
    }

    fn classes(&self) -> Classes {
        Classes::by(|byte| {
            let own = matches!(byte, b':' | b'/').then_some(byte);
            (self.dfa.class(byte), own, is_mark(byte))
        })
    }
}
