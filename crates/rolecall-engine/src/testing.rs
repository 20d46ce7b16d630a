//! Test runs: the outcomes of the tests of a policy set.

use crate::certain::next;
use crate::diagnostic::Location;
use crate::evaluate::decide;
use crate::explain::{Contradictions, Explanation};
use crate::id::RoleId;
use crate::ir::{ExpectationKind, Program, Role, Test};

/// The outcome of a test.
#[derive(Clone, Debug)]
#[must_use = "a test may have failed: see `failures`"]
#[non_exhaustive]
pub struct TestOutcome<'a> {
    /// The test.
    pub test: &'a Test,
    /// The roles whose decision is not the expected one; empty if the test passed.
    pub failures: Vec<Failure<'a>>,
    /// The number of further failures, if there are too many for `failures`.
    pub more_failures: usize,
}

/// A role whose decision is not the expected one.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Failure<'a> {
    /// The role.
    pub role: &'a Role,
    /// True if the role should be allowed, false if it should be denied.
    pub expected: bool,
    /// The `expect` statement.
    pub location: Location,
    /// The explanation of the decision; `None` after too many failures.
    pub explanation: Option<Explanation<'a>>,
}

/// Runs one test. `left` is the number of comparisons that may still be explained. Once it is 0, failures are
/// only counted.
pub(crate) fn run<'a>(program: &'a Program, test: &'a Test, left: &mut usize) -> TestOutcome<'a> {
    let claims = test.claims.members();
    let mut failures: Vec<Failure<'a>> = Vec::new();
    let mut more_failures = 0_usize;
    let mut contradictions = Contradictions::default();
    for expectation in &test.expectations {
        let selected = &expectation.roles;
        let checked: Box<dyn Iterator<Item = RoleId>> = match expectation.kind {
            ExpectationKind::Allow | ExpectationKind::Deny => Box::new(selected.iter().copied()),
            ExpectationKind::Only => Box::new(program.roles().ids()),
        };
        for role in checked {
            let expected = match expectation.kind {
                ExpectationKind::Allow => true,
                ExpectationKind::Deny => false,
                ExpectationKind::Only => selected.binary_search(&role).is_ok(),
            };
            if decide(program, role, claims).is_ok() != expected {
                if *left == 0 && !failures.is_empty() {
                    more_failures = next(more_failures);
                    continue;
                }
                let explanation = (*left > 0).then(|| {
                    let room = (&mut *left, &mut contradictions);
                    Explanation::new(program, role, &test.claims, room)
                });
                // The explanation may have used up the rest.
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
