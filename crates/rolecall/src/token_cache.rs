//! Tokens that were verified a moment ago.
//!
//! Only tokens that were found good get in, so nobody else chooses what is stored; and a token is found only if all of it
//! is the same, to the last byte. Of the policies, only their generation is known here: nothing made under older ones is found
//! or kept. Whether a token is still good by time and keys is for the caller to say.

#[cfg(test)]
mod tests;

use std::array;
use std::hash::{BuildHasher, RandomState};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, PoisonError, RwLock};

use arc_swap::ArcSwapOption;

use crate::time::UnixTime;

/// The longest token that is kept. Tokens of CI systems have 1 to 3 KB.
const LONGEST: usize = 8 * 1024;

/// In how many places a token can be.
const WAYS: usize = 4;

/// What the cache keeps: a token that was verified, and what belongs to it.
pub(crate) trait Cached {
    /// The token, as it was sent.
    fn text(&self) -> &str;
    /// The first time that it is no longer good.
    fn usable_until(&self) -> UnixTime;
    /// The generation of the policies that it was verified under.
    fn generation(&self) -> u64;
}

/// Tokens that were verified a moment ago, a bounded number of them.
pub(crate) struct TokenCache<T> {
    /// As many as a power of two, or none.
    sets: Box<[Set<T>]>,
    /// Random, so that nobody can aim at a place.
    seeds: [u64; 4],
    /// The generation of the policies in use.
    generation: AtomicU64,
    /// Held for reading while a token is inserted, and for writing while the generation changes. Otherwise, a token verified
    /// under old policies could be inserted after all of its generation were dropped, and would keep those policies alive.
    inserting: RwLock<()>,
}

type Set<T> = [Slot<T>; WAYS];

struct Slot<T> {
    /// The hash of the token that is here. It only saves a look: it may be of a token that was here before.
    tag: AtomicU64,
    entry: ArcSwapOption<T>,
}

impl<T: Cached> TokenCache<T> {
    /// A cache of this many tokens or a few more; none if that is 0.
    pub(crate) fn new(capacity: usize) -> Self {
        let sets = match capacity {
            0 => 0,
            _ => capacity
                .div_ceil(WAYS)
                .checked_next_power_of_two()
                .unwrap_or_default(),
        };
        let random = RandomState::new();
        Self {
            sets: (0..sets).map(|_| array::from_fn(|_| Slot::empty())).collect(),
            seeds: array::from_fn(|place| random.hash_one(place)),
            generation: AtomicU64::new(0),
            inserting: RwLock::new(()),
        }
    }

    /// Returns the entry of exactly this token, if it was verified under the policies in use.
    pub(crate) fn get(&self, text: &str) -> Option<Arc<T>> {
        let (hash, set) = self.place(text)?;
        let generation = self.generation.load(Ordering::Acquire);
        set.iter()
            .filter(|slot| slot.tag.load(Ordering::Relaxed) == hash)
            .find_map(|slot| {
                let entry = slot.entry.load();
                let entry = entry.as_ref()?;
                let is_it = entry.text() == text && entry.generation() == generation;
                is_it.then(|| Arc::clone(entry))
            })
    }

    /// Inserts a token verified at `now`, unless the policies were replaced meanwhile. Replaces, in this order: its own older
    /// entry, an empty slot, an expired entry, the entry that expires first.
    pub(crate) fn insert(&self, entry: &Arc<T>, now: UnixTime) {
        let Some((hash, set)) = self.place(entry.text()) else {
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

    /// The hash of a token, and where it may be.
    ///
    /// The end of a token is the end of its signature. Who does not know a good signature finds no place whose token he
    /// could compare his own with, so the time that comparing takes tells nobody anything.
    fn place(&self, text: &str) -> Option<(u64, &Set<T>)> {
        if text.len() > LONGEST {
            return None;
        }
        let (words, _) = text.as_bytes().last_chunk::<32>()?.as_chunks::<8>();
        let &[a, b, c, d] = words.first_chunk()?;
        let [seed_a, seed_b, seed_c, seed_d] = self.seeds;
        let word = |bytes, seed| u64::from_le_bytes(bytes) ^ seed;
        let hash = mix(word(a, seed_a), word(b, seed_b)) ^ mix(word(c, seed_c), word(d, seed_d));
        let mask = self.sets.len().checked_sub(1)?;
        let index = usize::try_from(hash >> 32).unwrap_or_default() & mask;
        Some((hash, self.sets.get(index)?))
    }
}

/// Both halves of a product: each bit of it depends on many of both numbers.
fn mix(a: u64, b: u64) -> u64 {
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
