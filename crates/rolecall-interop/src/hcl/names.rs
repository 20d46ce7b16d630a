//! Names that have values in a configuration: local values, and attributes of resources that follow from others.

use super::header;
use crate::document::Value;
use hcl_edit::expr::Expression;
use hcl_edit::structure::Body;
use std::collections::HashMap;

/// The use of a value. Of some, a part says all that matters for tokens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Place {
    Elsewhere,
    /// A URL whose scheme is removed.
    Host,
    /// A member of a binding of Google Cloud. The first word of one that is not a token says so.
    Member,
    /// A principal of AWS that is not a provider of tokens.
    Principal,
    /// A provider of tokens in a principal of AWS, whose account does not matter.
    Provider,
}

/// Returns the value of an attribute, if the resource sets it.
pub(crate) type Given<'g> = &'g dyn Fn(&str) -> Option<Value>;

/// The knowledge about resources that the values of others depend on.
pub(crate) struct Kinds {
    /// Returns whether resources of a kind are read.
    pub(crate) is_read: fn(&str) -> bool,
    /// Returns the value of an attribute of a resource of a kind, from those that the resource sets.
    pub(crate) attribute: fn(&str, &str, Place, Given<'_>) -> Option<String>,
}

/// The names of a configuration.
pub(super) struct Names<'c> {
    pub(super) kinds: &'c Kinds,
    locals: HashMap<&'c str, Vec<&'c Expression>>,
    resources: HashMap<(bool, &'c str, &'c str), &'c Body>,
}

impl<'c> Names<'c> {
    /// Collects the names of a configuration.
    pub(super) fn of(body: &'c Body, kinds: &'c Kinds) -> Self {
        let mut names = Self {
            kinds,
            locals: HashMap::new(),
            resources: HashMap::new(),
        };
        for block in body.iter().filter_map(|structure| structure.as_block()) {
            if block.ident.as_str() == "locals" {
                for local in block.body.iter().filter_map(|structure| structure.as_attribute()) {
                    let values = names.locals.entry(local.key.as_str()).or_default();
                    values.push(&local.value);
                }
            }
            if let Some(key) = header(block) {
                names.resources.insert(key, &block.body);
            }
        }
        names
    }

    /// Returns the expression of a local value. Terraform refuses one that is defined twice.
    pub(super) fn local(&self, name: &str) -> Option<&'c Expression> {
        match self.locals.get(name)?.as_slice() {
            [only] => Some(only),
            _ => None,
        }
    }

    /// Returns the content of a resource or a data source.
    pub(super) fn resource(&self, is_data: bool, kind: &'c str, name: &'c str) -> Option<&'c Body> {
        self.resources.get(&(is_data, kind, name)).copied()
    }
}
