//! Directory of a document: the positions of its members by their names.

use crate::probing;

/// The positions of the members of the outermost object, in a table of at least twice their number.
///
/// Names that share a hash make a lookup slower, by the members that a document may have at most.
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
    /// Returns the directory of `count` members, each with the hash of its name and its position; `None` if a
    /// position is too large.
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
        probing::find(&self.0, u32::from(hash), Entry::is_free, |entry| {
            let position = usize::from(entry.position);
            (entry.hash == hash && has_name(position)).then_some(position)
        })
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
    // Never fails: the number has 16 bits.
    u16::try_from(hash & u64::from(u16::MAX)).unwrap_or(u16::MAX)
}
