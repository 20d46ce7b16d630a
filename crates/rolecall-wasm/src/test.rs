//! The question `test`.

use crate::files::{File, compile};
use crate::prove::SET;
use crate::written;
use rolecall_engine::PolicySet;
use rolecall_report::failure::Failure;
use rolecall_report::finding::FindingView;
use rolecall_report::foreign::Foreign;
use rolecall_report::json::SchemaVersion;
use rolecall_report::proof::Proofs;
use rolecall_report::test_result::{TestResult, results};
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
        let tests: Vec<_> = program.tests().iter().collect();
        // WebAssembly has no clock.
        let passed: Vec<_> = tests
            .iter()
            .map(|test| (set.passes(test), Duration::ZERO))
            .collect();
        self.passed = passed.iter().filter(|(passed, _)| *passed).count();
        self.failed = passed.iter().filter(|(passed, _)| !passed).count();
        self.tests = results(SET, set, &tests, &passed);
        self.not_run = program.unread_tests().len();
        self.proofs.run(SET, set, foreign, |_| true);
    }
}
