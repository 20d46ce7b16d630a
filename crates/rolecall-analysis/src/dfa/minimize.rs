//! The smallest automaton of a language, numbered in one way: Moore's partition refinement.

use super::{Dfa, index, number};
use crate::budget::{Meter, Reason};
use std::collections::HashMap;

/// The smallest automaton that accepts the same words.
pub(super) fn minimize(dfa: &Dfa, meter: &mut Meter) -> Result<Dfa, Reason> {
    let blocks = blocks(dfa, meter)?;
    Ok(with_fewest_classes(&joined(dfa, &blocks)))
}

/// The row of a state: where each class leads.
fn row(dfa: &Dfa, state: usize) -> &[u32] {
    let start = state.saturating_mul(dfa.width);
    dfa.next
        .get(start..start.saturating_add(dfa.width))
        .unwrap_or_default()
}

/// The block of each state: states of one block accept the same words.
fn blocks(dfa: &Dfa, meter: &mut Meter) -> Result<Vec<u32>, Reason> {
    // States from which it is not equally far to the end of a word, or to the end of what is none, are told apart at once:
    // without that, a long literal would take a round for each of its characters.
    let distances = distances(dfa, true).into_iter().zip(distances(dfa, false));
    let (mut blocks, mut count) = numbered(distances);
    loop {
        let block = |state: u32| blocks.get(index(state)).copied().unwrap_or_default();
        let own = blocks.iter().enumerate();
        let keys = own.map(|(state, own)| {
            let next: Vec<u32> = row(dfa, state).iter().map(|next| block(*next)).collect();
            (*own, next)
        });
        let (finer, more) = numbered(keys);
        // A round looks at each state once more; that costs less than making it.
        meter.spend(dfa.len().div_ceil(4), 0)?;
        if more == count {
            return Ok(blocks);
        }
        (blocks, count) = (finer, more);
    }
}

/// Gives each different key a number, and says how many there are.
fn numbered<K: Eq + std::hash::Hash>(keys: impl Iterator<Item = K>) -> (Vec<u32>, usize) {
    let mut known = HashMap::new();
    let numbers = keys.map(|key| {
        let next = number(known.len());
        *known.entry(key).or_insert(next)
    });
    let numbers = numbers.collect();
    (numbers, known.len())
}

/// How far it is from each state to one in which words may end, or may not.
fn distances(dfa: &Dfa, accepting: bool) -> Vec<u32> {
    let mut before: Vec<Vec<u32>> = vec![Vec::new(); dfa.len()];
    for state in 0..dfa.len() {
        for next in row(dfa, state) {
            if let Some(before) = before.get_mut(index(*next)) {
                before.push(number(state));
            }
        }
    }
    let mut distances = vec![u32::MAX; dfa.len()];
    let mut layer: Vec<u32> = Vec::new();
    for (state, (may_end, distance)) in dfa.accepting.iter().zip(&mut distances).enumerate() {
        if *may_end == accepting {
            *distance = 0;
            layer.push(number(state));
        }
    }
    let mut far: u32 = 0;
    while !layer.is_empty() {
        far = far.saturating_add(1);
        let mut further = Vec::new();
        for state in layer
            .iter()
            .filter_map(|state| before.get(index(*state)))
            .flatten()
        {
            if let Some(distance @ &mut u32::MAX) = distances.get_mut(index(*state)) {
                *distance = far;
                further.push(*state);
            }
        }
        layer = further;
    }
    distances
}

/// One state for each block, numbered in the order in which words meet them.
fn joined(dfa: &Dfa, blocks: &[u32]) -> Dfa {
    let block = |state: u32| blocks.get(index(state)).copied().unwrap_or_default();
    let mut numbers = HashMap::from([(block(0), 0_u32)]);
    let mut members = vec![0_u32];
    let (mut next, mut accepting) = (Vec::new(), Vec::new());
    let mut at: usize = 0;
    while let Some(state) = members.get(at).copied() {
        at = at.saturating_add(1);
        accepting.push(dfa.may_end(state));
        for after in row(dfa, index(state)) {
            next.push(*numbers.entry(block(*after)).or_insert_with(|| {
                members.push(*after);
                number(members.len().saturating_sub(1))
            }));
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
    let column = |class: u8| -> Vec<u32> {
        let column = dfa.next.iter().skip(usize::from(class));
        column.step_by(dfa.width.max(1)).copied().collect()
    };
    // Which classes lead to the same states everywhere.
    let (columns, _) = numbered((0..=u8::MAX).take(dfa.width).map(column));
    let classes = super::Classes::by(|byte| columns.get(usize::from(dfa.class(byte))));
    let states = 0..dfa.len();
    let next = states.flat_map(|state| {
        let next = |byte: &u8| dfa.step(number(state), *byte);
        classes.representatives.iter().map(next).collect::<Vec<u32>>()
    });
    Dfa {
        next: next.collect(),
        width: classes.representatives.len(),
        classes: classes.of,
        accepting: dfa.accepting.clone(),
    }
}
