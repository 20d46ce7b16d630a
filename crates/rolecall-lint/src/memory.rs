//! Memory of findings about roles.

use crate::finding::Finding;
use crate::linter::Part;
use crate::places::Places;
use hashbrown::HashMap;
use rolecall_engine::ir::Role;
use rolecall_engine::{PolicySet, RoleId};
use std::sync::Arc;

/// The findings about the roles of a policy set, for its next version.
#[derive(Debug, Default)]
pub(crate) struct Memory {
    places: Places,
    /// The findings by the name of the role.
    roles: HashMap<Box<str>, Known>,
}

/// The findings about a role.
#[derive(Debug)]
struct Known {
    /// The hash of the role with all that it names.
    hash: u128,
    findings: Vec<Finding>,
}

impl Memory {
    /// Moves the findings about roles that are the same in another version of the set to their places there. Returns the
    /// other roles.
    ///
    /// A role is the same if neither its text, nor that of the conditions and sets that it names, nor any issuer,
    /// profile, guard or setting has changed.
    pub(crate) fn recall(&mut self, set: &PolicySet, places: Places) -> Vec<RoleId> {
        let before = std::mem::replace(&mut self.places, places);
        let mut known = std::mem::take(&mut self.roles);
        if before.shared != self.places.shared {
            known.clear();
        }
        let mut stale = Vec::new();
        for (id, role) in set.program().roles().iter() {
            let now = self.places.around(role.location).map(|place| place.hash);
            let same = known.remove(&role.name).filter(|known| Some(known.hash) == now);
            match same.and_then(|known| known.moved(set, &before, &self.places)) {
                Some(known) => {
                    self.roles.insert(role.name.clone(), known);
                }
                None => stale.push(id),
            }
        }
        stale
    }

    /// Adds the findings about roles.
    pub(crate) fn add(&mut self, set: &PolicySet, parts: &[Part]) {
        for part in parts {
            let role = part.role.map(|id| &set.program()[id]);
            let known = role.and_then(|role| {
                let known = Known {
                    hash: self.places.around(role.location)?.hash,
                    findings: part.findings.clone(),
                };
                Some((role.name.clone(), known))
            });
            self.roles.extend(known);
        }
    }

    /// Returns the findings about all roles that are known.
    pub(crate) fn parts(&self, set: &PolicySet) -> Vec<Part> {
        let roles = set.program().roles().iter();
        let part = |(id, role): (RoleId, &Role)| {
            let known = self.roles.get(&role.name)?;
            Some(Part {
                role: Some(id),
                findings: known.findings.clone(),
            })
        };
        roles.filter_map(part).collect()
    }
}

impl Known {
    /// Moves the findings; `None` if one of them is about an item that has changed.
    fn moved(mut self, set: &PolicySet, before: &Places, now: &Places) -> Option<Self> {
        for finding in &mut self.findings {
            for location in finding.locations() {
                *location = before.moved(*location, now)?;
            }
            if let Some(witness) = &mut finding.witness {
                Arc::make_mut(witness).move_to(set)?;
            }
        }
        Some(self)
    }
}
