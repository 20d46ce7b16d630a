//! The tests of a policy set, run.

use crate::diagnostic::Place;
use crate::evaluate::decide;
use crate::explain::Explanation;
use crate::ir::{Program, Role, Test};
use rolecall_syntax::ast::Verdict;

/// How a test went.
#[derive(Clone, Debug)]
pub struct TestOutcome<'a> {
    /// The test.
    pub test: &'a Test,
    /// The roles that did not come out as expected; empty if the test passed.
    pub failures: Vec<Failure<'a>>,
}

/// A role that did not come out as expected.
#[derive(Clone, Debug)]
pub struct Failure<'a> {
    /// The role.
    pub role: &'a Role,
    /// What was expected: true if it was to be allowed.
    pub expected: bool,
    /// Where that is said.
    pub place: Place,
    /// Why it came out otherwise.
    pub explanation: Explanation<'a>,
}

/// Runs one test.
pub(crate) fn run<'a>(program: &'a Program, test: &'a Test) -> TestOutcome<'a> {
    let claims = test.claims.members();
    let mut failures = Vec::new();
    for (verdict, selected, place) in &test.expectations {
        for (index, role) in program.roles.iter().enumerate() {
            let expected = match (verdict, selected.binary_search(&index).is_ok()) {
                (Verdict::Allow | Verdict::Only, true) => true,
                (Verdict::Deny, true) | (Verdict::Only, false) => false,
                (Verdict::Allow | Verdict::Deny, false) => continue,
            };
            if decide(program, role, claims).is_ok() != expected {
                let explanation = Explanation::new(program, role, claims);
                failures.push(Failure {
                    role,
                    expected,
                    place: *place,
                    explanation,
                });
            }
        }
    }
    TestOutcome { test, failures }
}
