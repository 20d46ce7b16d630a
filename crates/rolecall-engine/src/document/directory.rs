//! Where the members of a document are, found by their names.

use super::{Document, Json, index};

/// The name of a member that will be looked for many times.
#[derive(Clone, Debug)]
pub(crate) struct MemberName {
    text: Box<str>,
    hash: usize,
}

impl MemberName {
    pub(crate) fn new(text: &str) -> Self {
        Self {
            text: text.into(),
            hash: hash(text),
        }
    }
}

/// The places of the members of the outermost object, in a table of twice their number or more.
///
/// Whoever chooses names that share a place makes us look at more of them, but never at more than a document may have.
#[derive(Clone, Default)]
pub(super) struct Directory(Box<[u16]>);

/// A place of the table where no member is.
const FREE: u16 = u16::MAX;

impl Document {
    /// The document, and where its members are.
    pub(super) fn with_directory(mut self) -> Self {
        let members = self.members().0;
        let count = members.count();
        let mut table = vec![FREE; count.saturating_mul(2).next_power_of_two()].into_boxed_slice();
        for (node, at) in members {
            let place = match u16::try_from(at) {
                Ok(place) if place != FREE => place,
                // Too far along the row. Without a directory, members are looked for from its start.
                _ => return self,
            };
            let mut slot = hash(self.text(node.name));
            loop {
                slot &= table.len().wrapping_sub(1);
                match table.get_mut(slot) {
                    Some(free) if *free == FREE => {
                        *free = place;
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

    /// The value of a member of the outermost object.
    pub(crate) fn member(&self, name: &MemberName) -> Option<Json<'_>> {
        let table = &self.directory.0;
        if table.is_empty() {
            return self.members().get(&name.text);
        }
        let mut slot = name.hash;
        loop {
            slot &= table.len().wrapping_sub(1);
            let at = table.get(slot).copied().filter(|at| *at != FREE)?;
            let at = usize::from(at);
            let node = self.nodes.get(at)?;
            if index(node.name.length) == name.text.len() && *self.text(node.name) == *name.text {
                return Some(self.json(at));
            }
            slot = slot.wrapping_add(1);
        }
    }
}

/// A number that most names of claims have for themselves: made of their lengths, starts and ends.
fn hash(name: &str) -> usize {
    let bytes = name.as_bytes();
    let [start, end] = match (bytes.first_chunk::<8>(), bytes.last_chunk::<8>()) {
        (Some(start), Some(end)) => [u64::from_le_bytes(*start), u64::from_le_bytes(*end)],
        _ => {
            let mut word = [0; 8];
            for (to, from) in word.iter_mut().zip(bytes) {
                *to = *from;
            }
            [u64::from_le_bytes(word), 0]
        }
    };
    let mixed = (start ^ end.rotate_left(29)).wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 48;
    usize::try_from(mixed)
        .unwrap_or_default()
        .wrapping_add(name.len())
}
