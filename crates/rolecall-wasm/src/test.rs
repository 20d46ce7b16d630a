//! The question `test`.

use crate::files::{File, compile};
use crate::prove::SET;
use crate::written;
use rolecall_engine::PolicySet;
use rolecall_report::failure::Failure;
use rolecall_report::finding::FindingView;
use rolecall_report::foreign::Foreign;
use rolecall_report::json::SchemaVersion;
use rolecall_report::location::Locations;
use rolecall_report::proof::Proofs;
use rolecall_report::test_result::TestResult;
use serde::Serialize;
use std::time::Duration;

/// The results of the tests and assertions.
#[derive(Default, Serialize)]
struct TestAnswer {
    schema_version: SchemaVersion,
    passed: usize,
    failed: usize,
    tests: Vec<TestResult>,
    #[serde(flatten)]
    proofs: Proofs,
    /// The number of tests whose tokens are in files, which only `policy-check` reads.
    not_run: usize,
    errors: Vec<FindingView>,
}

pub(crate) fn answer(files: Vec<File>) -> Result<String, Failure> {
    let policies = compile(files, None)?;
    let mut answer = TestAnswer::default();
    match policies.set_or_errors() {
        Ok(set) => answer.run(set, &policies.foreign),
        Err(errors) => answer.errors = errors,
    }
    written(&answer)
}

impl TestAnswer {
    fn run(&mut self, set: &PolicySet, foreign: &Foreign) {
        let program = set.program();
        let locations = Locations::new(program.files());
        let (passed, failed): (Vec<_>, Vec<_>) = program.tests().iter().partition(|test| set.passes(test));
        (self.passed, self.failed) = (passed.len(), failed.len());
        let mut outcomes = set.run_some(failed.iter().copied());
        for test in program.tests() {
            let has_failed = failed.iter().any(|one| std::ptr::eq(*one, test));
            let outcome = if has_failed { outcomes.next() } else { None };
            self.tests
                .push(TestResult::new(SET, &locations, test, outcome, Duration::ZERO));
        }
        self.not_run = program.unread_tests().len();
        self.proofs.run(SET, set, foreign, |_| true);
    }
}
