//! What a claim may be so that, put into a template, it leads an automaton from one state to some others.

use super::is_mark;
use crate::dfa::{Classes, Dfa, Walk};
use rolecall_engine::Filter;

/// The values that lead from a state to one of some others, after a filter.
#[derive(Debug)]
pub(super) struct Filtered<'a> {
    pub(super) dfa: &'a Dfa,
    pub(super) from: u32,
    pub(super) to: &'a [u32],
    pub(super) filter: Option<Filter>,
}

impl Filtered<'_> {
    fn is_goal(&self, state: u32) -> bool {
        self.to.contains(&state)
    }
}

/// Where the automaton is, and where it was before the last `/`, if that matters. A word that is no text is nowhere.
pub(super) type Place = Option<(u32, Option<u32>)>;

impl Walk for Filtered<'_> {
    type State = Place;

    fn start(&self) -> Place {
        Some((self.from, None))
    }

    fn step(&self, place: &Place, byte: u8) -> Place {
        let (state, parent) = (*place)?;
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

    fn may_end(&self, place: &Place) -> bool {
        match (self.filter, *place) {
            (Some(Filter::Parent), Some((_, parent))) => parent.is_some_and(|state| self.is_goal(state)),
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
