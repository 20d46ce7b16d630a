//! Directory of a document: the positions of its members by their names.

use crate::probing;

/// The positions of the members of the outermost object, in a table of at least twice their number.
///
/// A token whose names share a hash makes a lookup slower, but never by more than the members that a document may have.
#[derive(Clone, Default)]
pub(super) struct Directory(Box<[Entry]>);

/// The hash of a member's name, and its position in the row.
#[derive(Clone, Copy)]
struct Entry {
    hash: u16,
    position: u16,
}

const FREE: Entry = Entry {
    hash: 0,
    position: u16::MAX,
};

impl Directory {
    /// Returns the directory of so many members, each given by the hash of its name and its position; `None` if a position
    /// is too large for it.
    pub(super) fn new(count: usize, members: impl Iterator<Item = (u64, usize)>) -> Option<Self> {
        let size = count.checked_mul(2)?.next_power_of_two();
        let mut table = vec![FREE; size].into_boxed_slice();
        for (hash, position) in members {
            let position = u16::try_from(position)
                .ok()
                .filter(|position| *position != FREE.position)?;
            let hash = short(hash);
            let entry = Entry { hash, position };
            probing::insert(&mut table, u32::from(hash), entry, Entry::is_free);
        }
        Some(Self(table))
    }

    /// Returns true if there is no directory, so that members have to be looked for along the row.
    #[inline]
    pub(super) fn is_missing(&self) -> bool {
        self.0.is_empty()
    }

    /// Returns the position of the member of a name, which has this hash.
    #[inline]
    pub(super) fn find(&self, hash: u64, has_name: impl Fn(usize) -> bool) -> Option<usize> {
        let hash = short(hash);
        let entries = probing::entries(&self.0, u32::from(hash), Entry::is_free);
        let alike = entries.filter(|entry| entry.hash == hash);
        let mut positions = alike.map(|entry| usize::from(entry.position));
        positions.find(|position| has_name(*position))
    }
}

impl Entry {
    #[inline]
    fn is_free(&self) -> bool {
        self.position == FREE.position
    }
}

#[inline]
fn short(hash: u64) -> u16 {
    let [first, second, ..] = hash.to_le_bytes();
    u16::from_le_bytes([first, second])
}
