//! Random policy sets and tokens, and a second reading of what conditions mean.

#![allow(dead_code, reason = "each test file uses a part of it")]
#![allow(
    clippy::indexing_slicing,
    clippy::expect_used,
    clippy::arithmetic_side_effects,
    clippy::panic,
    clippy::string_slice,
    unreachable_pub,
    reason = "a test may stop where something is odd"
)]

pub mod pushed_negation;
pub mod random;

use rolecall_engine::{Claims, Object, PolicySet, Source, UnverifiedClaims};

/// Compiles one file.
pub fn compile(policy: &str) -> PolicySet {
    match PolicySet::compile([Source::new("test.policy", policy)]) {
        Ok(set) => set,
        Err(error) => panic!(
            "{error}\n{:?}\n{policy}",
            error.diagnostics.iter().map(|d| &d.help).collect::<Vec<_>>()
        ),
    }
}

/// Claims that a decision takes.
pub fn claims(object: &Object) -> Claims {
    Claims::assume_verified(UnverifiedClaims::new(object.clone()))
}

/// The names of the roles that a token gets.
pub fn allowed(set: &PolicySet, object: &Object) -> Vec<String> {
    let claims = claims(object);
    let mut names: Vec<String> = set
        .roles(&claims)
        .filter_map(|decision| decision.role().map(|role| role.name.clone()))
        .collect();
    names.sort();
    names
}
