//! The report of `gen-tests`: the file of each policy set.

use crate::generated_tests::Generated;
use crate::generated_tests::file::GeneratedFile;
use rolecall_report::exit::Exit;
use rolecall_report::finding::FindingView;
use rolecall_report::json::SchemaVersion;
use rolecall_report::location::count;
use rolecall_report::style::{BAD, DOUBT, GOOD, STRONG, paint};
use serde::Serialize;

/// The generated files.
#[derive(Debug, Serialize)]
pub(crate) struct GenTestsReport {
    schema_version: SchemaVersion,
    sets: Vec<SetReport>,
    errors: Vec<FindingView>,
    #[serde(skip)]
    is_check: bool,
}

/// The file of a policy set.
#[derive(Debug, Serialize)]
struct SetReport {
    set: String,
    file: String,
    /// `unchanged`, `written`, or with `--check` `outdated`.
    outcome: &'static str,
    tests: usize,
    cases: usize,
    /// The number of conditions and mutants without a token and without a proof that there is none.
    not_decided: usize,
}

impl GenTestsReport {
    /// Creates the report. With `is_check`, nothing is written.
    pub(crate) fn new(is_check: bool) -> Self {
        Self {
            schema_version: SchemaVersion,
            sets: Vec::new(),
            errors: Vec::new(),
            is_check,
        }
    }

    /// Adds the file of a policy set.
    pub(crate) fn add(&mut self, set: &str, file: &GeneratedFile, generated: &Generated, is_same: bool) {
        self.sets.push(SetReport {
            set: set.to_owned(),
            file: file.name(),
            outcome: match (is_same, self.is_check) {
                (true, _) => "unchanged",
                (false, true) => "outdated",
                (false, false) => "written",
            },
            tests: generated.tests,
            cases: generated.cases,
            not_decided: generated.not_decided,
        });
    }

    /// Adds the errors of policy sets that do not compile.
    pub(crate) fn add_errors(&mut self, errors: Vec<FindingView>) {
        self.errors.extend(errors);
    }

    /// Returns `No` if a file is outdated, and `Undecided` if something has no test because a budget ran out.
    pub(crate) fn exit(&self) -> Exit {
        if self.sets.iter().any(|set| set.outcome == "outdated") {
            Exit::No
        } else if self.sets.iter().any(|set| set.not_decided > 0) {
            Exit::Undecided
        } else {
            Exit::Yes
        }
    }

    /// Formats a line for each file.
    pub(crate) fn text(&self) -> String {
        let lines = self.sets.iter().map(|set| {
            let outcome = match set.outcome {
                "written" => paint(GOOD, "written"),
                "outdated" => paint(BAD, "outdated: run `policy-check gen-tests`"),
                other => other.to_owned(),
            };
            let (tests, cases) = (count(set.tests, "test"), count(set.cases, "case"));
            let open = match set.not_decided {
                0 => String::new(),
                open => format!(", {}", paint(DOUBT, format!("{open} not decided"))),
            };
            format!(
                "{}: {tests} with {cases}{open}, {outcome}\n",
                paint(STRONG, &set.file)
            )
        });
        lines.collect()
    }
}
