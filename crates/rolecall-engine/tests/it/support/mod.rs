//! Random policy sets and tokens, and a second reading of what conditions mean.

pub mod externals;
pub mod hostile;
pub mod plain;
pub mod pushed_negation;
pub mod random;
pub mod sampling;

use rolecall_engine::{
    CachedDecision, Claims, ClauseId, Object, PolicySet, Source, UnverifiedClaims, assume_verified,
};

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
        .filter_map(|decision| decision.role().map(|role| role.name.to_string()))
        .collect();
    names.sort();
    names
}

/// How many roles a token gets, if the index decides what the language says; if not, how they differ.
pub fn agrees(set: &PolicySet, object: &Object, room: &mut Vec<CachedDecision>) -> Result<usize, String> {
    let claims = claims(object);
    let mut found: Vec<(String, ClauseId)> = set
        .roles(&claims, room)
        .map(|decision| {
            let clause = decision.clause().expect("a clause");
            (decision.role().expect("a role").name.to_string(), clause)
        })
        .collect();
    found.sort();
    let mut expected = Vec::new();
    for role in set.program().roles().values() {
        let said = set.evaluate(claims.as_unverified(), &role.name);
        let decision = set.decide(&claims, &role.name);
        let decided = match decision.clause() {
            Some(clause) => Ok(clause),
            None => Err(decision.reason().expect("a reason")),
        };
        if said != decided {
            return Err(format!(
                "{}: {decided:?} and not {said:?} for {object:?}",
                role.name
            ));
        }
        expected.extend(said.ok().map(|clause| (role.name.to_string(), clause)));
    }
    expected.sort();
    if found == expected {
        Ok(found.len())
    } else {
        Err(format!("{found:?} and not {expected:?} for {object:?}"))
    }
}

/// Returns whether expected texts are to be written instead of compared: `ROLECALL_BLESS=1`.
pub fn blessing() -> bool {
    std::env::var_os("ROLECALL_BLESS").is_some_and(|value| value == "1")
}
