//! Test runs: the outcomes of the tests of a policy set.

use crate::certain::{certain, next};
use crate::diagnostic::Location;
use crate::document::Members;
use crate::evaluate::{Assumption, ProfileView, decide};
use crate::explain::{Contradictions, Obstacles, OperatorView, obstacles, price};
use crate::id::{ClauseId, RoleId};
use crate::ir::{ClaimDefinition, Expectation, Fact, Program, Role, Test};
use std::num::Saturating;
use std::time::Duration;

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
    /// The difference from what is expected.
    pub fault: Fault<'a>,
    /// The `expect` statement.
    pub location: Location,
    /// The explanation of the decision; `None` after too many failures, and for a role that is rightly allowed.
    pub explanation: Option<OperatorView<'a>>,
}

/// The difference between a decision and the expected one.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum Fault<'a> {
    /// The role is allowed and should be denied.
    Allowed,
    /// The role is denied and should be allowed.
    Denied,
    /// The role is allowed, as expected, with another text of a grant.
    Grant {
        /// The grant's name.
        name: &'a str,
        /// The expected text.
        expected: &'a str,
        /// The text.
        actual: String,
    },
    /// The role is denied, as expected, and not because of the expected claim alone.
    Reason {
        /// The claim.
        claim: &'a ClaimDefinition,
        /// The other checks that deny the role; `None` if none of its checks reads the claim.
        also: Option<Obstacles>,
    },
    /// The role is allowed, as expected, with another ttl.
    Ttl {
        /// The expected ttl.
        expected: Duration,
        /// The ttl, if the role sets one.
        actual: Option<Duration>,
    },
}

impl Fault<'_> {
    /// Returns true if the decision itself is not the expected one.
    fn is_decision(&self) -> bool {
        matches!(self, Self::Allowed | Self::Denied)
    }
}

/// Returns true if all decisions are as a test expects.
pub(crate) fn passes(program: &Program, test: &Test) -> bool {
    let mut checks = test.expectations.iter().flat_map(|expectation| {
        let roles = program.checked(expectation);
        roles.map(move |role| (expectation, role))
    });
    checks.all(|(expectation, role)| faults(program, test, expectation, role).is_empty())
}

/// Runs one test. `left` is the number of comparisons that may still be explained. Once it is 0, failures are
/// only counted.
pub(crate) fn run<'a>(program: &'a Program, test: &'a Test, left: &mut usize) -> TestOutcome<'a> {
    let mut failures: Vec<Failure<'a>> = Vec::new();
    let mut more_failures = 0_usize;
    let mut contradictions = Contradictions::default();
    for expectation in &test.expectations {
        for role in program.checked(expectation) {
            for fault in faults(program, test, expectation, role) {
                if *left == 0 && !failures.is_empty() {
                    more_failures = next(more_failures);
                    continue;
                }
                let is_explained =
                    *left > 0 && (fault.is_decision() || matches!(fault, Fault::Reason { .. }));
                let explanation = is_explained.then(|| {
                    let room = (&mut *left, &mut contradictions);
                    OperatorView::new(program, role, &test.claims, room)
                });
                let shown = match &fault {
                    Fault::Reason { also: Some(also), .. } => also.comparisons.len(),
                    _ => 0,
                };
                let shown = Saturating(shown) * Saturating(price(&test.claims));
                // The explanation may have used up the rest.
                *left = left.saturating_sub(shown.0.max(1));
                failures.push(Failure {
                    role: &program[role],
                    fault,
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

/// Returns the differences between the decision on a role and the expected one.
fn faults<'a>(
    program: &'a Program,
    test: &'a Test,
    expectation: &'a Expectation,
    role: RoleId,
) -> Vec<Fault<'a>> {
    let claims = test.claims.members();
    match (decide(program, role, claims), expectation.allows(role)) {
        (Ok(_), false) => vec![Fault::Allowed],
        (Err(_), true) => vec![Fault::Denied],
        (Ok(clause), true) => {
            let facts = expectation.facts.iter();
            facts
                .filter_map(|fact| wrong_fact(program, role, clause, claims, fact))
                .collect()
        }
        (Err(_), false) => {
            let claim = expectation
                .because
                .map(|claim| &program[test.issuer].profile[claim]);
            let fault = claim.and_then(|claim| wrong_reason(program, role, claims, claim));
            fault.into_iter().collect()
        }
    }
}

/// Compares a fact with the decision on a role that a clause allows.
fn wrong_fact<'a>(
    program: &'a Program,
    role: RoleId,
    clause: ClauseId,
    claims: Members<'_>,
    fact: &'a Fact,
) -> Option<Fault<'a>> {
    match fact {
        Fact::Grant { name, text } => {
            let clause = &program[clause];
            let token = ProfileView::new(&program[clause.issuer], claims);
            // Lowering refuses a grant that the role does not have.
            let grants = program[role].grants.iter().zip(clause.grants());
            let texts: Vec<String> = grants
                .filter(|(known, _)| ***known == **name)
                .map(|(_, template)| {
                    certain(
                        token.fill(template),
                        "the grants of an allowed role are filled in",
                    )
                })
                .collect();
            (!texts.contains(text)).then(|| Fault::Grant {
                name,
                expected: text,
                actual: texts.join("`, `"),
            })
        }
        Fact::Ttl(expected) => {
            let actual = program[role].ttl();
            (actual != Some(*expected)).then_some(Fault::Ttl {
                expected: *expected,
                actual,
            })
        }
    }
}

/// Compares a claim with the reason that a role is denied.
fn wrong_reason<'a>(
    program: &'a Program,
    role: RoleId,
    claims: Members<'_>,
    claim: &'a ClaimDefinition,
) -> Option<Fault<'a>> {
    let assumption = Assumption::new(program, claims, &claim.path);
    if assumption.allows(role) {
        return None;
    }
    let also = assumption
        .is_read(role)
        .then(|| obstacles(program, role, &assumption));
    Some(Fault::Reason { claim, also })
}
