//! Policy sets to ask about.

pub mod many;
pub mod patterns;
pub mod regex;
pub mod sampling;
pub mod small;
pub mod tokens;

use rolecall_engine::{ClauseId, PolicySet, RoleId, Source};

/// Returns the role at a position in the file.
pub fn role(set: &PolicySet, position: usize) -> RoleId {
    match set.program().roles().id_at(position) {
        Some(role) => role,
        None => panic!("there is no role {position}"),
    }
}

/// Returns the position of a clause of the first role.
pub fn clause(set: &PolicySet, clause: ClauseId) -> usize {
    set.program().clause_number(role(set, 0), clause)
}

/// Compiles one file.
pub fn compile(policy: &str) -> PolicySet {
    match PolicySet::compile([Source::new("test.policy", policy)]) {
        Ok(set) => set,
        Err(error) => panic!("{error}\n{policy}"),
    }
}
