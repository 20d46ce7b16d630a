//! The table of keys, and behind each key the roles that ask for it.
//!
//! Three steps, from small to large memory: a bit for each hash says that most keys of a token are nobody's; a slot says
//! where the key and its block are; the block has the roles, in groups that ask for the same.

use super::groups::{Demand, Groups, push_groups};
use super::key::{KeyKind, Part};
use crate::document::{index, number};
use std::borrow::Cow;

/// The filter has this many bits for each key.
const BITS_A_KEY: usize = 32;

/// Where a key is, and what is behind it.
#[derive(Clone, Copy, Debug)]
struct Slot {
    /// A part of the hash, to tell most other keys without looking at their bytes.
    tag: u32,
    /// Where the block begins; `FREE` if there is none.
    block: u32,
    /// Where the bytes of the key are.
    start: u32,
    length: u32,
}

const FREE: Slot = Slot {
    tag: 0,
    block: u32::MAX,
    start: 0,
    length: 0,
};

/// A key and who asks for it, while a table is made.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Entry<'k> {
    /// The hash of the key. Entries are put in order by it.
    pub(super) hash: u64,
    pub(super) kind: KeyKind,
    pub(super) text: Cow<'k, str>,
    pub(super) demand: Demand,
    pub(super) posting: u32,
}

/// The table. It never changes.
#[derive(Clone, Debug, Default)]
pub(super) struct Table {
    filter: Box<[u64]>,
    slots: Box<[Slot]>,
    keys: Box<str>,
    /// For each key what kind it is, and its groups.
    blocks: Box<[u64]>,
    /// How many keys there are.
    count: usize,
}

impl Table {
    /// Puts the table together. The entries are taken in any order.
    pub(super) fn new(mut entries: Vec<Entry<'_>>) -> Self {
        entries.sort_unstable();
        let by_key = || {
            entries.chunk_by(|left, right| {
                (left.hash, left.kind, &left.text) == (right.hash, right.kind, &right.text)
            })
        };
        let count = by_key().count();
        let mut table = Self {
            filter: vec![0; words(count)].into(),
            slots: vec![FREE; count.saturating_mul(2).next_power_of_two().max(2)].into(),
            count,
            ..Self::default()
        };
        let (mut keys, mut blocks) = (String::new(), Vec::new());
        for chunk in by_key() {
            let Some(first) = chunk.first() else { continue };
            let slot = Slot {
                tag: tag(first.hash),
                block: number(blocks.len()),
                start: number(keys.len()),
                length: number(first.text.len()),
            };
            table.insert(first.hash, slot);
            keys.push_str(&first.text);
            blocks.push(kind_word(first.kind));
            let postings: Vec<(Demand, u32)> =
                chunk.iter().map(|entry| (entry.demand, entry.posting)).collect();
            push_groups(&postings, &mut blocks);
        }
        table.keys = keys.into();
        table.blocks = blocks.into();
        table
    }

    fn insert(&mut self, hash: u64, slot: Slot) {
        let (word, bit) = bit(hash, self.filter.len());
        if let Some(word) = self.filter.get_mut(word) {
            *word |= bit;
        }
        let mut at = self.slot(hash);
        // There are twice as many slots as keys.
        while let Some(found) = self.slots.get_mut(at) {
            if found.block == FREE.block {
                *found = slot;
                return;
            }
            at = self.after(at);
        }
    }

    /// What says that most keys of a token are nobody's.
    #[inline]
    pub(super) fn filter(&self) -> Filter<'_> {
        Filter(&self.filter)
    }

    /// The groups of a key.
    #[inline]
    pub(super) fn find(&self, hash: u64, kind: KeyKind, text: &str) -> Option<Groups<'_>> {
        let mut at = self.slot(hash);
        loop {
            let slot = self.slots.get(at).filter(|slot| slot.block != FREE.block)?;
            if slot.tag == tag(hash) && index(slot.length) == text.len() {
                let start = index(slot.start);
                let key = self.keys.as_bytes().get(start..start.wrapping_add(text.len()));
                let (found, rest) = self.blocks.get(index(slot.block)..)?.split_first()?;
                if *found == kind_word(kind) && key == Some(text.as_bytes()) {
                    return Groups::read(rest);
                }
            }
            at = self.after(at);
        }
    }

    #[inline]
    fn slot(&self, hash: u64) -> usize {
        usize::try_from(hash >> 32).unwrap_or_default() & self.slots.len().wrapping_sub(1)
    }

    #[inline]
    fn after(&self, at: usize) -> usize {
        at.wrapping_add(1) & self.slots.len().wrapping_sub(1)
    }

    /// How many keys there are.
    pub(super) fn len(&self) -> usize {
        self.count
    }

    /// The bytes that the table takes.
    pub(super) fn bytes(&self) -> usize {
        size_of_val(&*self.filter)
            .saturating_add(size_of_val(&*self.slots))
            .saturating_add(self.keys.len())
            .saturating_add(size_of_val(&*self.blocks))
    }
}

/// A bit for each hash.
#[derive(Clone, Copy)]
pub(super) struct Filter<'a>(&'a [u64]);

impl Filter<'_> {
    /// Whether there may be a key of this hash.
    #[inline]
    pub(super) fn may_have(self, hash: u64) -> bool {
        let (word, bit) = bit(hash, self.0.len());
        self.0.get(word).is_some_and(|word| word & bit != 0)
    }
}

/// The bit of a hash in a filter of so many words.
#[inline]
fn bit(hash: u64, words: usize) -> (usize, u64) {
    // The slot is taken from the upper half of the hash, this from the lower.
    let place = usize::try_from(hash >> 6).unwrap_or_default() & words.wrapping_sub(1);
    (place, 1 << (hash & 63))
}

/// How many words a filter for so many keys has.
fn words(keys: usize) -> usize {
    keys.saturating_mul(BITS_A_KEY).div_ceil(64).next_power_of_two()
}

#[inline]
fn tag(hash: u64) -> u32 {
    u32::try_from(hash & u64::from(u32::MAX)).unwrap_or_default()
}

#[inline]
fn kind_word(kind: KeyKind) -> u64 {
    let part = match kind.part {
        Part::End => 0,
        Part::Start => 1,
        Part::Whole => 2,
    };
    u64::from(number(kind.claim.0)) << 2 | part
}
