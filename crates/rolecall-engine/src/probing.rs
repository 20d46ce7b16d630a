//! Open addressing with linear probing, in tables that are filled once.
//!
//! A table is a slice whose length is a power of two, with at least one free slot. An entry is in the slot of
//! its hash or in one of the next, with no free slot between.

use crate::narrow::index;

/// Returns the slot of a hash in a table of this size.
#[inline]
pub(crate) fn slot(hash: u32, size: usize) -> usize {
    debug_assert!(size.is_power_of_two(), "a table of {size} slots");
    index(hash) & size.wrapping_sub(1)
}

/// Returns the first result of `look` for an entry that may have a hash: from its slot to the next free one.
#[inline]
pub(crate) fn find<'t, T, R>(
    table: &'t [T],
    hash: u32,
    is_free: impl Fn(&T) -> bool,
    mut look: impl FnMut(&'t T) -> Option<R>,
) -> Option<R> {
    let mask = table.len().wrapping_sub(1);
    let mut next = slot(hash, table.len());
    loop {
        let entry = table.get(next)?;
        if is_free(entry) {
            return None;
        }
        if let Some(found) = look(entry) {
            return Some(found);
        }
        next = next.wrapping_add(1) & mask;
    }
}

/// Adds an entry to a table that has at least two free slots.
pub(crate) fn insert<T>(table: &mut [T], hash: u32, entry: T, is_free: impl Fn(&T) -> bool) {
    let mask = table.len().wrapping_sub(1);
    let mut next = slot(hash, table.len());
    while let Some(found) = table.get_mut(next) {
        if is_free(found) {
            *found = entry;
            return;
        }
        next = next.wrapping_add(1) & mask;
    }
}

#[cfg(test)]
mod tests {
    use super::{find, insert};

    /// Each entry is found, also where entries wrap around the end, and an absent hash ends at a free slot.
    #[test]
    fn entries_are_found_from_the_slot_of_their_hash() {
        let mut table = [None; 8];
        let hashes = [7, 7, 15, 6, 0, 7];
        for (number, hash) in hashes.into_iter().enumerate() {
            insert(&mut table, hash, Some(number), Option::is_none);
        }
        for (number, hash) in hashes.into_iter().enumerate() {
            let found = find(&table, hash, Option::is_none, |entry| {
                entry.filter(|entry| *entry == number)
            });
            assert_eq!(found, Some(number));
        }
        assert_eq!(table.iter().flatten().count(), hashes.len());
        let count = |hash| {
            let mut count = 0;
            let none = find(&table, hash, Option::is_none, |_| {
                count += 1;
                None::<()>
            });
            assert!(none.is_none());
            count
        };
        assert_eq!((count(5), count(6)), (0, 6));
    }
}
