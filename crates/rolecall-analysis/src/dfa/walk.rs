//! From anything that can be followed byte by byte to its automaton.

use super::{Dfa, index, minimize, number};
use crate::budget::Undecided;
use crate::meter::{Meter, row};
use hashbrown::{DefaultHashBuilder, HashMap, HashTable};
use std::hash::{BuildHasher, Hash};

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

    /// The bytes that a state takes elsewhere.
    fn size(_: &Self::State) -> usize {
        0
    }
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
/// What is paid for on the way is not given back here: only who asked knows what is kept.
///
/// # Errors
/// What of the budget ran out.
pub(crate) fn build<W: Walk>(walk: &W, meter: &mut Meter) -> Result<Dfa, Undecided> {
    let left = meter.left();
    let large = follow(walk, meter)?;
    meter.restore(left);
    meter.hold(large.size())?;
    minimize::minimize(&large, meter)
}

/// The automaton of a walk, with a state for each one that the walk comes to.
fn follow<W: Walk>(walk: &W, meter: &mut Meter) -> Result<Dfa, Undecided> {
    let classes = walk.classes();
    let width = classes.representatives.len();
    let limit = meter.automaton_states();
    let hashes = DefaultHashBuilder::default();
    let (mut states, mut numbers) = (Vec::new(), HashTable::new());
    let (mut next, mut accepting) = (Vec::new(), Vec::new());
    meter.room(&mut states)?;
    meter.room_in(&mut numbers, |_| 0)?;
    let start = walk.start();
    numbers.insert_unique(hashes.hash_one(&start), 0_u32, |_| 0);
    states.push(start);
    let mut at: usize = 0;
    while let Some(state) = states.get(at).cloned() {
        // To go on by many classes of bytes is as much work as to look at several states.
        meter.look(width.div_ceil(32))?;
        meter.room(&mut accepting)?;
        meter.room_for(&mut next, width)?;
        accepting.push(walk.may_end(&state));
        for byte in &classes.representatives {
            let after = walk.step(&state, *byte);
            let hash = hashes.hash_one(&after);
            let known = numbers.find(hash, |known| states.get(index(*known)) == Some(&after));
            next.push(match known {
                Some(known) => *known,
                None => {
                    let new = number(states.len());
                    let hash_of = |known: &u32| {
                        states
                            .get(index(*known))
                            .map_or(0, |state| hashes.hash_one(state))
                    };
                    meter.room_in(&mut numbers, hash_of)?;
                    numbers.insert_unique(hash, new, hash_of);
                    meter.hold(W::size(&after))?;
                    meter.room(&mut states)?;
                    states.push(after);
                    new
                }
            });
        }
        if states.len() > limit {
            return Err(Undecided::Automaton { limit });
        }
        at = at.saturating_add(1);
    }
    // While it is cut to its length, it is there twice.
    meter.hold(row::<u32>(next.len()))?;
    Ok(Dfa {
        classes: classes.of,
        width,
        next: next.into(),
        accepting: accepting.into(),
    })
}
