//! Roles by the locations of their items.

use rolecall_engine::ir::Program;
use rolecall_engine::{FileId, Location, RoleId};

/// The roles of a policy set, in the order of their items. Of the roles that one item makes, there is the first.
pub(crate) struct RoleSpans {
    roles: Vec<(Location, RoleId)>,
}

impl RoleSpans {
    pub(crate) fn new(program: &Program) -> Self {
        let mut roles: Vec<(Location, RoleId)> = program
            .roles()
            .iter()
            .map(|(id, role)| (role.location, id))
            .collect();
        roles.sort_unstable();
        roles.dedup_by_key(|(location, _)| *location);
        Self { roles }
    }

    /// Returns the role whose item contains a location.
    pub(crate) fn at(&self, location: Location) -> Option<RoleId> {
        let start = |location: Location| -> (FileId, usize) { (location.file(), location.span().start) };
        let before = self
            .roles
            .partition_point(|(role, _)| start(*role) <= start(location));
        let (item, role) = before.checked_sub(1).and_then(|last| self.roles.get(last))?;
        let is_inside = item.file() == location.file() && location.span().end <= item.span().end;
        is_inside.then_some(*role)
    }
}
