//! What is left of a budget: states that may still be looked at, and bytes that may still be allocated.
//!
//! Bytes are paid for before they are allocated, and given back where what they were for is let go. A collection that grows
//! is there twice for a moment, and is paid for twice so long.

use crate::budget::{Budget, Undecided};
use hashbrown::{HashMap, HashSet, HashTable};
use std::hash::{BuildHasher, Hash};

/// What an allocation takes besides what is asked for.
const OVERHEAD: usize = 16;

/// What is left of a budget.
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

    /// Fills up what was spent, but for the bytes that are kept.
    pub(crate) fn reset(&mut self, kept: usize) {
        *self = Self::new(self.budget);
        self.bytes = self.bytes.saturating_sub(kept);
    }

    /// Whether so many bytes are too many to keep between questions.
    pub(crate) fn is_too_much(&self, kept: usize) -> bool {
        kept > self.budget.bytes / 2
    }

    /// How many states one automaton may have.
    pub(crate) fn automaton_states(&self) -> usize {
        self.budget.automaton_states
    }

    /// Pays for looking at a number of states.
    pub(crate) fn look(&mut self, states: usize) -> Result<(), Undecided> {
        let limit = self.budget.states;
        self.states = self
            .states
            .checked_sub(states)
            .ok_or(Undecided::States { limit })?;
        Ok(())
    }

    /// Pays for bytes that are about to be allocated.
    pub(crate) fn hold(&mut self, bytes: usize) -> Result<(), Undecided> {
        let limit = self.budget.bytes;
        self.bytes = self.bytes.checked_sub(bytes).ok_or(Undecided::Bytes { limit })?;
        Ok(())
    }

    /// Gives back bytes that are free again.
    pub(crate) fn release(&mut self, bytes: usize) {
        self.bytes = self.bytes.saturating_add(bytes).min(self.budget.bytes);
    }

    /// The bytes that are left.
    pub(crate) fn left(&self) -> usize {
        self.bytes
    }

    /// Gives back all that was paid for since so many bytes were left.
    pub(crate) fn restore(&mut self, left: usize) {
        self.bytes = left;
    }

    /// Makes room for one more in a collection.
    pub(crate) fn room<C: Collection>(&mut self, collection: &mut C) -> Result<(), Undecided> {
        self.room_for(collection, 1)
    }

    /// Makes room for some more in a collection.
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

    /// Makes room for one more in a table of elements that are hashed so.
    pub(crate) fn room_in<T>(
        &mut self,
        elements: &mut HashTable<T>,
        hash: impl Fn(&T) -> u64,
    ) -> Result<(), Undecided> {
        if elements.capacity() > elements.len() {
            return Ok(());
        }
        let before = elements.allocation_size();
        let expected = table::<T>(elements.capacity().saturating_add(1));
        self.hold(expected)?;
        elements.reserve(1, hash);
        self.settle(before, expected, elements.allocation_size());
        Ok(())
    }

    /// Gives back what a collection took before it grew, and what it was expected to take and does not.
    fn settle(&mut self, before: usize, expected: usize, after: usize) {
        self.bytes = self
            .bytes
            .saturating_add(before)
            .saturating_add(expected)
            .saturating_sub(after);
    }

    /// Gives back what a collection takes that is about to be let go.
    pub(crate) fn let_go(&mut self, collection: &impl Collection) {
        self.release(collection.size());
    }
}

/// A collection that grows.
pub(crate) trait Collection {
    /// The bytes that it takes, without those that its elements take elsewhere.
    fn size(&self) -> usize;

    /// How many elements it has room for.
    fn free(&self) -> usize;

    /// The most bytes that it takes with room for some more.
    fn grown(&self, more: usize) -> usize;

    /// Makes room for some more.
    fn grow(&mut self, more: usize);
}

impl<T> Collection for Vec<T> {
    fn size(&self) -> usize {
        row::<T>(self.capacity())
    }

    fn free(&self) -> usize {
        self.capacity().saturating_sub(self.len())
    }

    fn grown(&self, more: usize) -> usize {
        let twice = self.capacity().saturating_mul(2).max(8);
        row::<T>(twice.max(self.len().saturating_add(more)))
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
        self.capacity().saturating_sub(self.len())
    }

    fn grown(&self, more: usize) -> usize {
        table::<(K, V)>(
            self.capacity()
                .saturating_add(1)
                .max(self.len().saturating_add(more)),
        )
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
        self.capacity().saturating_sub(self.len())
    }

    fn grown(&self, more: usize) -> usize {
        table::<T>(
            self.capacity()
                .saturating_add(1)
                .max(self.len().saturating_add(more)),
        )
    }

    fn grow(&mut self, more: usize) {
        self.reserve(more);
    }
}

/// The bytes of a row of so many elements.
pub(crate) fn row<T>(count: usize) -> usize {
    match count {
        0 => 0,
        _ => count.saturating_mul(size_of::<T>()).saturating_add(OVERHEAD),
    }
}

/// The most bytes of a table with room for so many elements: one in eight places is free, and the places are a power of two.
pub(crate) fn table<T>(count: usize) -> usize {
    let places = count.saturating_mul(8).div_ceil(7).max(16);
    let places = places.checked_next_power_of_two().unwrap_or(usize::MAX);
    // A byte of each place says whether it is taken, and some more those behind the last.
    let each = size_of::<T>().saturating_add(1);
    places.saturating_mul(each).saturating_add(4 * OVERHEAD)
}
