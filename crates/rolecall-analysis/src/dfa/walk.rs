//! Construction of automata from anything that reads words byte by byte.

use super::classes::Classes;
use super::{Dfa, minimize};
use crate::budget::Undecided;
use crate::index::{index, number};
use crate::meter::{Meter, row};
use hashbrown::{DefaultHashBuilder, HashTable};
use std::hash::{BuildHasher, Hash};

/// A deterministic reader of words, byte by byte.
pub(crate) trait Walk {
    /// The state after some bytes.
    type State: Clone + Eq + Hash;

    /// Returns the state before the first byte.
    fn start(&self) -> Self::State;

    /// Returns the state after one more byte.
    fn step(&self, state: &Self::State, byte: u8) -> Self::State;

    /// Returns whether a word that leads to the state is accepted.
    fn may_end(&self, state: &Self::State) -> bool;

    /// Returns the classes of bytes that lead from every state to the same successor.
    fn classes(&self) -> Classes;

    /// Returns the bytes that a state allocates.
    fn size(_: &Self::State) -> usize {
        0
    }
}

/// Builds the minimal automaton of a walk.
///
/// The bytes that it takes on the way are not given back to the meter: only the caller knows which of them
/// are kept.
///
/// # Errors
/// The part of the budget that ran out.
pub(crate) fn build<W: Walk>(walk: &W, meter: &mut Meter) -> Result<Dfa, Undecided> {
    let left = meter.left();
    let large = follow(walk, meter)?;
    meter.restore(left);
    meter.hold(large.size())?;
    minimize::minimize(&large, meter)
}

/// Builds the automaton of a walk, with one state for each reachable state of the walk.
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
    for at in 0.. {
        let Some(state) = states.get(at).cloned() else {
            break;
        };
        // A step by many classes of bytes is as much work as visiting several states.
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
    }
    // While the table is cut to its length, it is allocated twice.
    meter.hold(row::<u32>(next.len()))?;
    Ok(Dfa {
        classes: classes.of,
        width,
        next: next.into(),
        accepting: accepting.into(),
    })
}
