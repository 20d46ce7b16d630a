//! Random policy sets and tokens, and a second reading of what conditions mean.

#![allow(dead_code, reason = "each test file uses a part of it")]
#![allow(
    clippy::indexing_slicing,
    clippy::expect_used,
    clippy::arithmetic_side_effects,
    clippy::panic,
    clippy::string_slice,
    clippy::as_conversions,
    unreachable_pub,
    reason = "a test may stop where something is odd"
)]

pub mod hostile;
pub mod pushed_negation;
pub mod random;

use rolecall_engine::{CachedDecision, Claims, Object, PolicySet, Source, UnverifiedClaims, assume_verified};

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
    assume_verified(UnverifiedClaims::new(object.clone()))
}

/// The names of the roles that a token gets.
pub fn allowed(set: &PolicySet, object: &Object) -> Vec<String> {
    let claims = claims(object);
    let mut names: Vec<String> = set
        .roles(&claims, &mut Vec::new())
        .filter_map(|decision| decision.role().map(|role| role.name.clone()))
        .collect();
    names.sort();
    names
}

/// How many roles a token gets, if the index decides what the language says; if not, how they differ.
pub fn agrees(set: &PolicySet, object: &Object, room: &mut Vec<CachedDecision>) -> Result<usize, String> {
    let claims = claims(object);
    let mut found: Vec<(String, usize)> = set
        .roles(&claims, room)
        .map(|decision| {
            let clause = decision.clause().expect("a clause").0;
            (decision.role().expect("a role").name.clone(), clause)
        })
        .collect();
    found.sort();
    let mut expected = Vec::new();
    for role in &set.program().roles {
        let said = set.evaluate(claims.as_unverified(), &role.name);
        let decision = set.decide(&claims, &role.name);
        let decided = match decision.clause() {
            Some((clause, _)) => Ok(clause),
            None => Err(decision.reason().expect("a reason")),
        };
        if said != decided {
            return Err(format!(
                "{}: {decided:?} and not {said:?} for {object:?}",
                role.name
            ));
        }
        expected.extend(said.ok().map(|clause| (role.name.clone(), clause)));
    }
    expected.sort();
    if found == expected {
        Ok(found.len())
    } else {
        Err(format!("{found:?} and not {expected:?} for {object:?}"))
    }
}
