//! The tests that there are, by their tokens.

use rolecall_engine::ir::{Expectation, Test};
use rolecall_engine::{PolicySet, Value};
use std::collections::HashMap;

/// Tests of a policy set, by their tokens.
pub(super) struct Known<'s> {
    set: &'s PolicySet,
    by_token: HashMap<String, Vec<&'s Test>>,
}

impl<'s> Known<'s> {
    pub(super) fn new(set: &'s PolicySet) -> Self {
        Self {
            set,
            by_token: HashMap::new(),
        }
    }

    pub(super) fn insert(&mut self, test: &'s Test) {
        let token = token_of(self.set, test);
        self.by_token.entry(token).or_default().push(test);
    }

    /// Returns the name of a test with the same token that expects at least the same.
    pub(super) fn find(&self, test: &Test) -> Option<&'s str> {
        let tests = self.by_token.get(&token_of(self.set, test))?.iter();
        let mut tests = tests.filter(|known| {
            let mut expectations = test.expectations.iter();
            expectations.all(|expectation| known.expectations.iter().any(|one| includes(one, expectation)))
        });
        tests.next().map(|test| test.name.as_str())
    }
}

/// Returns whether a test with the first expectation also checks the second one.
fn includes(known: &Expectation, expectation: &Expectation) -> bool {
    let has = |role| known.roles.binary_search(role).is_ok();
    known.kind == expectation.kind
        && known.because == expectation.because
        && expectation.facts.is_empty()
        && expectation.roles.iter().all(has)
}

/// Returns the issuer and the claims of a test, whatever their order is.
pub(super) fn token_of(set: &PolicySet, test: &Test) -> String {
    let members = test.claims.members();
    let mut claims: Vec<String> = members
        .map(|(name, value)| format!("{}: {value}", Value::from(name)))
        .collect();
    claims.sort_unstable();
    let issuer = &set.program()[test.issuer].issuer;
    format!("{} {}", issuer.name, claims.join(", "))
}
