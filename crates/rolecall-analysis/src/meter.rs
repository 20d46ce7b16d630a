//! Meter of a budget: the states that may still be visited, and the bytes that may still be allocated.
//!
//! Bytes are charged before they are allocated, and given back where they are freed. A collection that grows
//! is allocated twice for a moment, and is charged twice for as long.
//!
//! Sums of bytes saturate: such a size is more than any budget, so that the charge fails.

use crate::budget::{Budget, Undecided};
use hashbrown::{HashMap, HashSet, HashTable};
use std::hash::{BuildHasher, Hash};

/// The overhead of one allocation, in bytes.
const OVERHEAD: usize = 16;
/// The most states of an automaton, whatever the budget.
const MAX_STATES: usize = 1 << 31;

/// The rest of a budget.
#[derive(Clone, Debug)]
pub(crate) struct Meter {
    budget: Budget,
    states: usize,
    bytes: usize,
}

impl Meter {
    pub(crate) fn new(budget: Budget) -> Self {
        let Budget { states, bytes, .. } = budget;
        Self {
            budget,
            states,
            bytes,
        }
    }

    /// Fills the meter up, but for the bytes that are kept.
    pub(crate) fn reset(&mut self, kept: usize) {
        *self = Self::new(self.budget);
        // If more is kept than is allowed, nothing is left.
        self.bytes = self.bytes.saturating_sub(kept);
    }

    /// Returns whether this number of bytes is too large to keep between questions.
    pub(crate) fn is_too_much(&self, kept: usize) -> bool {
        kept > self.budget.bytes / 2
    }

    /// Returns the limit on the states of one automaton. Their numbers always fit into 32 bits.
    pub(crate) fn automaton_states(&self) -> usize {
        self.budget.automaton_states.min(MAX_STATES)
    }

    /// Charges a number of visited states.
    pub(crate) fn look(&mut self, states: usize) -> Result<(), Undecided> {
        let limit = self.budget.states;
        self.states = self
            .states
            .checked_sub(states)
            .ok_or(Undecided::States { limit })?;
        Ok(())
    }

    /// Charges bytes that are about to be allocated.
    pub(crate) fn hold(&mut self, bytes: usize) -> Result<(), Undecided> {
        let limit = self.budget.bytes;
        self.bytes = self.bytes.checked_sub(bytes).ok_or(Undecided::Bytes { limit })?;
        Ok(())
    }

    /// Gives back bytes that have been freed.
    pub(crate) fn release(&mut self, bytes: usize) {
        self.bytes = sum([self.bytes, bytes]).min(self.budget.bytes);
    }

    /// Returns the bytes that are left.
    pub(crate) fn left(&self) -> usize {
        self.bytes
    }

    /// Returns the bytes that are charged now and were not when `left` were left; zero if more were given
    /// back.
    pub(crate) fn charged_since(&self, left: usize) -> usize {
        left.saturating_sub(self.bytes)
    }

    /// Gives back all bytes that were charged since `left` were left.
    pub(crate) fn restore(&mut self, left: usize) {
        self.bytes = left;
    }

    /// Makes room for one more element of a collection.
    pub(crate) fn room<C: Collection>(&mut self, collection: &mut C) -> Result<(), Undecided> {
        self.room_for(collection, 1)
    }

    /// Makes room for more elements of a collection.
    pub(crate) fn room_for<C: Collection>(
        &mut self,
        collection: &mut C,
        more: usize,
    ) -> Result<(), Undecided> {
        if collection.free() >= more {
            return Ok(());
        }
        let (before, expected) = (collection.size(), collection.grown(more));
        self.hold(expected)?;
        collection.grow(more);
        self.settle(before, expected, collection.size());
        Ok(())
    }

    /// Makes room for one more element of a table with this hash function.
    pub(crate) fn room_in<T>(
        &mut self,
        elements: &mut HashTable<T>,
        hash: impl Fn(&T) -> u64,
    ) -> Result<(), Undecided> {
        if elements.capacity() > elements.len() {
            return Ok(());
        }
        let before = elements.allocation_size();
        let expected = table::<T>(sum([elements.capacity(), 1]));
        self.hold(expected)?;
        elements.reserve(1, hash);
        self.settle(before, expected, elements.allocation_size());
        Ok(())
    }

    /// Gives back the size of a collection before it grew, and the bytes that were charged beyond its size
    /// now.
    fn settle(&mut self, before: usize, expected: usize, after: usize) {
        self.bytes = sum([self.bytes, before, expected]).saturating_sub(after);
    }

    /// Gives back the bytes of a collection that is about to be dropped.
    pub(crate) fn let_go(&mut self, collection: &impl Collection) {
        self.release(collection.size());
    }
}

/// A collection that grows.
pub(crate) trait Collection {
    /// Returns the size in bytes, without the allocations of its elements.
    fn size(&self) -> usize;

    /// Returns the number of elements that fit without growing.
    fn free(&self) -> usize;

    /// Returns an upper bound of the size in bytes with room for more elements.
    fn grown(&self, more: usize) -> usize;

    /// Makes room for more elements.
    fn grow(&mut self, more: usize);
}

impl<T> Collection for Vec<T> {
    fn size(&self) -> usize {
        row::<T>(self.capacity())
    }

    fn free(&self) -> usize {
        self.capacity().abs_diff(self.len())
    }

    fn grown(&self, more: usize) -> usize {
        let twice = times(self.capacity(), 2).max(8);
        row::<T>(twice.max(sum([self.len(), more])))
    }

    fn grow(&mut self, more: usize) {
        self.reserve(more);
    }
}

impl<K: Eq + Hash, V, S: BuildHasher> Collection for HashMap<K, V, S> {
    fn size(&self) -> usize {
        self.allocation_size()
    }

    fn free(&self) -> usize {
        self.capacity().abs_diff(self.len())
    }

    fn grown(&self, more: usize) -> usize {
        table::<(K, V)>(sum([self.capacity(), 1]).max(sum([self.len(), more])))
    }

    fn grow(&mut self, more: usize) {
        self.reserve(more);
    }
}

impl<T: Eq + Hash, S: BuildHasher> Collection for HashSet<T, S> {
    fn size(&self) -> usize {
        self.allocation_size()
    }

    fn free(&self) -> usize {
        self.capacity().abs_diff(self.len())
    }

    fn grown(&self, more: usize) -> usize {
        table::<T>(sum([self.capacity(), 1]).max(sum([self.len(), more])))
    }

    fn grow(&mut self, more: usize) {
        self.reserve(more);
    }
}

/// Returns the sum of some sizes in bytes.
pub(crate) fn sum(sizes: impl IntoIterator<Item = usize>) -> usize {
    sizes.into_iter().fold(0, usize::saturating_add)
}

/// Returns the bytes of one allocation of `count` elements.
pub(crate) fn row<T>(count: usize) -> usize {
    match count {
        0 => 0,
        _ => sum([times(count, size_of::<T>()), OVERHEAD]),
    }
}

/// Returns an upper bound of the bytes of a hash table with room for so many elements: one of eight slots is
/// free, and the number of slots is a power of two.
pub(crate) fn table<T>(count: usize) -> usize {
    let slots = times(count, 8).div_ceil(7).max(16);
    let slots = slots.checked_next_power_of_two().unwrap_or(usize::MAX);
    // Each slot has a control byte, and some more follow the last slot.
    let each = sum([size_of::<T>(), 1]);
    sum([times(slots, each), 4 * OVERHEAD])
}

fn times(count: usize, size: usize) -> usize {
    count.saturating_mul(size)
}
