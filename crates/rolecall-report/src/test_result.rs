//! Results of tests.

use crate::explanation::RoleExplanation;
use crate::fault::{self, FaultReport};
use crate::json::Json;
use crate::location::{LineLocation, Locations, count};
use crate::printable::printable;
use crate::style::{BAD, FAINT, GOOD, STRONG, paint};
use crate::token_text;
use rolecall_engine::ir::Test;
use rolecall_engine::{PolicySet, TestOutcome, Value};
use serde::Serialize;
use std::num::NonZeroUsize;
use std::time::Duration;

/// The result of a test.
#[derive(Debug, Serialize)]
pub struct TestResult {
    pub set: String,
    pub name: String,
    #[serde(flatten)]
    pub location: LineLocation,
    outcome: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    token: Option<Json>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub failures: Vec<FailureReport>,
    /// The number of further roles with an unexpected outcome.
    #[serde(skip_serializing_if = "Option::is_none")]
    more_failures: Option<NonZeroUsize>,
    #[serde(skip)]
    pub took: Duration,
}

/// A role with an unexpected outcome.
#[derive(Debug, Serialize)]
pub struct FailureReport {
    role: String,
    expected: &'static str,
    /// The difference from what is expected, if it is more than the decision.
    #[serde(flatten)]
    fault: Option<FaultReport>,
    #[serde(flatten)]
    location: LineLocation,
    #[serde(skip_serializing_if = "Option::is_none")]
    explanation: Option<RoleExplanation>,
}

/// Reports tests of a policy set. For each one, `passed` has whether it passed, and the time that it took.
pub fn results<'s>(
    name: &str,
    set: &'s PolicySet,
    tests: &[&'s Test],
    passed: &[(bool, Duration)],
) -> Vec<TestResult> {
    let locations = Locations::new(set.program().files());
    // Only failures are explained, and all of them together are bounded.
    let failed = tests.iter().zip(passed).filter(|(_, (passed, _))| !passed);
    let mut failed = set.run_some(failed.map(|(test, _)| *test));
    let result = |(test, (passed, took)): (&&Test, &(bool, Duration))| {
        let outcome = if *passed { None } else { failed.next() };
        TestResult::new(name, &locations, test, outcome, *took)
    };
    tests.iter().zip(passed).map(result).collect()
}

impl TestResult {
    /// Reports a test. `outcome` is that of a failed one.
    fn new(
        name: &str,
        locations: &Locations<'_>,
        test: &Test,
        outcome: Option<TestOutcome<'_>>,
        took: Duration,
    ) -> Self {
        let claims = &test.claims;
        let passed = outcome.is_none();
        let more_failures = outcome.as_ref().map_or(0, |outcome| outcome.more_failures);
        let failures = outcome.into_iter().flat_map(|outcome| outcome.failures);
        let failures = failures.map(|failure| {
            let (expected, fault) = fault::report(failure.fault, locations);
            FailureReport {
                role: failure.role.name.to_string(),
                expected,
                fault,
                location: locations.line(failure.location),
                explanation: failure
                    .explanation
                    .map(|explanation| RoleExplanation::new(&explanation, locations, claims)),
            }
        });
        Self {
            set: name.to_owned(),
            name: test.name.clone(),
            location: locations.line(test.location),
            outcome: if passed { "passed" } else { "failed" },
            token: (!passed).then(|| Json(Value::Object(claims.members().into()))),
            failures: failures.collect(),
            more_failures: NonZeroUsize::new(more_failures),
            took,
        }
    }

    /// Writes the result, and the explanations of a failure.
    pub fn write(&self, text: &mut String) {
        let (name, location) = (printable(&self.name), paint(FAINT, &self.location));
        let Some(Json(Value::Object(token))) = &self.token else {
            text.push_str(&format!("{}  {name}  {location}\n", paint(GOOD, "ok")));
            return;
        };
        let name = paint(STRONG, name);
        text.push_str(&format!("{}  {name}  {location}\n", paint(BAD, "FAILED")));
        for failure in &self.failures {
            let (role, location) = (&failure.role, paint(FAINT, &failure.location));
            let (wanted, found) = match (&failure.fault, failure.expected) {
                (Some(fault), _) => {
                    let (wanted, found) = fault.words();
                    (wanted, format!("    {found}\n"))
                }
                (None, "allow") => ("to be allowed, but it is denied".to_owned(), String::new()),
                (None, _) => ("to be denied, but it is allowed".to_owned(), String::new()),
            };
            text.push_str(&format!("  expected `{role}` {wanted}  {location}\n{found}"));
        }
        if let Some(more) = self.more_failures {
            let more = count(more.get(), "more role");
            text.push_str(&format!("  and {more}\n"));
        }
        token_text::write(token, text);
        for explanation in self
            .failures
            .iter()
            .filter_map(|failure| failure.explanation.as_ref())
        {
            explanation.write("  ", text);
        }
        text.push('\n');
    }
}
