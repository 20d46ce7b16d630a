//! The tests of a policy set, run.

use crate::diagnostic::Location;
use crate::evaluate::decide;
use crate::explain::Explanation;
use crate::id::RoleId;
use crate::ir::{Program, Role, Test};
use rolecall_syntax::ast::ExpectationKind;

/// How a test went.
#[derive(Clone, Debug)]
pub struct TestOutcome<'a> {
    /// The test.
    pub test: &'a Test,
    /// The roles that did not come out as expected; empty if the test passed.
    pub failures: Vec<Failure<'a>>,
    /// The number of other roles that did not come out as expected either, if there are too many for `failures`.
    pub more_failures: usize,
}

/// A role that did not come out as expected.
#[derive(Clone, Debug)]
pub struct Failure<'a> {
    /// The role.
    pub role: &'a Role,
    /// What was expected: true if it was to be allowed.
    pub expected: bool,
    /// Where that is said.
    pub location: Location,
    /// Why it came out otherwise; `None` after too many others.
    pub explanation: Option<Explanation<'a>>,
}

/// Runs one test. `left` is how many comparisons may still be explained, or failures be told apart.
pub(crate) fn run<'a>(program: &'a Program, test: &'a Test, left: &mut usize) -> TestOutcome<'a> {
    let claims = test.claims.members();
    let mut failures: Vec<Failure<'a>> = Vec::new();
    let mut more_failures = 0_usize;
    for expectation in &test.expectations {
        let selected = &expectation.roles;
        let asked: Box<dyn Iterator<Item = RoleId>> = match expectation.kind {
            ExpectationKind::Allow | ExpectationKind::Deny => Box::new(selected.iter().copied()),
            ExpectationKind::Only => Box::new(program.roles().ids()),
        };
        for role in asked {
            let expected = match expectation.kind {
                ExpectationKind::Allow => true,
                ExpectationKind::Deny => false,
                ExpectationKind::Only => selected.binary_search(&role).is_ok(),
            };
            if decide(program, role, claims).is_ok() != expected {
                if *left == 0 && !failures.is_empty() {
                    more_failures = more_failures.saturating_add(1);
                    continue;
                }
                let explanation = (*left > 0).then(|| Explanation::new(program, role, &test.claims, left));
                *left = left.saturating_sub(1);
                failures.push(Failure {
                    role: &program[role],
                    expected,
                    location: expectation.location,
                    explanation,
                });
            }
        }
    }
    TestOutcome {
        test,
        failures,
        more_failures,
    }
}
