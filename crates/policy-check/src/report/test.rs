//! How the tests of some policy sets went.

use rolecall_engine::{PolicySet, TestOutcome, Value};
use serde::Serialize;

use super::check::Finding;
use super::explanation::RoleExplanation;
use super::json::{Json, SCHEMA_VERSION};
use super::location::{LinePlace, Places, count};
use crate::printable::printable;
use crate::style::{BAD, DOUBT, FAINT, GOOD, STRONG, paint};

/// The report of `test`.
#[derive(Debug, Serialize)]
pub(crate) struct TestReport {
    schema_version: u32,
    passed: usize,
    failed: usize,
    not_yet_provable: usize,
    tests: Vec<TestResult>,
    assertions: Vec<AssertionResult>,
    errors: Vec<Finding>,
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
}

#[derive(Debug, Serialize)]
struct FailureReport {
    role: String,
    expected: &'static str,
    #[serde(flatten)]
    place: LinePlace,
    explanation: RoleExplanation,
}

#[derive(Debug, Serialize)]
struct AssertionResult {
    set: String,
    name: String,
    #[serde(flatten)]
    place: LinePlace,
    outcome: &'static str,
}

impl Default for TestReport {
    fn default() -> Self {
        Self {
            schema_version: SCHEMA_VERSION,
            passed: 0,
            failed: 0,
            not_yet_provable: 0,
            tests: Vec::new(),
            assertions: Vec::new(),
            errors: Vec::new(),
            sets: 0,
        }
    }
}

impl TestReport {
    /// Runs the tests of a policy set whose names contain a text.
    pub(crate) fn run(&mut self, name: &str, set: &PolicySet, filter: Option<&str>) {
        self.sets = self.sets.saturating_add(1);
        let places = Places::new(&set.program().sources);
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
        for assertion in &set.program().assertions {
            if wanted(&assertion.name) {
                self.not_yet_provable = self.not_yet_provable.saturating_add(1);
                self.assertions.push(AssertionResult {
                    set: name.to_owned(),
                    name: assertion.name.clone(),
                    place: places.line(assertion.place),
                    outcome: "not_yet_provable",
                });
            }
        }
    }

    /// Adds what is wrong with a policy set that does not compile.
    pub(crate) fn add_errors(&mut self, errors: impl Iterator<Item = Finding>) {
        self.errors.extend(errors);
    }

    pub(crate) fn is_passed(&self) -> bool {
        self.failed == 0
    }

    /// The failed tests, or all of them, and a summary.
    pub(crate) fn text(&self, verbose: bool) -> String {
        let mut text = String::new();
        for test in &self.tests {
            if verbose || !test.failures.is_empty() {
                test.write(&mut text);
            }
        }
        if verbose {
            for assertion in &self.assertions {
                let (name, place) = (printable(&assertion.name), paint(FAINT, &assertion.place));
                let mark = paint(DOUBT, "not yet provable");
                text.push_str(&format!("{mark}  {name}  {place}\n"));
            }
        }
        if self.sets > 0 {
            text.push_str(&self.summary());
            text.push('\n');
        }
        text
    }

    fn summary(&self) -> String {
        let unproved = match self.not_yet_provable {
            0 => String::new(),
            number => format!(", {} not yet provable", count(number, "assertion")),
        };
        if self.tests.is_empty() {
            return format!("there are no tests to run{unproved}");
        }
        let passed = format!("{} passed", self.passed);
        let failed = format!("{} failed", self.failed);
        let failed = match self.failed {
            0 => failed,
            _ => paint(BAD, failed),
        };
        format!("{}, {failed}{unproved}", paint(GOOD, passed))
    }
}

impl TestResult {
    fn new(name: &str, places: &Places<'_>, outcome: TestOutcome<'_>) -> Self {
        let claims = &outcome.test.claims;
        let passed = outcome.failures.is_empty();
        let failures = outcome.failures.into_iter().map(|failure| FailureReport {
            role: failure.role.name.clone(),
            expected: if failure.expected { "allow" } else { "deny" },
            place: places.line(failure.place),
            explanation: RoleExplanation::new(failure.explanation, places, claims),
        });
        Self {
            set: name.to_owned(),
            name: outcome.test.name.clone(),
            place: places.line(outcome.test.place),
            outcome: if passed { "passed" } else { "failed" },
            token: (!passed).then(|| Json(Value::Object(claims.members().into()))),
            failures: failures.collect(),
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
                "allow" => "to be allowed, and it is denied",
                _ => "to be denied, and it is allowed",
            };
            let (role, place) = (&failure.role, paint(FAINT, &failure.place));
            text.push_str(&format!("  expected `{role}` {wanted}  {place}\n"));
        }
        text.push_str("  token {\n");
        let mut members = token.iter().peekable();
        while let Some((name, value)) = members.next() {
            let comma = if members.peek().is_some() { "," } else { "" };
            text.push_str(&format!("    {}: {value}{comma}\n", Value::from(name)));
        }
        text.push_str("  }\n");
        for failure in &self.failures {
            failure.explanation.write("  ", text);
        }
        text.push('\n');
    }
}
