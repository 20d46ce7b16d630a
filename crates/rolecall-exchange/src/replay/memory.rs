//! The store in this process, with which it ends.

use std::collections::HashMap;
use std::collections::hash_map;
use std::future::ready;
use std::sync::{Mutex, MutexGuard, PoisonError};

use super::{Answer, Entry, Key, MAX_ENTRIES, Store, StoreError};

/// The entries. A full table has 2^21 places of 65 bytes, 136 MB.
#[derive(Debug, Default)]
pub(super) struct MemoryStore(Mutex<HashMap<Key, (i64, u128)>>);

impl MemoryStore {
    fn entries(&self) -> MutexGuard<'_, HashMap<Key, (i64, u128)>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn insert(&self, entry: Entry) -> Result<bool, StoreError> {
        let mut entries = self.entries();
        let is_full = u64::try_from(entries.len()).is_ok_and(|count| count >= MAX_ENTRIES);
        match entries.entry(entry.key) {
            hash_map::Entry::Occupied(other) => Ok(other.get().1 == entry.taker),
            hash_map::Entry::Vacant(_) if is_full => Err(StoreError::full()),
            hash_map::Entry::Vacant(place) => {
                place.insert((entry.until, entry.taker));
                Ok(true)
            }
        }
    }
}

impl Store for MemoryStore {
    fn name(&self) -> &'static str {
        "memory"
    }

    fn add(&self, entry: Entry) -> Answer<'_, bool> {
        Box::pin(ready(self.insert(entry)))
    }

    fn has(&self, key: Key) -> Answer<'_, bool> {
        Box::pin(ready(Ok(self.entries().contains_key(&key))))
    }

    fn remove(&self, entry: Entry) -> Answer<'_, ()> {
        let mut entries = self.entries();
        if entries
            .get(&entry.key)
            .is_some_and(|(_, taker)| *taker == entry.taker)
        {
            entries.remove(&entry.key);
        }
        Box::pin(ready(Ok(())))
    }

    fn tidy(&self, now: i64) -> Answer<'_, ()> {
        self.entries().retain(|_, (until, _)| *until > now);
        Box::pin(ready(Ok(())))
    }
}
