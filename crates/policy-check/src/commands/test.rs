//! `policy-check test`

mod formats;

use crate::console::Console;
use crate::help::proofs::{TEST_EXAMPLES, TEST_JSON};
use crate::help::testing::{COVERAGE, MUTATION};
use crate::help::{WHICH_FILES, paragraphs};
use crate::loaded::{Loaded, each_set};
use crate::output::{Output, only_one_to_standard_output};
use crate::paths::Paths;
use crate::report::Format;
use crate::report::test::TestReport;
use clap::Args;
use formats::TestFormat;
use jiff::SignedDuration;
use rolecall_engine::PolicySet;
use rolecall_report::exit::Exit;
use rolecall_report::failure::Failure;
use std::time::Duration;

/// Run the tests in policies, and prove their assertions
#[derive(Args, Clone, Debug)]
#[command(after_help = TEST_EXAMPLES)]
#[command(after_long_help = paragraphs(&[COVERAGE, MUTATION, WHICH_FILES, TEST_JSON, TEST_EXAMPLES]))]
pub(crate) struct Arguments {
    #[command(flatten)]
    paths: Paths,
    /// Run only the tests and assertions whose names contain this text
    #[arg(long, value_name = "TEXT")]
    filter: Option<String>,
    /// Also report the comparisons of roles that decide no test, with tests to add
    #[arg(long)]
    coverage: bool,
    /// Exit with 1 if less than this share of the obligations is covered
    #[arg(long, value_name = "PERCENT", requires = "coverage")]
    min: Option<Percent>,
    /// Also change each condition in small ways, and report the changes that no test and no assertion notices
    #[arg(long)]
    mutate: bool,
    /// Try no more mutants of a policy set after this time
    #[arg(long, value_name = "DURATION", requires = "mutate", default_value = "5m")]
    time_limit: Limit,
    /// Exit with 1 if there is neither a test nor an assertion
    #[arg(long)]
    fail_on_empty: bool,
    /// Also list passed tests and proved assertions
    #[arg(long, short)]
    verbose: bool,
    /// Also print the time that the tests took, and the slowest ones
    #[arg(long)]
    timing: bool,
    /// Output format, or FORMAT=FILE to write a file; may be repeated
    #[arg(long = "format", value_name = "FORMAT[=FILE]", default_value = "human")]
    formats: Vec<Output<TestFormat>>,
}

/// A time, such as `30s` or `5m`.
#[derive(Clone, Copy, Debug)]
struct Limit(Duration);

impl std::str::FromStr for Limit {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let duration = text.parse::<SignedDuration>().ok();
        let duration = duration.and_then(|duration| Duration::try_from(duration).ok());
        duration.map(Self).ok_or("expected a time such as `30s` or `5m`")
    }
}

/// A share in tenths of a percent.
#[derive(Clone, Copy, Debug)]
struct Percent(usize);

impl std::str::FromStr for Percent {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let text = text.strip_suffix('%').unwrap_or(text);
        let (whole, tenth) = text.split_once('.').unwrap_or((text, "0"));
        let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
        let tenths = match (digits(whole), tenth.len() == 1 && digits(tenth)) {
            (true, true) => format!("{whole}{tenth}").parse().ok(),
            _ => None,
        };
        tenths
            .filter(|tenths| *tenths <= 1000)
            .map(Self)
            .ok_or("expected a number from 0 to 100, with one decimal at most")
    }
}

pub(crate) fn run(arguments: &Arguments, console: &mut Console) -> Result<Exit, Failure> {
    only_one_to_standard_output(&arguments.formats)?;
    formats::check(&arguments.formats, arguments.coverage)?;
    let found = arguments.paths.find();
    let mut report = TestReport::default();
    let filter = arguments.filter.as_deref();
    let mut not_run = Vec::new();
    let run = |loaded: &Loaded, policies: &PolicySet| {
        not_run.extend(unread(&loaded.name, policies, filter));
        report.run(&loaded.name, policies, &loaded.foreign, filter);
        if arguments.coverage {
            report.cover(&loaded.name, policies, filter);
        }
        if arguments.mutate {
            report.mutate(&loaded.name, policies, filter, arguments.time_limit.0);
        }
    };
    let is_human = |output: &Output<TestFormat>| output.is_printed() && output.format == TestFormat::Human;
    let errors = match arguments.formats.iter().any(is_human) {
        true => Format::Human,
        false => Format::Json,
    };
    let mut unusable = each_set(found, None, "their tests are not run", errors, console, run);
    unusable.failures.extend(not_run);
    report.add_errors(unusable.errors);
    for output in &arguments.formats {
        formats::print(output, &report, arguments.verbose, console)?;
    }
    if arguments.timing {
        console.complain(&report.times());
    }
    Ok(console.finish(arguments.exit(&report), &unusable.failures))
}

/// Returns the failure of tests whose names contain a text, and whose claims are in files that standard input does not have.
fn unread(set: &str, policies: &PolicySet, filter: Option<&str>) -> Option<Failure> {
    let names = policies.program().unread_tests().iter();
    let mut names = names.filter(|name| filter.is_none_or(|filter| name.contains(filter)));
    let first = names.next()?;
    let message = match names.count() {
        0 => format!("the test `{first}` of `{set}` is not run: its claims are in a file"),
        more => {
            format!("the test `{first}` of `{set}` and {more} more are not run: their claims are in files")
        }
    };
    Some(Failure::new(message).help("name the policy file or its folder: standard input has no folder"))
}

impl Arguments {
    /// Returns the exit code of tests and assertions, or else that of coverage.
    fn exit(&self, report: &TestReport) -> Exit {
        let tests = match self.fail_on_empty && report.is_empty() {
            true => Exit::No,
            false => report.exit(),
        };
        let reaches = self.min.map(|min| report.coverage().counts.reaches(min.0));
        match (tests, reaches) {
            (Exit::Yes, Some(None)) => Exit::Undecided,
            (Exit::Yes | Exit::Undecided, Some(Some(false))) => Exit::No,
            (tests, _) => tests,
        }
    }
}
