//! Minimisation: the smallest automaton of a language, numbered canonically, by Moore's partition refinement.
//!
//! It is our own because languages are compared by their automata: two automata of one language must be equal
//! values, whether they come from a pattern, a product or a complement. `regex-automata` minimises only what
//! it builds from a regex, keeps states and classes of bytes that depend on that regex, has no equality, and
//! counts no budget.
//!
//! Measured on five regexes, from the NFA on: the same states as `dense::Builder` with `minimize(true)`,
//! which adds one for the end of the input, in 0.2 to 3 times its time.

use super::{Classes, Dfa};
use crate::budget::Undecided;
use crate::index::{entry, index, number, slice};
use crate::meter::{Meter, row, sum, table};
use hashbrown::{DefaultHashBuilder, HashTable};
use std::hash::{BuildHasher, Hasher};

/// The distance of a state from which no state of the wanted kind is reachable.
const UNREACHABLE: u32 = u32::MAX;

/// Returns the smallest automaton that accepts the same words.
pub(super) fn minimize(dfa: &Dfa, meter: &mut Meter) -> Result<Dfa, Undecided> {
    meter.hold(working_size(dfa))?;
    let blocks = blocks(dfa, meter)?;
    Ok(with_fewest_classes(&joined(dfa, &blocks)))
}

/// Returns the most bytes that the minimisation of an automaton needs at one time.
fn working_size(dfa: &Dfa) -> usize {
    // First the predecessors, the distances with the queues that find them, and two numberings of the blocks
    // with the table of one of them. Later the new table of successors, twice while it grows, and once more
    // with fewer classes.
    sum([
        row::<[u32; 8]>(dfa.len()),
        table::<(usize, u32)>(dfa.len()),
        row::<[u32; 4]>(dfa.next.len()),
    ])
}

/// Returns the block of each state. States of one block accept the same words.
fn blocks(dfa: &Dfa, meter: &mut Meter) -> Result<Vec<u32>, Undecided> {
    // States with different distances to an accepting or a rejecting state differ. Beginning with these
    // blocks, a long literal does not take a round for each of its characters.
    let predecessors = Predecessors::of(dfa);
    let [near, far] = [true, false].map(|accepting| distances(dfa, &predecessors, accepting));
    let (mut blocks, mut count) = group_by(dfa.len(), |state| {
        [entry(&near, state), entry(&far, state)].into_iter()
    });
    while count < dfa.len() {
        let block = |state: u32| entry(&blocks, index(state));
        let (finer, more) = group_by(dfa.len(), |state| {
            let state = number(state);
            let next = dfa.successors(state).iter().map(|next| block(*next));
            std::iter::once(block(state)).chain(next)
        });
        // A round visits each state once more, which costs less than building it.
        meter.look(dfa.len().div_ceil(4))?;
        if more == count {
            break;
        }
        (blocks, count) = (finer, more);
    }
    Ok(blocks)
}

/// Groups the items `0..count` by their keys. Returns the group of each item and the number of groups, which
/// are numbered in the order of their first items.
fn group_by<K: Iterator<Item = u32>>(count: usize, key: impl Fn(usize) -> K) -> (Vec<u32>, usize) {
    let hashes = DefaultHashBuilder::default();
    let hash = |item: usize| {
        let mut hasher = hashes.build_hasher();
        key(item).for_each(|part| hasher.write_u32(part));
        hasher.finish()
    };
    // The first item of each group, and the number of the group.
    let mut known: HashTable<(usize, u32)> = HashTable::with_capacity(count);
    let mut groups = Vec::with_capacity(count);
    for item in 0..count {
        let next = number(known.len());
        let is_equal = |(first, _): &(usize, u32)| key(*first).eq(key(item));
        let group = known.entry(hash(item), is_equal, |(first, _)| hash(*first));
        groups.push(group.or_insert((item, next)).get().1);
    }
    (groups, known.len())
}

/// The predecessors of each state, in one flat array.
struct Predecessors {
    states: Vec<u32>,
    /// The end of each state's predecessors in `states`. They begin at the end of the state before.
    ends: Vec<usize>,
}

