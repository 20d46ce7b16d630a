//! The smallest automaton of a language, numbered in one way: Moore's partition refinement.

use super::{Dfa, index, number};
use crate::budget::Undecided;
use crate::meter::{Meter, row as row_size, table};
use hashbrown::{DefaultHashBuilder, HashTable};
use std::hash::{BuildHasher, Hasher};

/// The smallest automaton that accepts the same words.
pub(super) fn minimize(dfa: &Dfa, meter: &mut Meter) -> Result<Dfa, Undecided> {
    meter.hold(room(dfa))?;
    let blocks = blocks(dfa, meter)?;
    Ok(with_fewest_classes(&joined(dfa, &blocks)))
}

/// The most bytes that are needed on the way.
fn room(dfa: &Dfa) -> usize {
    // Where each state is come from, the distances and the states that they are found by, two numberings of the blocks with
    // the table of one of them; or, later on, the new table of next states, twice while it grows, and once more with fewer
    // classes.
    let each = row_size::<[u32; 8]>(dfa.len()).saturating_add(table::<(usize, u32)>(dfa.len()));
    each.saturating_add(row_size::<[u32; 4]>(dfa.next.len()))
}

/// The row of a state: where each class leads.
fn row(dfa: &Dfa, state: usize) -> &[u32] {
    let start = state.saturating_mul(dfa.width);
    dfa.next
        .get(start..start.saturating_add(dfa.width))
        .unwrap_or_default()
}

/// The block of each state: states of one block accept the same words.
fn blocks(dfa: &Dfa, meter: &mut Meter) -> Result<Vec<u32>, Undecided> {
    // States from which it is not equally far to the end of a word, or to the end of what is none, are told apart at once:
    // without that, a long literal would take a round for each of its characters.
    let before = Before::of(dfa);
    let [near, far] = [true, false].map(|accepting| distances(dfa, &before, accepting));
    let distance = |distances: &[u32], state: usize| distances.get(state).copied().unwrap_or(u32::MAX);
    let (mut blocks, mut count) = numbered(dfa.len(), |state| {
        [distance(&near, state), distance(&far, state)].into_iter()
    });
    while count < dfa.len() {
        let block = |state: u32| blocks.get(index(state)).copied().unwrap_or_default();
        let (finer, more) = numbered(dfa.len(), |state| {
            let next = row(dfa, state).iter().map(|next| block(*next));
            std::iter::once(block(number(state))).chain(next)
        });
        // A round looks at each state once more; that costs less than making it.
        meter.look(dfa.len().div_ceil(4))?;
        if more == count {
            break;
        }
        (blocks, count) = (finer, more);
    }
    Ok(blocks)
}

/// Gives those that look alike one number, and says how many numbers there are.
fn numbered<L: Iterator<Item = u32>>(count: usize, look: impl Fn(usize) -> L) -> (Vec<u32>, usize) {
    let hashes = DefaultHashBuilder::default();
    let hash = |one: usize| {
        let mut hasher = hashes.build_hasher();
        look(one).for_each(|part| hasher.write_u32(part));
        hasher.finish()
    };
    // The first one of each number.
    let mut known: HashTable<(usize, u32)> = HashTable::with_capacity(count);
    let mut numbers = Vec::with_capacity(count);
    for one in 0..count {
        let next = number(known.len());
        let alike = |(first, _): &(usize, u32)| look(*first).eq(look(one));
        let entry = known.entry(hash(one), alike, |(first, _)| hash(*first));
        numbers.push(entry.or_insert((one, next)).get().1);
    }
    (numbers, known.len())
}

/// From which states each state is come to.
struct Before {
    states: Vec<u32>,
    /// Where those of each state end; they begin where those of the one before end.
    ends: Vec<usize>,
}

impl Before {
    fn of(dfa: &Dfa) -> Self {
        let mut ends = vec![0_usize; dfa.len()];
        for next in &dfa.next {
            if let Some(end) = ends.get_mut(index(*next)) {
                *end = end.saturating_add(1);
            }
        }
        let mut sum: usize = 0;
        for end in &mut ends {
            // For now, where they begin.
            sum = sum.saturating_add(std::mem::replace(end, sum));
        }
        let mut states = vec![0_u32; sum];
        for state in 0..dfa.len() {
            for next in row(dfa, state) {
                if let Some(end) = ends.get_mut(index(*next))
                    && let Some(place) = states.get_mut(*end)
                {
                    *place = number(state);
                    *end = end.saturating_add(1);
                }
            }
        }
        Self { states, ends }
    }

    fn state(&self, state: u32) -> &[u32] {
        let end = |state: usize| self.ends.get(state).copied().unwrap_or_default();
        let start = index(state).checked_sub(1).map_or(0, end);
        self.states.get(start..end(index(state))).unwrap_or_default()
    }
}

/// How far it is from each state to one in which words may end, or may not.
fn distances(dfa: &Dfa, before: &Before, accepting: bool) -> Vec<u32> {
    let mut distances = vec![u32::MAX; dfa.len()];
    let mut found: Vec<u32> = Vec::new();
    for (state, (may_end, distance)) in dfa.accepting.iter().zip(&mut distances).enumerate() {
        if *may_end == accepting {
            *distance = 0;
            found.push(number(state));
        }
    }
    let mut at: usize = 0;
    while let Some(state) = found.get(at).copied() {
        at = at.saturating_add(1);
        let far = distances.get(index(state)).copied().unwrap_or_default();
        for earlier in before.state(state) {
            if let Some(distance @ &mut u32::MAX) = distances.get_mut(index(*earlier)) {
                *distance = far.saturating_add(1);
                found.push(*earlier);
            }
        }
    }
    distances
}

/// One state for each block, numbered in the order in which words meet them.
fn joined(dfa: &Dfa, blocks: &[u32]) -> Dfa {
    let block = |state: u32| blocks.get(index(state)).copied().map_or(usize::MAX, index);
    let mut numbers: Vec<Option<u32>> = vec![None; dfa.len()];
    let mut members = Vec::new();
    let mut number_of = |state: u32, members: &mut Vec<u32>| match numbers.get_mut(block(state)) {
        Some(known) => *known.get_or_insert_with(|| {
            members.push(state);
            number(members.len().saturating_sub(1))
        }),
        None => 0,
    };
    number_of(0, &mut members);
    let (mut next, mut accepting) = (Vec::new(), Vec::new());
    let mut at: usize = 0;
    while let Some(state) = members.get(at).copied() {
        at = at.saturating_add(1);
        accepting.push(dfa.may_end(state));
        for after in row(dfa, index(state)) {
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

/// The same with as few classes of bytes as there can be, in the order of their first bytes.
fn with_fewest_classes(dfa: &Dfa) -> Dfa {
    // Which classes lead to the same states everywhere.
    let (columns, count) = numbered(dfa.width, |class| {
        let column = dfa.next.iter().skip(class);
        column.step_by(dfa.width.max(1)).copied()
    });
    let column = |byte: u8| columns.get(usize::from(dfa.class(byte))).copied();
    let classes = super::Classes::numbered(count, |byte| index(column(byte).unwrap_or_default()));
    let mut next = Vec::with_capacity(dfa.len().saturating_mul(count));
    for state in 0..dfa.len() {
        let bytes = classes.representatives.iter();
        next.extend(bytes.map(|byte| dfa.step(number(state), *byte)));
    }
    Dfa {
        next: next.into(),
        width: classes.representatives.len(),
        classes: classes.of,
        accepting: dfa.accepting.clone(),
    }
}
