//! Selectors of roles on the command line.

use crate::failure::Failure;
use crate::printable::printable;
use crate::role_names;
use rolecall_engine::ir::Program;
use rolecall_engine::{PolicySet, RoleId};
use rolecall_syntax::ast::Selector;
use rolecall_syntax::{did_you_mean, names_there_are};
use std::collections::BTreeSet;

/// Selectors with commas between them, as in policies, and the names in the policy sets that they were looked up
/// in.
#[derive(Debug)]
pub struct Selectors {
    selectors: Vec<Selector>,
    /// The selectors that selected a role of some set.
    used: BTreeSet<usize>,
    roles: Vec<String>,
    tags: BTreeSet<String>,
}

impl Selectors {
    pub fn new(text: &str) -> Self {
        Self {
            selectors: text.split(',').map(|one| Selector::new(one.trim())).collect(),
            used: BTreeSet::new(),
            roles: Vec::new(),
            tags: BTreeSet::new(),
        }
    }

    /// Returns the selected roles of a policy set, each once, in the order of the files.
    pub fn select(&mut self, program: &Program) -> Vec<RoleId> {
        for role in program.roles().values() {
            self.roles.push(role.name.to_string());
            self.tags.extend(role.tags.iter().map(ToString::to_string));
        }
        let mut selected = Vec::new();
        for (number, selector) in self.selectors.iter().enumerate() {
            let found = program.select(selector);
            if !found.is_empty() {
                self.used.insert(number);
            }
            selected.extend(found);
        }
        selected.sort_unstable();
        selected.dedup();
        selected
    }

    /// Returns a failure for each selector that selected no role of any set.
    pub fn failures(&self) -> Vec<Failure> {
        let all = self.selectors.iter().enumerate();
        let unused = all.filter(|(number, _)| !self.used.contains(number));
        unused.map(|(_, selector)| self.failure(selector)).collect()
    }

    fn failure(&self, selector: &Selector) -> Failure {
        let roles = self.roles.iter().map(String::as_str);
        match selector {
            Selector::Name(name) if name.is_empty() => {
                Failure::new("a selector of roles is empty").help("write `*` for all roles")
            }
            Selector::Name(name) if name.contains('*') => {
                let message = format!("no role has a name like `{}`", printable(name));
                Failure::new(message).help(names_there_are("role", roles))
            }
            Selector::Name(name) => {
                let message = format!("there is no role `{}`", printable(name));
                Failure::new(message).help(role_names::help(name, roles))
            }
            Selector::Tag(tag) => {
                let tags = self.tags.iter().map(String::as_str);
                let help = match did_you_mean(tag, tags.clone()) {
                    Some(near) => format!("did you mean `#{near}`?"),
                    None => names_there_are("tag", tags),
                };
                let message = format!("no role has the tag `{}`", printable(tag));
                Failure::new(message).help(help)
            }
        }
    }
}

/// Returns the roles that selectors with commas between them select, in the order of the files.
pub fn select(set: &PolicySet, selectors: &str) -> Result<Vec<RoleId>, Failure> {
    let mut selectors = Selectors::new(selectors);
    let selected = selectors.select(set.program());
    match selectors.failures().into_iter().next() {
        Some(failure) => Err(failure),
        None => Ok(selected),
    }
}
