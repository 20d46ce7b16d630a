//! How the tests of some policy sets went.

use std::num::NonZeroUsize;

use rolecall_engine::{PolicySet, TestOutcome, Value};
use serde::Serialize;

use super::case::{Case, Outcome};
use super::explanation::RoleExplanation;
use super::finding::FindingView;
use super::json::{Json, SchemaVersion};
use super::location::{LinePlace, Locations, count};
use super::proof::Proofs;
use super::token_text;
use crate::exit::Exit;
use crate::printable::printable;
use crate::style::{BAD, FAINT, GOOD, STRONG, paint};

/// The report of `test`.
#[derive(Debug, Default, Serialize)]
pub(crate) struct TestReport {
    schema_version: SchemaVersion,
    passed: usize,
    failed: usize,
    tests: Vec<TestResult>,
    #[serde(flatten)]
    proofs: Proofs,
    errors: Vec<FindingView>,
    /// How many policy sets were run.
    #[serde(skip)]
    sets: usize,
}

#[derive(Debug, Serialize)]
struct TestResult {
    set: String,
    name: String,
    #[serde(flatten)]
    place: LinePlace,
    outcome: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    token: Option<Json>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    failures: Vec<FailureReport>,
    /// The number of other roles that did not come out as expected.
    #[serde(skip_serializing_if = "Option::is_none")]
    more_failures: Option<NonZeroUsize>,
}

#[derive(Debug, Serialize)]
struct FailureReport {
    role: String,
    expected: &'static str,
    #[serde(flatten)]
    place: LinePlace,
    #[serde(skip_serializing_if = "Option::is_none")]
    explanation: Option<RoleExplanation>,
}

impl TestReport {
    /// Runs all tests and proves all assertions of a policy set.
    pub(crate) fn new(name: &str, set: &PolicySet) -> Self {
        let mut report = Self::default();
        report.run(name, set, None);
        report
    }

    /// Runs the tests and proves the assertions of a policy set whose names contain a text.
    pub(crate) fn run(&mut self, name: &str, set: &PolicySet, filter: Option<&str>) {
        self.sets = self.sets.saturating_add(1);
        let places = Locations::new(set.program().files());
        let wanted = |name: &str| filter.is_none_or(|filter| name.contains(filter));
        for outcome in set.run_tests().filter(|outcome| wanted(&outcome.test.name)) {
            let result = TestResult::new(name, &places, outcome);
            let counter = match result.failures.as_slice() {
                [] => &mut self.passed,
                _ => &mut self.failed,
            };
            *counter = counter.saturating_add(1);
            self.tests.push(result);
        }
        self.proofs.run(name, set, |assertion| wanted(&assertion.name));
    }

    /// Adds how it went with other policy sets.
    pub(crate) fn append(&mut self, other: Self) {
        self.passed = self.passed.saturating_add(other.passed);
        self.failed = self.failed.saturating_add(other.failed);
        self.tests.extend(other.tests);
        self.proofs.append(other.proofs);
        self.errors.extend(other.errors);
        self.sets = self.sets.saturating_add(other.sets);
    }

    /// Adds what is wrong with the policy sets that do not compile.
    pub(crate) fn add_errors(&mut self, errors: Vec<FindingView>) {
        self.errors.extend(errors);
    }

    /// No if a test failed or an assertion is refuted, undecided if an assertion could not be decided.
    pub(crate) fn exit(&self) -> Exit {
        if self.failed > 0 {
            Exit::No
        } else {
            self.proofs.exit()
        }
    }

    /// The tests and the assertions, one by one.
    pub(crate) fn cases(&self) -> Vec<Case<'_>> {
        let tests = self.tests.iter().map(|test| {
            let outcome = match test.failures.as_slice() {
                [] => Outcome::Passed,
                _ => Outcome::Failed,
            };
            let mut text = String::new();
            test.write(&mut text);
            Case::new("test", &test.name, &test.place, outcome, &text)
        });
        tests.chain(self.proofs.cases()).collect()
    }

    /// The failed tests and the assertions that are not proved, or all of them, and a summary.
    pub(crate) fn text(&self, verbose: bool) -> String {
        let mut text = String::new();
        for test in &self.tests {
            if verbose || !test.failures.is_empty() {
                test.write(&mut text);
            }
        }
        self.proofs.write(verbose, &mut text);
        if self.sets > 0 {
            text.push_str(&self.summary());
            text.push('\n');
        }
        text
    }

    fn summary(&self) -> String {
        let proofs = self.proofs.summary();
        let proofs = proofs.map_or(String::new(), |proofs| format!(", {proofs}"));
        if self.tests.is_empty() {
            return format!("there are no tests to run{proofs}");
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
    fn new(name: &str, places: &Locations<'_>, outcome: TestOutcome<'_>) -> Self {
        let claims = &outcome.test.claims;
        let passed = outcome.failures.is_empty();
        let failures = outcome.failures.into_iter().map(|failure| FailureReport {
            role: failure.role.name.to_string(),
            expected: if failure.expected { "allow" } else { "deny" },
            place: places.line(failure.location),
            explanation: failure
                .explanation
                .map(|explanation| RoleExplanation::new(explanation, places, claims)),
        });
        Self {
            set: name.to_owned(),
            name: outcome.test.name.clone(),
            place: places.line(outcome.test.location),
            outcome: if passed { "passed" } else { "failed" },
            token: (!passed).then(|| Json(Value::Object(claims.members().into()))),
            failures: failures.collect(),
            more_failures: NonZeroUsize::new(outcome.more_failures),
        }
    }

    fn write(&self, text: &mut String) {
        let (name, place) = (printable(&self.name), paint(FAINT, &self.place));
        let Some(Json(Value::Object(token))) = &self.token else {
            text.push_str(&format!("{}  {name}  {place}\n", paint(GOOD, "ok")));
            return;
        };
        let name = paint(STRONG, name);
        text.push_str(&format!("{}  {name}  {place}\n", paint(BAD, "FAILED")));
        for failure in &self.failures {
            let wanted = match failure.expected {
                "allow" => "to be allowed, but it is denied",
                _ => "to be denied, but it is allowed",
            };
            let (role, place) = (&failure.role, paint(FAINT, &failure.place));
            text.push_str(&format!("  expected `{role}` {wanted}  {place}\n"));
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
