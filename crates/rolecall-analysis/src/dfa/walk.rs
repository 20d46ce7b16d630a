//! From anything that can be followed byte by byte to its automaton.

use super::{Dfa, minimize, number};
use crate::budget::{Meter, Reason};
use hashbrown::HashMap;
use std::hash::Hash;

/// Something that reads a word byte by byte.
pub(crate) trait Walk {
    /// Where it may be.
    type State: Clone + Eq + Hash;

    /// Before the first byte.
    fn start(&self) -> Self::State;

    /// After one more byte.
    fn step(&self, state: &Self::State, byte: u8) -> Self::State;

    /// Whether a word may end here.
    fn may_end(&self, state: &Self::State) -> bool;

    /// Which bytes are never told apart.
    fn classes(&self) -> Classes;
}

/// Classes of bytes that are never told apart.
#[derive(Clone, Debug)]
pub(crate) struct Classes {
    pub(super) of: Box<[u8]>,
    /// The first byte of each class.
    pub(super) representatives: Vec<u8>,
}

impl Classes {
    /// The classes of the bytes for which this gives the same.
    pub(crate) fn by<K: Eq + Hash>(key: impl Fn(u8) -> K) -> Self {
        let mut known: HashMap<K, u8> = HashMap::new();
        let mut representatives = Vec::new();
        let classes = (0..=u8::MAX).map(|byte| {
            *known.entry(key(byte)).or_insert_with(|| {
                representatives.push(byte);
                // There are at most 256 of them.
                u8::try_from(representatives.len().saturating_sub(1)).unwrap_or(u8::MAX)
            })
        });
        let of = classes.collect();
        Self { of, representatives }
    }

    /// The classes of the bytes that have the same number, which is less than a count.
    pub(super) fn numbered(count: usize, number: impl Fn(u8) -> usize) -> Self {
        let mut known: Vec<Option<u8>> = vec![None; count];
        let mut representatives = Vec::new();
        let classes = (0..=u8::MAX).map(|byte| {
            let known = known.get_mut(number(byte));
            known.map_or(0, |known| {
                *known.get_or_insert_with(|| {
                    representatives.push(byte);
                    // There are at most 256 of them.
                    u8::try_from(representatives.len().saturating_sub(1)).unwrap_or(u8::MAX)
                })
            })
        });
        let of = classes.collect();
        Self { of, representatives }
    }

    /// The classes of the bytes that none of some automata tells apart.
    pub(crate) fn of_all<'d>(automata: impl IntoIterator<Item = &'d Dfa>) -> Self {
        let mut classes = Self {
            of: vec![0; 256].into(),
            representatives: vec![0],
        };
        for dfa in automata {
            let count = classes.representatives.len().saturating_mul(dfa.width);
            classes = Self::numbered(count, |byte| {
                let row = usize::from(classes.of(byte)).saturating_mul(dfa.width);
                row.saturating_add(usize::from(dfa.class(byte)))
            });
        }
        classes
    }

    /// The class of a byte.
    pub(crate) fn of(&self, byte: u8) -> u8 {
        self.of.get(usize::from(byte)).copied().unwrap_or_default()
    }
}

/// The minimal automaton of a walk.
///
/// # Errors
/// What of the budget ran out.
pub(crate) fn build<W: Walk>(walk: &W, meter: &mut Meter) -> Result<Dfa, Reason> {
    let classes = walk.classes();
    let width = classes.representatives.len();
    let limit = meter.automaton_states();
    let start = walk.start();
    let mut numbers: HashMap<_, _> = HashMap::from([(start.clone(), 0_u32)]);
    let mut states = vec![start];
    let (mut next, mut accepting) = (Vec::new(), Vec::new());
    let mut at: usize = 0;
    while let Some(state) = states.get(at).cloned() {
        meter.spend(1, width.saturating_mul(4).saturating_add(64))?;
        accepting.push(walk.may_end(&state));
        for byte in &classes.representatives {
            let after = walk.step(&state, *byte);
            let known = *numbers.entry(after).or_insert_with_key(|after| {
                states.push(after.clone());
                number(states.len().saturating_sub(1))
            });
            next.push(known);
        }
        if states.len() > limit {
            return Err(Reason::Automaton { limit });
        }
        at = at.saturating_add(1);
    }
    let large = Dfa {
        classes: classes.of,
        width,
        next: next.into(),
        accepting: accepting.into(),
    };
    minimize::minimize(&large, meter)
}
