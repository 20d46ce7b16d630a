//! Classes of bytes that an automaton does not distinguish.

use super::Dfa;
use crate::index::entry;
use hashbrown::HashMap;
use std::hash::Hash;

/// A partition of the bytes into classes.
#[derive(Clone, Debug)]
pub(crate) struct Classes {
    /// The class of each byte.
    pub(super) of: Box<[u8]>,
    /// The first byte of each class.
    pub(super) representatives: Vec<u8>,
}

impl Classes {
    /// Returns the classes of bytes with equal keys.
    pub(crate) fn by<K: Eq + Hash>(key: impl Fn(u8) -> K) -> Self {
        let mut known: HashMap<K, u8> = HashMap::new();
        let mut representatives = Vec::new();
        let classes = (0..=u8::MAX).map(|byte| {
            *known.entry(key(byte)).or_insert_with(|| {
                let new = class(representatives.len());
                representatives.push(byte);
                new
            })
        });
        let of = classes.collect();
        Self { of, representatives }
    }

    /// Returns the classes of bytes with equal keys, which are less than `count`.
    pub(super) fn numbered(count: usize, key: impl Fn(u8) -> usize) -> Self {
        let mut known: Vec<Option<u8>> = vec![None; count];
        let mut representatives = Vec::new();
        let classes = (0..=u8::MAX).map(|byte| {
            let known = known.get_mut(key(byte));
            debug_assert!(known.is_some(), "keys are less than {count}");
            known.map_or(0, |known| {
                *known.get_or_insert_with(|| {
                    let new = class(representatives.len());
                    representatives.push(byte);
                    new
                })
            })
        });
        let of = classes.collect();
        Self { of, representatives }
    }

    /// Returns the coarsest classes that refine those of all these automata.
    pub(crate) fn of_all<'d>(automata: impl IntoIterator<Item = &'d Dfa>) -> Self {
        let mut classes = Self {
            of: vec![0; 256].into(),
            representatives: vec![0],
        };
        for dfa in automata {
            // Neither factor is more than 256.
            let pair = |class: usize, other: usize| class.wrapping_mul(dfa.width).wrapping_add(other);
            let count = pair(classes.representatives.len(), 0);
            classes = Self::numbered(count, |byte| {
                pair(usize::from(classes.of(byte)), usize::from(dfa.class(byte)))
            });
        }
        classes
    }

    /// Returns the class of a byte.
    pub(crate) fn of(&self, byte: u8) -> u8 {
        entry(&self.of, usize::from(byte))
    }
}

/// Returns the number of a new class. There are at most 256.
fn class(count: usize) -> u8 {
    let class = u8::try_from(count);
    debug_assert!(class.is_ok(), "a class has at least one byte");
    class.unwrap_or(u8::MAX)
}
