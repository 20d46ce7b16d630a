//! The table of keys, and behind each key the roles that ask for it.
//!
//! Three steps, from small to large memory: a filter of bits says that most keys of a token are nobody's; a slot says
//! where the block of a key is; the block has the bytes of the key, and the roles.

use super::groups::{BlockBuilder, Demand, Posting};
use super::key::KeyKind;
use std::borrow::Cow;

/// The filter has this many bits for each key, and two of them are set.
const BITS_A_KEY: usize = 16;

/// Where the block of a key is.
#[derive(Clone, Copy, Debug)]
pub(super) struct Slot {
    /// A part of the hash, to tell most other keys without looking at their blocks.
    tag: u32,
    /// Where the block begins; `FREE` if there is none.
    block: u32,
}

const FREE: Slot = Slot {
    tag: 0,
    block: u32::MAX,
};

/// A key and who asks for it, while a table is made.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Entry<'k> {
    /// The hash of the key. Entries are put in order by it.
    pub(super) hash: u64,
    pub(super) kind: KeyKind,
    pub(super) text: Cow<'k, str>,
    pub(super) demand: Demand,
    pub(super) posting: Posting,
}

/// The table. It never changes.
#[derive(Clone, Debug, Default)]
pub(super) struct Table {
    filter: Box<[u64]>,
    slots: Box<[Slot]>,
    /// How many keys there are.
    count: usize,
}

impl Table {
    /// Puts the table together, and the blocks of its keys. The entries are taken in any order. `place` is told of each
    /// posting its block and its group.
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
            let tag = tag(first.hash);
            table.insert(first.hash, Slot { tag, block });
        }
        table
    }

    fn insert(&mut self, hash: u64, slot: Slot) {
        let (word, bits) = bits(hash, self.filter.len());
        if let Some(word) = self.filter.get_mut(word) {
            *word |= bits;
        }
        let mut at = self.first(hash);
        // Some slots are always free.
        while let Some(found) = self.slots.get_mut(at) {
            if found.block == FREE.block {
                *found = slot;
                return;
            }
            at = self.after(at);
        }
    }

    /// Whether there may be a key of this hash.
    #[inline]
    pub(super) fn may_have(&self, hash: u64) -> bool {
        let (word, bits) = bits(hash, self.filter.len());
        self.filter.get(word).is_some_and(|word| word & bits == bits)
    }

    /// The block of the key that a hash most likely is of. Whoever asks for those of several hashes first does not wait for
    /// each.
    #[inline]
    pub(super) fn likely(&self, hash: u64) -> u32 {
        self.slots
            .get(self.first(hash))
            .map_or(FREE.block, |slot| slot.block)
    }

    /// The places of the blocks of the keys that have a hash.
    #[inline]
    pub(super) fn blocks(&self, hash: u64) -> impl Iterator<Item = u32> {
        let (mut at, tag) = (self.first(hash), tag(hash));
        std::iter::from_fn(move || {
            loop {
                let slot = self.slots.get(at).filter(|slot| slot.block != FREE.block)?;
                at = self.after(at);
                if slot.tag == tag {
                    return Some(slot.block);
                }
            }
        })
    }

    #[inline]
    fn first(&self, hash: u64) -> usize {
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
        size_of_val(&*self.filter).saturating_add(size_of_val(&*self.slots))
    }
}

/// The word of a hash in a filter of so many words, and its bits there.
#[inline]
fn bits(hash: u64, words: usize) -> (usize, u64) {
    // The slot is taken from the upper half of the hash, this from the lower.
    let place = usize::try_from(hash >> 12).unwrap_or_default() & words.wrapping_sub(1);
    (place, 1 << (hash & 63) | 1 << ((hash >> 6) & 63))
}

/// How many words a filter for so many keys has.
fn words(keys: usize) -> usize {
    keys.saturating_mul(BITS_A_KEY).div_ceil(64).next_power_of_two()
}

/// How many slots there are for so many keys: a quarter stays free at least.
fn slots(keys: usize) -> usize {
    keys.saturating_add(keys.div_ceil(3))
        .saturating_add(1)
        .next_power_of_two()
}

#[inline]
fn tag(hash: u64) -> u32 {
    u32::try_from(hash & u64::from(u32::MAX)).unwrap_or_default()
}
