//! Families: the roles of one `for`.

use rolecall_engine::ir::Program;
use rolecall_engine::{Location, RoleId};
use std::collections::HashMap;

/// The names of families by the location of their `role` items.
pub(super) struct Families(HashMap<Location, String>);

impl Families {
    pub(super) fn new(program: &Program) -> Self {
        let mut members: HashMap<Location, Vec<&str>> = HashMap::new();
        for role in program.roles().values() {
            members.entry(role.location).or_default().push(&role.name);
        }
        let families = members.into_iter().filter(|(_, names)| names.len() > 1);
        Self(
            families
                .map(|(location, names)| (location, common(&names)))
                .collect(),
        )
    }

    /// Returns the name of a role's family.
    pub(super) fn of(&self, program: &Program, role: RoleId) -> Option<String> {
        self.0.get(&program[role].location).cloned()
    }
}

/// Returns the common beginning and end of some names, with a `*` between them.
pub(super) fn common(names: &[&str]) -> String {
    let [first, others @ ..] = names else {
        return "*".to_owned();
    };
    let shared = |left: &mut dyn Iterator<Item = char>, right: &mut dyn Iterator<Item = char>| {
        left.zip(right).take_while(|(left, right)| left == right).count()
    };
    let start = others
        .iter()
        .map(|name| shared(&mut first.chars(), &mut name.chars()))
        .min();
    let end = others
        .iter()
        .map(|name| shared(&mut first.chars().rev(), &mut name.chars().rev()))
        .min();
    let shortest = names
        .iter()
        .map(|name| name.chars().count())
        .min()
        .unwrap_or_default();
    let start = start.unwrap_or_default();
    let end = end.unwrap_or_default().min(shortest.saturating_sub(start));
    let before: String = first.chars().take(start).collect();
    let after: Vec<char> = first.chars().rev().take(end).collect();
    let after: String = after.into_iter().rev().collect();
    format!("{before}*{after}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_family_has_the_common_parts_of_its_names() {
        for (names, family) in [
            (["deploy-api-prod", "deploy-web-prod"], "deploy-*-prod"),
            (["a", "aa"], "a*"),
            (["api", "web"], "*"),
            (["ü1", "ü2"], "ü*"),
        ] {
            assert_eq!(common(&names), family);
        }
    }
}
