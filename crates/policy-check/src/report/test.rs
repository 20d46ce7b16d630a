//! The report of `test`: results of tests and assertions.

use super::case::{Case, Outcome};
use super::explanation::RoleExplanation;
use super::fault::{self, FaultReport};
use super::finding::FindingView;
use super::json::{Json, SchemaVersion};
use super::location::{LineLocation, Locations, count};
use super::proof::Proofs;
use super::token_text;
use crate::exit::Exit;
use crate::foreign::Foreign;
use crate::printable::printable;
use crate::style::{BAD, FAINT, GOOD, STRONG, paint};
use rolecall_engine::{PolicySet, TestOutcome, Value};
use serde::Serialize;
use std::num::NonZeroUsize;

/// The results of the tests and assertions of policy sets.
#[derive(Debug, Default, Serialize)]
pub(crate) struct TestReport {
    schema_version: SchemaVersion,
    passed: usize,
    failed: usize,
    tests: Vec<TestResult>,
    #[serde(flatten)]
    proofs: Proofs,
    errors: Vec<FindingView>,
    /// True if there is a policy set that compiles.
    #[serde(skip)]
    has_sets: bool,
}

#[derive(Debug, Serialize)]
struct TestResult {
    set: String,
    name: String,
    #[serde(flatten)]
    location: LineLocation,
    outcome: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    token: Option<Json>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    failures: Vec<FailureReport>,
    /// The number of further roles with an unexpected outcome.
    #[serde(skip_serializing_if = "Option::is_none")]
    more_failures: Option<NonZeroUsize>,
}

#[derive(Debug, Serialize)]
struct FailureReport {
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

impl TestReport {
    /// Runs all tests and proves all assertions of a policy set.
    pub(crate) fn new(name: &str, set: &PolicySet, foreign: &Foreign) -> Self {
        let mut report = Self::default();
        report.run(name, set, foreign, None);
        report
    }

    /// Runs the tests and proves the assertions of a policy set whose names contain a text.
    pub(crate) fn run(&mut self, name: &str, set: &PolicySet, foreign: &Foreign, filter: Option<&str>) {
        self.has_sets = true;
        let locations = Locations::new(set.program().files());
        let wanted = |name: &str| filter.is_none_or(|filter| name.contains(filter));
        for outcome in set.run_tests().filter(|outcome| wanted(&outcome.test.name)) {
            self.tests.push(TestResult::new(name, &locations, outcome));
        }
        self.count();
        self.proofs
            .run(name, set, foreign, |assertion| wanted(&assertion.name));
    }

    /// Adds the results of other policy sets.
    pub(crate) fn append(&mut self, other: Self) {
        self.tests.extend(other.tests);
        self.count();
        self.proofs.append(other.proofs);
        self.errors.extend(other.errors);
        self.has_sets |= other.has_sets;
    }

    /// Counts the tests by outcome.
    fn count(&mut self) {
        let passed = self.tests.iter().filter(|test| test.failures.is_empty());
        self.passed = passed.count();
        let failed = self.tests.iter().filter(|test| !test.failures.is_empty());
        self.failed = failed.count();
    }

    /// Adds the errors of policy sets that do not compile.
    pub(crate) fn add_errors(&mut self, errors: Vec<FindingView>) {
        self.errors.extend(errors);
    }

    /// Returns `No` if a test failed or an assertion is refuted, else `Undecided` if an assertion could not
    /// be decided.
    pub(crate) fn exit(&self) -> Exit {
        if self.failed > 0 {
            Exit::No
        } else {
            self.proofs.exit()
        }
    }

    /// Returns the tests and the assertions as cases.
    pub(crate) fn cases(&self) -> Vec<Case<'_>> {
        let tests = self.tests.iter().map(|test| {
            let outcome = match test.failures.as_slice() {
                [] => Outcome::Passed,
                _ => Outcome::Failed,
            };
            let mut text = String::new();
            test.write(&mut text);
            Case::new("test", &test.name, &test.location, outcome, &text)
        });
        tests.chain(self.proofs.cases()).collect()
    }

    /// Formats the failed tests and the assertions that are not proved, or all if `verbose`, and a summary.
    pub(crate) fn text(&self, verbose: bool) -> String {
        let mut text = String::new();
        for test in &self.tests {
            if verbose || !test.failures.is_empty() {
                test.write(&mut text);
            }
        }
        self.proofs.write(verbose, &mut text);
        if self.has_sets {
            text.push_str(&self.summary());
            text.push('\n');
        }
        text
    }

    fn summary(&self) -> String {
        let proofs = self.proofs.summary();
        let proofs = proofs.map_or(String::new(), |proofs| format!(", {proofs}"));
        if self.tests.is_empty() {
            return format!("no tests to run{proofs}");
        }
        let passed = format!("{} passed", self.passed);
        let failed = format!("{} failed", self.failed);
        let failed = match self.failed {
            0 => failed,
            _ => paint(BAD, failed),
        };
        format!("{}, {failed}{proofs}", paint(GOOD, passed))
    }
}

impl TestResult {
    fn new(name: &str, locations: &Locations<'_>, outcome: TestOutcome<'_>) -> Self {
        let claims = &outcome.test.claims;
        let passed = outcome.failures.is_empty();
        let failures = outcome.failures.into_iter().map(|failure| {
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
            name: outcome.test.name.clone(),
            location: locations.line(outcome.test.location),
            outcome: if passed { "passed" } else { "failed" },
            token: (!passed).then(|| Json(Value::Object(claims.members().into()))),
            failures: failures.collect(),
            more_failures: NonZeroUsize::new(outcome.more_failures),
        }
    }

    fn write(&self, text: &mut String) {
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