impl Predecessors {
    fn of(dfa: &Dfa) -> Self {
        // Every entry of the table of successors is one predecessor, so that no count can overflow.
        let mut ends = vec![0_usize; dfa.len()];
        for next in &dfa.next {
            if let Some(end) = ends.get_mut(index(*next)) {
                *end = end.wrapping_add(1);
            }
        }
        let mut sum: usize = 0;
        for end in &mut ends {
            // Until its predecessors are written, the end of a state is their start.
            sum = sum.wrapping_add(std::mem::replace(end, sum));
        }
        let mut states = vec![0_u32; sum];
        for state in 0..number(dfa.len()) {
            for next in dfa.successors(state) {
                if let Some(end) = ends.get_mut(index(*next))
                    && let Some(slot) = states.get_mut(*end)
                {
                    *slot = state;
                    *end = end.wrapping_add(1);
                }
            }
        }
        Self { states, ends }
    }

    fn of_state(&self, state: u32) -> &[u32] {
        let start = index(state)
            .checked_sub(1)
            .map_or(0, |before| entry(&self.ends, before));
        slice(&self.states, start..entry(&self.ends, index(state)))
    }
}

/// Returns the distance from each state to the nearest accepting, or rejecting, state.
fn distances(dfa: &Dfa, predecessors: &Predecessors, accepting: bool) -> Vec<u32> {
    let mut distances = vec![UNREACHABLE; dfa.len()];
    let mut queue: Vec<u32> = Vec::new();
    for (state, (may_end, distance)) in (0..).zip(dfa.accepting.iter().zip(&mut distances)) {
        if *may_end == accepting {
            *distance = 0;
            queue.push(state);
        }
    }
    for at in 0.. {
        let Some(state) = queue.get(at).copied() else {
            break;
        };
        // A distance is less than the number of states.
        let one_more = entry(&distances, index(state)).wrapping_add(1);
        for earlier in predecessors.of_state(state) {
            if let Some(distance @ &mut UNREACHABLE) = distances.get_mut(index(*earlier)) {
                *distance = one_more;
                queue.push(*earlier);
            }
        }
    }
    distances
}

/// Returns the automaton with one state for each block, numbered in the order in which words reach them.
fn joined(dfa: &Dfa, blocks: &[u32]) -> Dfa {
    // The new state of each block, and a member of the block of each new state.
    let mut numbers: Vec<Option<u32>> = vec![None; dfa.len()];
    let mut members = Vec::new();
    let mut number_of = |state: u32, members: &mut Vec<u32>| {
        let known = numbers.get_mut(index(entry(blocks, index(state))));
        debug_assert!(known.is_some(), "there are no more blocks than states");
        known.map_or(0, |known| {
            *known.get_or_insert_with(|| {
                let new = number(members.len());
                members.push(state);
                new
            })
        })
    };
    number_of(0, &mut members);
    let (mut next, mut accepting) = (Vec::new(), Vec::new());
    for at in 0.. {
        let Some(state) = members.get(at).copied() else {
            break;
        };
        accepting.push(dfa.may_end(state));
        for after in dfa.successors(state) {
            next.push(number_of(*after, &mut members));
        }
    }
    Dfa {
        classes: dfa.classes.clone(),
        width: dfa.width,
        next: next.into(),
        accepting: accepting.into(),
    }
}

/// Returns the automaton with the fewest classes of bytes, in the order of their first bytes.
fn with_fewest_classes(dfa: &Dfa) -> Dfa {
    // Classes that lead to the same states everywhere become one.
    let (columns, count) = group_by(dfa.width, |class| {
        dfa.next.iter().skip(class).step_by(dfa.width).copied()
    });
    let classes = Classes::numbered(count, |byte| index(entry(&columns, usize::from(dfa.class(byte)))));
    let bytes = &classes.representatives;
    // No more than the table of the automaton itself has.
    let mut next = Vec::with_capacity(dfa.len().wrapping_mul(bytes.len()));
    for state in 0..number(dfa.len()) {
        next.extend(bytes.iter().map(|byte| dfa.step(state, *byte)));
    }
    Dfa {
        next: next.into(),
        width: bytes.len(),
        classes: classes.of,
        accepting: dfa.accepting.clone(),
    }
}
