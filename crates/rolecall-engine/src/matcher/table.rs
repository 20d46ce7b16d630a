//! Table of keys, which leads from a key to its block.
//!
//! A lookup takes three steps, from small to large memory: a filter of bits rules out most parts of a token;
//! a slot has the offset of the block of a key; the block has the bytes of the key, and the roles.

use super::groups::{BlockBuilder, Demand, Posting};
use super::key::KeyKind;
use crate::certain::{next, plus};
use crate::narrow::{high_half, index, low_half};
use crate::probing;
use std::borrow::Cow;

/// The number of bits of the filter for each key. Two of them are set.
const BITS_A_KEY: usize = 16;

/// The offset of a key's block.
#[derive(Clone, Copy, Debug)]
pub(super) struct Slot {
    /// A part of the hash, which rules out most other keys without a look at their blocks.
    tag: u32,
    /// The offset of the block; that of `FREE` if there is none.
    block: u32,
}

const FREE: Slot = Slot {
    tag: 0,
    block: u32::MAX,
};

impl Slot {
    #[inline]
    fn is_free(&self) -> bool {
        self.block == FREE.block
    }
}

/// A key and a role that asks for it, while a table is made.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Entry<'k> {
    /// The hash of the key. Entries are sorted by it.
    pub(super) hash: u64,
    pub(super) kind: KeyKind,
    pub(super) text: Cow<'k, str>,
    pub(super) demand: Demand,
    pub(super) posting: Posting,
}

/// The table. It never changes.
#[derive(Clone, Debug)]
pub(super) struct Table {
    filter: Box<[u64]>,
    slots: Box<[Slot]>,
    /// The number of keys.
    count: usize,
}

impl Table {
    /// Builds the table, and the blocks of its keys, from entries in any order. Calls `place` with each
    /// posting, its block and its group.
    pub(super) fn new(
        mut entries: Vec<Entry<'_>>,
        blocks: &mut BlockBuilder,
        mut place: impl FnMut(Posting, u32, u32),
    ) -> Self {
        entries.sort_unstable();
        let by_key = || {
            entries.chunk_by(|left, right| {
                (left.hash, left.kind, &left.text) == (right.hash, right.kind, &right.text)
            })
        };
        let count = by_key().count();
        let mut table = Self {
            filter: vec![0; words(count)].into(),
            slots: vec![FREE; slots(count)].into(),
            count,
        };
        let mut groups: Vec<(Posting, u32)> = Vec::new();
        let mut postings: Vec<(Demand, Posting)> = Vec::new();
        for chunk in by_key() {
            let Some(first) = chunk.first() else { continue };
            postings.clear();
            postings.extend(chunk.iter().map(|entry| (entry.demand, entry.posting)));
            postings.sort_unstable_by_key(|(demand, posting)| (*demand, posting.is_ambiguous(), *posting));
            groups.clear();
            let block = blocks.push(Some((first.kind, &first.text)), &postings, |posting, group| {
                groups.push((posting, group));
            });
            groups
                .iter()
                .for_each(|(posting, group)| place(*posting, block, *group));
            let tag = low_half(first.hash);
            table.insert(first.hash, Slot { tag, block });
        }
        table
    }

    fn insert(&mut self, hash: u64, slot: Slot) {
        let (word, bits) = bits(hash, self.filter.len());
        if let Some(word) = self.filter.get_mut(word) {
            *word |= bits;
        }
        probing::insert(&mut self.slots, high_half(hash), slot, Slot::is_free);
    }

    /// Returns true if there may be a key of this hash.
    #[inline]
    pub(super) fn may_have(&self, hash: u64) -> bool {
        let (word, bits) = bits(hash, self.filter.len());
        self.filter.get(word).is_some_and(|word| word & bits == bits)
    }

    /// Returns the block that most likely has the key of this hash. A caller that asks this for several
    /// hashes at first makes the memory fetch all of them at once.
    #[inline]
    pub(super) fn likely(&self, hash: u64) -> u32 {
        let slot = self.slots.get(probing::slot(high_half(hash), self.slots.len()));
        slot.map_or(FREE.block, |slot| slot.block)
    }

    /// Returns the first result of `look` for the block of a key that has a hash.
    #[inline]
    pub(super) fn find<R>(&self, hash: u64, mut look: impl FnMut(u32) -> Option<R>) -> Option<R> {
        let tag = low_half(hash);
        probing::find(&self.slots, high_half(hash), Slot::is_free, |slot| {
            if slot.tag == tag { look(slot.block) } else { None }
        })
    }

    /// Returns the number of keys.
    pub(super) fn len(&self) -> usize {
        self.count
    }

    /// Returns the bytes that the table takes.
    pub(super) fn bytes(&self) -> usize {
        [size_of_val(&*self.filter), size_of_val(&*self.slots)]
            .iter()
            .sum()
    }
}

/// Returns the word of a hash in a filter of so many words, and its bits there.
#[inline]
fn bits(hash: u64, words: usize) -> (usize, u64) {
    // The slot is taken from the upper half of the hash, this from the lower.
    let word = index(low_half(hash >> 12)) & words.wrapping_sub(1);
    (word, 1 << (hash & 63) | 1 << ((hash >> 6) & 63))
}

/// Returns the number of words of a filter for so many keys.
fn words(keys: usize) -> usize {
    keys.div_ceil(64 / BITS_A_KEY).next_power_of_two()
}

/// Returns the number of slots for so many keys: at least a quarter of them stays free.
fn slots(keys: usize) -> usize {
    next(plus(keys, keys.div_ceil(3))).next_power_of_two()
}
