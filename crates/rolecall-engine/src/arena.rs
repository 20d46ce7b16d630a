//! Arenas: the items of one kind, each with an id that is looked up without fail.

use crate::narrow::{index, number};
use std::fmt;
use std::hash::Hash;
use std::marker::PhantomData;
use std::ops::Index;
use std::sync::atomic::{AtomicU32, Ordering};

/// The arena that an id belongs to. Debug builds store it, so that an id of another policy set is caught
/// where it is used. In release builds an id is its number alone.
///
/// All owners are equal: ids are compared by their numbers.
#[derive(Clone, Copy, Debug)]
#[allow(unnameable_types, reason = "a part of ids that only arenas see")]
pub struct Owner {
    #[cfg(debug_assertions)]
    number: u32,
}

impl Owner {
    /// The owner of ids that are made from a number. They are accepted as ids of any arena.
    pub(crate) const UNKNOWN: Self = Self {
        #[cfg(debug_assertions)]
        number: 0,
    };

    fn new() -> Self {
        static NEXT: AtomicU32 = AtomicU32::new(1);
        let _number = NEXT.fetch_add(1, Ordering::Relaxed);
        Self {
            #[cfg(debug_assertions)]
            number: _number,
        }
    }

    /// Checks in debug builds that an id of this owner may be used with another one.
    #[inline]
    fn check(self, _other: Self) {
        #[cfg(debug_assertions)]
        debug_assert!(
            self.number == _other.number || self.number == 0 || _other.number == 0,
            "this id belongs to another policy set"
        );
    }
}

impl PartialEq for Owner {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl Eq for Owner {}

impl PartialOrd for Owner {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Owner {
    fn cmp(&self, _: &Self) -> std::cmp::Ordering {
        std::cmp::Ordering::Equal
    }
}

impl Hash for Owner {
    fn hash<H: std::hash::Hasher>(&self, _: &mut H) {}
}

/// An id of an item of an arena: only arenas hand them out.
pub trait Id: Copy + Eq + Ord + Hash + fmt::Debug + sealed::Sealed {}

pub(crate) mod sealed {
    use super::Owner;

    /// The number and the owner of an id, for arenas alone.
    #[allow(unnameable_types, reason = "only ids of this crate are ids")]
    pub trait Sealed {
        #[doc(hidden)]
        fn from_parts(number: u32, owner: Owner) -> Self;
        #[doc(hidden)]
        fn number(self) -> u32;
        #[doc(hidden)]
        fn owner(self) -> Owner;
    }
}

/// The items of one kind in a fixed order, each with an id.
///
/// Items are only added, so an id that this arena handed out is always valid: indexing with it does not fail.
/// An id of another arena is a mistake in the program: debug builds panic, and release builds panic or give
/// another item.
#[derive(Clone)]
pub struct Arena<I, T> {
    items: Vec<T>,
    owner: Owner,
    ids: PhantomData<fn() -> I>,
}

impl<I: Id, T> Arena<I, T> {
    /// Creates an empty arena.
    pub fn new() -> Self {
        Self {
            items: Vec::new(),
            owner: Owner::new(),
            ids: PhantomData,
        }
    }

    /// Adds an item and returns its id.
    pub fn push(&mut self, item: T) -> I {
        let id = self.id(self.items.len());
        self.items.push(item);
        id
    }

    /// Returns the item with an id; `None` if an arena made by [`map_while`](Self::map_while) does not have
    /// it.
    #[inline]
    pub fn find(&self, id: I) -> Option<&T> {
        id.owner().check(self.owner);
        self.items.get(index(id.number()))
    }

    /// Returns the item with an id, to change it.
    pub fn get_mut(&mut self, id: I) -> Option<&mut T> {
        id.owner().check(self.owner);
        self.items.get_mut(index(id.number()))
    }

    /// Returns the id of the item at a position, if there is one.
    #[inline]
    pub fn id_at(&self, position: usize) -> Option<I> {
        (position < self.items.len()).then(|| self.id(position))
    }

    /// Returns the position of an item: its number, from 0.
    pub fn position(&self, id: I) -> usize {
        id.owner().check(self.owner);
        index(id.number())
    }

    /// Returns the number of items.
    pub fn len(&self) -> usize {
        self.items.len()
    }

    /// Returns true if there are no items.
    pub fn is_empty(&self) -> bool {
        self.items.is_empty()
    }

    /// Returns the ids in order.
    pub fn ids(&self) -> impl ExactSizeIterator<Item = I> + DoubleEndedIterator + Clone + use<I, T> {
        let owner = self.owner;
        (0..self.items.len()).map(move |position| I::from_parts(number(position), owner))
    }

    /// Returns the items in order.
    pub fn values(&self) -> std::slice::Iter<'_, T> {
        self.items.iter()
    }

    /// Returns the items as a slice.
    pub fn as_slice(&self) -> &[T] {
        &self.items
    }

    /// Returns the items as a slice, to change them.
    pub fn as_mut_slice(&mut self) -> &mut [T] {
        &mut self.items
    }

    /// Returns the items with their ids, in order.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = (I, &T)> + DoubleEndedIterator + Clone {
        self.ids().zip(&self.items)
    }

    /// Creates an empty arena with the ids of this one, for a side table that is filled in the same order.
    pub(crate) fn beside<U>(&self) -> Arena<I, U> {
        self.map_while(|_, _| None)
    }

    /// Creates an arena with the same ids, and an item made from each item of this one.
    pub fn map<'a, U>(&'a self, mut make: impl FnMut(I, &'a T) -> U) -> Arena<I, U> {
        self.map_while(|id, item| Some(make(id, item)))
    }

    /// Creates an arena with the same ids, up to the first item for which `make` returns `None`.
    pub fn map_while<'a, U>(&'a self, mut make: impl FnMut(I, &'a T) -> Option<U>) -> Arena<I, U> {
        Arena {
            items: self.iter().map_while(|(id, item)| make(id, item)).collect(),
            owner: self.owner,
            ids: PhantomData,
        }
    }

    fn id(&self, position: usize) -> I {
        I::from_parts(number(position), self.owner)
    }
}

impl<I: Id, T> Default for Arena<I, T> {
    fn default() -> Self {
        Self::new()
    }
}

impl<I: Id, T: fmt::Debug> fmt::Debug for Arena<I, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(&self.items).finish()
    }
}

impl<I: Id, T: PartialEq> PartialEq for Arena<I, T> {
    fn eq(&self, other: &Self) -> bool {
        self.items == other.items
    }
}

impl<I: Id, T: Eq> Eq for Arena<I, T> {}

impl<I: Id, T> FromIterator<T> for Arena<I, T> {
    fn from_iter<S: IntoIterator<Item = T>>(items: S) -> Self {
        let mut arena = Self::new();
        arena.extend(items);
        arena
    }
}

impl<I: Id, T> Extend<T> for Arena<I, T> {
    fn extend<S: IntoIterator<Item = T>>(&mut self, items: S) {
        self.items.extend(items);
    }
}

impl<I: Id, T> IntoIterator for Arena<I, T> {
    type Item = T;
    type IntoIter = std::vec::IntoIter<T>;

    fn into_iter(self) -> Self::IntoIter {
        self.items.into_iter()
    }
}

impl<I: Id, T> Index<I> for Arena<I, T> {
    type Output = T;

    #[inline]
    #[allow(
        clippy::indexing_slicing,
        reason = "an arena only grows, and hands out ids of its items alone"
    )]
    fn index(&self, id: I) -> &T {
        id.owner().check(self.owner);
        &self.items[index(id.number())]
    }
}
