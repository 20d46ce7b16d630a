//! Names of roles as they are written: with the variables of a `for`.

use rolecall_analysis::WrittenRole;
use rolecall_engine::{Location, PolicySet};
use rolecall_syntax::ast::Item;
use std::collections::HashMap;

/// The names of the `role` items of a policy set.
#[derive(Debug)]
pub(crate) struct WrittenNames {
    names: HashMap<Location, String>,
}

impl WrittenNames {
    pub(crate) fn new(set: &PolicySet) -> Self {
        let files = set.program().parsed_files(&[]);
        let mut names = HashMap::new();
        for (id, file) in files.iter().filter(|(id, _)| !set.program().is_foreign(*id)) {
            for item in &file.parse().file.items {
                if let Item::Role(role) = &item.node {
                    names.insert(Location::new(id, item.span), role.name.node.clone());
                }
            }
        }
        Self { names }
    }

    /// Returns the name of a role.
    pub(crate) fn name(&self, set: &PolicySet, role: &WrittenRole) -> String {
        let known = self.names.get(&role.location).cloned();
        let first = || {
            role.roles
                .first()
                .map(|role| set.program()[*role].name.to_string())
        };
        known.or_else(first).unwrap_or_default()
    }
}
