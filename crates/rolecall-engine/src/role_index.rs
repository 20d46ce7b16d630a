//! Roles by their names, without a second copy of each name.

use crate::ir::Role;
use hashbrown::{DefaultHashBuilder, HashTable};
use std::hash::BuildHasher;

/// The places of roles, by their names.
#[derive(Clone, Debug, Default)]
pub(crate) struct RoleIndex {
    hasher: DefaultHashBuilder,
    places: HashTable<u32>,
}

impl RoleIndex {
    /// The place of the role that has a name.
    #[inline]
    pub(crate) fn find(&self, roles: &[Role], name: &str) -> Option<usize> {
        let has_name = |place: &u32| name_at(roles, *place) == name;
        let place = self.places.find(self.hasher.hash_one(name), has_name)?;
        Some(crate::narrow::index(*place))
    }

    /// Notes the last of these roles, whose name none of the others has.
    pub(crate) fn add_last(&mut self, roles: &[Role]) {
        let place = crate::narrow::number(roles.len().saturating_sub(1));
        let hash = |place: &u32| self.hasher.hash_one(name_at(roles, *place));
        self.places.insert_unique(hash(&place), place, hash);
    }
}

fn name_at(roles: &[Role], place: u32) -> &str {
    let role = roles.get(crate::narrow::index(place));
    role.map_or("", |role| &role.name)
}
