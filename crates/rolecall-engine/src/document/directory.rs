//! Where the members of a document are, found by their names.

use super::{Document, Json, index};
use crate::spelling::{Ends, Spelling};

/// The places of the members of the outermost object, in a table of twice their number or more. An entry is the hash of the
/// name, and the place in the row.
///
/// Whoever chooses names that share a hash makes us look at more of them, but never at more than a document may have.
#[derive(Clone, Default)]
pub(super) struct Directory(Box<[(u16, u16)]>);

/// The place of an entry that no member has.
const FREE: u16 = u16::MAX;

impl Document {
    /// The document, and where its members are.
    pub(super) fn with_directory(mut self) -> Self {
        let members = self.members().0;
        let count = members.count();
        let mut table = vec![(0, FREE); count.saturating_mul(2).next_power_of_two()].into_boxed_slice();
        for (node, at) in members {
            let place = match u16::try_from(at) {
                Ok(place) if place != FREE => place,
                // Too far along the row. Without a directory, members are looked for from its start.
                _ => return self,
            };
            let hash = short(Ends::of(self.text(node.name).as_bytes()).hash());
            let mut slot = usize::from(hash);
            loop {
                slot &= table.len().wrapping_sub(1);
                match table.get_mut(slot) {
                    Some(free) if free.1 == FREE => {
                        *free = (hash, place);
                        break;
                    }
                    Some(_) => slot = slot.wrapping_add(1),
                    None => return self,
                }
            }
        }
        self.directory = Directory(table);
        self
    }

    /// The place in the row of a member of the outermost object.
    #[inline]
    pub(crate) fn place(&self, name: &Spelling) -> Option<usize> {
        let table = &*self.directory.0;
        if table.is_empty() {
            return self.members().place(name.text());
        }
        let wanted = short(name.hash());
        let mut slot = usize::from(wanted);
        loop {
            let (hash, place) = *table.get(slot & table.len().wrapping_sub(1))?;
            if place == FREE {
                return None;
            }
            let place = usize::from(place);
            if hash == wanted && self.has_name(place, name) {
                return Some(place);
            }
            slot = slot.wrapping_add(1);
        }
    }

    #[inline]
    fn has_name(&self, place: usize, name: &Spelling) -> bool {
        self.nodes.get(place).is_some_and(|node| {
            let start = index(node.name.start);
            let end = start.wrapping_add(index(node.name.length));
            let bytes = self.text.as_bytes().get(start..end);
            bytes.is_some_and(|bytes| name.is(bytes))
        })
    }

    /// The value of a member of the outermost object.
    pub(crate) fn member(&self, name: &Spelling) -> Option<Json<'_>> {
        Some(self.json(self.place(name)?))
    }
}

#[inline]
fn short(hash: u64) -> u16 {
    u16::try_from(hash & u64::from(u16::MAX)).unwrap_or_default()
}
