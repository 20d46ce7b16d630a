//! Configuration of a plan: the attributes that each resource sets.

use crate::document::{DocumentError, Json, Members};
use std::collections::HashMap;

/// The deepest nesting of modules.
const MAX_MODULES: usize = 64;

/// The configuration of resources, by addresses without the keys of instances.
#[derive(Debug, Default)]
pub(super) struct Configuration {
    resources: HashMap<String, Configured>,
}

/// The configuration of a resource.
#[derive(Clone, Debug)]
pub(super) struct Configured {
    /// The names of the attributes that it sets.
    pub(super) attributes: Vec<String>,
    /// The references in the trust policy of a role.
    pub(super) policy: Vec<String>,
}

impl Configuration {
    /// Reads the configuration of a plan.
    pub(super) fn of(configuration: Option<Json<'_>>) -> Result<Self, DocumentError> {
        let mut found = Self::default();
        let root = configuration.map_or(Ok(None), |all| Ok(Members::of(all)?.get("root_module")))?;
        let mut modules: Vec<(Json<'_>, String, usize)> = Vec::new();
        modules.extend(root.map(|root| (root, String::new(), 0)));
        while let Some((module, prefix, level)) = modules.pop() {
            let members = Members::of(module)?;
            let resources = members.get("resources");
            for resource in resources.map_or(Ok(Vec::new()), Json::elements)? {
                found.add(&prefix, resource)?;
            }
            let calls = members.get("module_calls").filter(|_| level < MAX_MODULES);
            for (name, call) in calls.map_or(Ok(Vec::new()), Json::members)? {
                if let Some(module) = Members::of(call)?.get("module") {
                    let prefix = format!("{prefix}module.{}.", name.node);
                    modules.push((module, prefix, level.saturating_add(1)));
                }
            }
        }
        Ok(found)
    }

    fn add(&mut self, prefix: &str, resource: Json<'_>) -> Result<(), DocumentError> {
        let members = Members::of(resource)?;
        let (Some(address), Some(expressions)) = (members.text("address")?, members.get("expressions"))
        else {
            return Ok(());
        };
        let policy = Members::of(expressions)?.get("assume_role_policy");
        let references = policy.map_or(Ok(None), |policy| Ok(Members::of(policy)?.get("references")))?;
        let policy = references.map_or(Ok(Vec::new()), Json::texts)?;
        let attributes = expressions.members()?.into_iter().map(|(name, _)| name.node);
        let configured = Configured {
            attributes: attributes.collect(),
            policy: policy.into_iter().map(|reference| reference.node).collect(),
        };
        self.resources
            .insert(format!("{prefix}{}", address.node), configured);
        Ok(())
    }

    /// Returns the configuration of an instance, if it is known.
    pub(super) fn resource(&self, address: &str) -> Option<Configured> {
        self.resources.get(&without_keys(address)).cloned()
    }
}

/// Returns an address without the keys of instances: `module.a["x"].b.c[0]` is `module.a.b.c`.
pub(super) fn without_keys(address: &str) -> String {
    let mut plain = String::with_capacity(address.len());
    let mut rest = address;
    while let Some((before, key)) = rest.split_once('[') {
        plain.push_str(before);
        // A key is a number, or a text in quotes with escapes.
        let (mut is_quoted, mut is_escaped) = (false, false);
        let end = key.char_indices().find(|(_, c)| {
            match c {
                '"' if !is_escaped => is_quoted = !is_quoted,
                ']' if !is_quoted => return true,
                _ => {}
            }
            is_escaped = *c == '\\' && !is_escaped;
            false
        });
        rest = end
            .and_then(|(end, _)| key.get(end.saturating_add(1)..))
            .unwrap_or_default();
    }
    plain.push_str(rest);
    plain
}
