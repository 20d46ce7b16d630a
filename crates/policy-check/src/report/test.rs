//! The report of `test`: results of tests and assertions.

use super::mutation::MutationReport;
use super::test_coverage::TestCoverage;
use rayon::prelude::*;
use rolecall::{Clock, SystemClock};
use rolecall_engine::PolicySet;
use rolecall_engine::ir::Test;
use rolecall_report::case::{Case, Outcome};
use rolecall_report::exit::Exit;
use rolecall_report::finding::FindingView;
use rolecall_report::foreign::Foreign;
use rolecall_report::json::SchemaVersion;
use rolecall_report::location::count;
use rolecall_report::printable::printable;
use rolecall_report::proof::Proofs;
use rolecall_report::style::{BAD, FAINT, GOOD, paint};
use rolecall_report::test_result::{TestResult, results};
use serde::Serialize;
use std::cmp::Reverse;
use std::sync::LazyLock;
use std::time::Duration;

/// The number of slowest tests that are listed.
const SLOWEST: usize = 5;

/// The results of the tests and assertions of policy sets.
#[derive(Debug, Default, Serialize)]
pub(crate) struct TestReport {
    schema_version: SchemaVersion,
    passed: usize,
    failed: usize,
    tests: Vec<TestResult>,
    #[serde(flatten)]
    proofs: Proofs,
    #[serde(skip_serializing_if = "Option::is_none")]
    coverage: Option<TestCoverage>,
    #[serde(skip_serializing_if = "Option::is_none")]
    mutation: Option<MutationReport>,
    errors: Vec<FindingView>,
    /// True if there is a policy set that compiles.
    #[serde(skip)]
    has_sets: bool,
}

/// Returns the tests of a set whose names contain a text.
fn wanted_tests<'s>(set: &'s PolicySet, filter: Option<&str>) -> Vec<&'s Test> {
    let tests = set.program().tests().iter();
    let wanted = tests.filter(|test| filter.is_none_or(|filter| test.name.contains(filter)));
    wanted.collect()
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
        let tests = wanted_tests(set, filter);
        let timed = tests.par_iter().map(|test| {
            let start = SystemClock.now().monotonic;
            let passed = set.passes(test);
            (passed, start.elapsed())
        });
        let timed: Vec<(bool, Duration)> = timed.collect();
        self.tests.extend(results(name, set, &tests, &timed));
        self.count();
        let wanted = |name: &str| filter.is_none_or(|filter| name.contains(filter));
        self.proofs
            .run(name, set, foreign, |assertion| wanted(&assertion.name));
    }

    /// Adds the coverage of a policy set by those of its tests whose names contain a text.
    pub(crate) fn cover(&mut self, name: &str, set: &PolicySet, filter: Option<&str>) {
        let coverage = self.coverage.get_or_insert_default();
        coverage.run(name, set, &wanted_tests(set, filter));
    }

    /// Adds the mutants of a policy set, tried for a time with those of its tests whose names contain a text.
    pub(crate) fn mutate(&mut self, name: &str, set: &PolicySet, filter: Option<&str>, limit: Duration) {
        let mutation = self.mutation.get_or_insert_default();
        mutation.run(name, set, &wanted_tests(set, filter), limit);
    }

    /// Returns the coverage; without any obligation if it is not asked for.
    pub(crate) fn coverage(&self) -> &TestCoverage {
        static NONE: LazyLock<TestCoverage> = LazyLock::new(TestCoverage::default);
        self.coverage.as_ref().unwrap_or(&NONE)
    }

    /// Returns true if the report has neither tests nor assertions.
    pub(crate) fn is_empty(&self) -> bool {
        self.tests.is_empty() && self.proofs.is_empty()
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
        let (survived, open) = match &self.mutation {
            Some(mutation) => (mutation.has_survivors(), mutation.is_open()),
            None => (false, false),
        };
        match self.proofs.exit() {
            _ if self.failed > 0 || survived => Exit::No,
            Exit::Yes if open => Exit::Undecided,
            exit => exit,
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
            Case {
                took: Some(test.took),
                ..Case::new("test", &test.name, &test.location, outcome, &text)
            }
        });
        let mutants = self.mutation.iter().flat_map(MutationReport::cases);
        tests.chain(self.proofs.cases()).chain(mutants).collect()
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
        if let Some(coverage) = &self.coverage {
            coverage.write(&mut text);
        }
        if let Some(mutation) = &self.mutation {
            mutation.write(&mut text);
        }
        if self.has_sets {
            text.push_str(&self.summary());
            text.push('\n');
            if let Some(coverage) = &self.coverage {
                text.push_str(&coverage.summary());
                text.push('\n');
            }
            if let Some(mutation) = &self.mutation {
                text.push_str(&mutation.summary());
                text.push('\n');
            }
        }
        text
    }

    /// Formats the time of all tests together, and the slowest ones.
    pub(crate) fn times(&self) -> String {
        let all: Duration = self.tests.iter().map(|test| test.took).sum();
        let mut text = format!("{} took {all:.1?}\n", count(self.tests.len(), "test"));
        let mut slowest: Vec<&TestResult> = self.tests.iter().collect();
        slowest.sort_by_key(|test| Reverse(test.took));
        for test in slowest.into_iter().take(SLOWEST) {
            let (name, location) = (printable(&test.name), paint(FAINT, &test.location));
            text.push_str(&format!("  {:.1?}  {name}  {location}\n", test.took));
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
