//! Cache of verified tokens.
//!
//! Only accepted tokens are inserted, so a caller without one cannot choose what is stored; and a token is
//! found only if all its bytes are equal. The cache knows the generation of the policies: it neither finds
//! nor keeps an entry of an older one. The caller checks whether an entry is still valid by time and keys.

#[cfg(test)]
mod tests;

use std::array;
use std::hash::{BuildHasher, RandomState};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, PoisonError, RwLock};

use arc_swap::ArcSwapOption;

use crate::time::UnixTime;

/// The maximum length of a cached token in bytes. CI systems issue tokens of 1 to 3 KB.
const MAX_LENGTH: usize = 8 * 1024;

/// The number of slots that a token can be in.
const WAYS: usize = 4;

/// An entry: a verified token with what was computed for it.
pub(crate) trait Cached {
    /// Returns the token as received.
    fn text(&self) -> &str;
    /// Returns the time when it expires.
    fn usable_until(&self) -> UnixTime;
    /// Returns the generation of the policies that verified it.
    fn generation(&self) -> u64;
}

/// A bounded cache of verified tokens.
pub(crate) struct TokenCache<T> {
    /// The sets of slots: a power of two, or none.
    sets: Box<[Set<T>]>,
    /// Random, so that an attacker cannot choose the slots of a token.
    seeds: [u64; 4],
    /// The generation of the policies in use.
    generation: AtomicU64,
    /// Read-locked while a token is inserted, and write-locked while the generation changes. Otherwise a
    /// token verified under old policies could be inserted after all entries of its generation were dropped,
    /// and would keep those policies alive.
    inserting: RwLock<()>,
}

type Set<T> = [Slot<T>; WAYS];

struct Slot<T> {
    /// The hash of the token in the slot. It only saves comparisons: it may be that of an earlier entry.
    tag: AtomicU64,
    entry: ArcSwapOption<T>,
}

impl<T: Cached> TokenCache<T> {
    /// Returns a cache for at least this many tokens, rounded up to a power of two; with 0, for none.
    pub(crate) fn new(capacity: usize) -> Self {
        let sets = match capacity {
            0 => 0,
            // A quarter of a `usize` is always below its largest power of two.
            _ => capacity.div_ceil(WAYS).next_power_of_two(),
        };
        let random = RandomState::new();
        Self {
            sets: (0..sets).map(|_| array::from_fn(|_| Slot::empty())).collect(),
            seeds: array::from_fn(|index| random.hash_one(index)),
            generation: AtomicU64::new(0),
            inserting: RwLock::new(()),
        }
    }

    /// Returns the entry of exactly this token, if it was verified under the policies in use.
    pub(crate) fn get(&self, text: &str) -> Option<Arc<T>> {
        let (hash, set) = self.slots_for(text)?;
        let generation = self.generation.load(Ordering::Acquire);
        set.iter()
            .filter(|slot| slot.tag.load(Ordering::Relaxed) == hash)
            .find_map(|slot| {
                let entry = slot.entry.load();
                let entry = entry.as_ref()?;
                let is_match = entry.text() == text && entry.generation() == generation;
                is_match.then(|| Arc::clone(entry))
            })
    }

    /// Inserts a token verified at `now`, unless the policies were replaced meanwhile. Replaces, in this
    /// order: its own older entry, an empty slot, an expired entry, the entry that expires first.
    pub(crate) fn insert(&self, entry: &Arc<T>, now: UnixTime) {
        let Some((hash, set)) = self.slots_for(entry.text()) else {
            return;
        };
        let rest = |slot: &Slot<T>| match &*slot.entry.load() {
            None => None,
            Some(other) if other.text() == entry.text() => None,
            Some(other) => Some(other.usable_until()).filter(|until| *until > now),
        };
        let inserting = self.inserting.read().unwrap_or_else(PoisonError::into_inner);
        if entry.generation() != self.generation.load(Ordering::Relaxed) {
            return;
        }
        if let Some(slot) = set.iter().min_by_key(|slot| rest(slot)) {
            slot.entry.store(Some(Arc::clone(entry)));
            slot.tag.store(hash, Ordering::Relaxed);
        }
        drop(inserting);
    }

    /// Drops all entries, and from now on finds and inserts only those of this generation.
    pub(crate) fn begin(&self, generation: u64) {
        let inserting = self.inserting.write().unwrap_or_else(PoisonError::into_inner);
        self.generation.store(generation, Ordering::Release);
        for slot in self.sets.iter().flatten() {
            slot.entry.store(None);
        }
        drop(inserting);
    }

    #[cfg(test)]
    pub(crate) fn generation(&self) -> u64 {
        self.generation.load(Ordering::Acquire)
    }

    /// Returns the hash of a token, and the set of slots that it can be in.
    ///
    /// The hash covers the end of the token, which is the end of its signature. A caller who does not know a
    /// valid signature cannot reach the slot of its token, so the time that a comparison takes reveals
    /// nothing.
    fn slots_for(&self, text: &str) -> Option<(u64, &Set<T>)> {
        if text.len() > MAX_LENGTH {
            return None;
        }
        let (words, _) = text.as_bytes().last_chunk::<32>()?.as_chunks::<8>();
        let &[a, b, c, d] = words.first_chunk()?;
        let [seed_a, seed_b, seed_c, seed_d] = self.seeds;
        let word = |bytes, seed| u64::from_le_bytes(bytes) ^ seed;
        let hash = mix(word(a, seed_a), word(b, seed_b)) ^ mix(word(c, seed_c), word(d, seed_d));
        let mask = u64::try_from(self.sets.len().checked_sub(1)?).ok()?;
        // The masked hash is an index into the sets, so it fits a `usize`.
        let index = usize::try_from((hash >> 32) & mask).ok()?;
        Some((hash, self.sets.get(index)?))
    }
}

/// Returns the xor of both halves of the product: each bit depends on many bits of both numbers.
fn mix(a: u64, b: u64) -> u64 {
    // Does not wrap: a product of two 64-bit numbers has at most 128 bits.
    let product = u128::from(a).wrapping_mul(u128::from(b)).to_le_bytes();
    let (halves, _) = product.as_chunks::<8>();
    halves
        .iter()
        .fold(0, |mixed, half| mixed ^ u64::from_le_bytes(*half))
}

impl<T> Slot<T> {
    fn empty() -> Self {
        Self {
            tag: AtomicU64::new(0),
            entry: ArcSwapOption::empty(),
        }
    }
}
