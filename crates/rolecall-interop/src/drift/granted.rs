//! Resources that policies grant.

use crate::grants::constant_grants;
use crate::target::Target;
use crate::translation::Resource;
use rolecall_engine::ir::Program;
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// The resources that policies grant, each with the roles that grant it.
#[derive(Debug, Default)]
pub(super) struct Granted {
    roles: BTreeMap<Resource, Vec<String>>,
    /// The resources by the ends of their names, which documents have at least.
    by_end: HashMap<(Target, String), Vec<Resource>>,
}

impl Granted {
    /// Finds the resources. A grant with claims in it is for no resource that is known before.
    pub(super) fn of(program: &Program) -> Self {
        let mut granted = Self::default();
        for (id, role) in program.roles().iter() {
            let grants = constant_grants(program, id);
            for target in Target::ALL {
                let values = target.grant().and_then(|name| grants.get(name));
                for value in values.into_iter().flatten() {
                    granted.add(Resource::whole(target, value), &role.name);
                }
            }
        }
        granted
    }

    fn add(&mut self, resource: Resource, role: &str) {
        let by_end = self.by_end.entry(resource.key()).or_default();
        if !by_end.contains(&resource) {
            by_end.push(resource.clone());
        }
        self.roles.entry(resource).or_default().push(role.to_owned());
    }

    /// Takes out the resources of those systems that no document is of, and returns their numbers. If no document is of any, all
    /// stay.
    pub(super) fn retain(&mut self, found: &BTreeSet<Target>) -> BTreeMap<Target, usize> {
        let mut left_out: BTreeMap<Target, usize> = BTreeMap::new();
        if !found.is_empty() {
            self.roles.retain(|resource, _| {
                let is_found = found.contains(&resource.target);
                if !is_found {
                    let count = left_out.entry(resource.target).or_default();
                    *count = count.saturating_add(1);
                }
                is_found
            });
        }
        left_out
    }

    /// Returns the resources, in order.
    pub(super) fn resources(&self) -> impl Iterator<Item = &Resource> {
        self.roles.keys()
    }

    /// Returns the roles that grant a resource.
    pub(super) fn roles(&self, resource: &Resource) -> &[String] {
        self.roles.get(resource).map(Vec::as_slice).unwrap_or_default()
    }

    /// Returns the granted resources that a live one can be.
    pub(super) fn named(&self, live: &Resource) -> impl Iterator<Item = &Resource> {
        let same = self.by_end.get(&live.key()).into_iter().flatten();
        same.filter(|granted| live.is(&granted.name))
    }
}
