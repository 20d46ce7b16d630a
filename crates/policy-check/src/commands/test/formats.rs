//! The formats of `test`.

use crate::console::Console;
use crate::output::Output;
use crate::report::test::TestReport;
use crate::report::test_coverage::{cobertura, lcov, page};
use crate::report::{junit, tap};
use clap::ValueEnum;
use rolecall::{Clock, SystemClock};
use rolecall_report::failure::Failure;
use rolecall_report::json;

/// A format of `test`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum TestFormat {
    /// Cobertura XML, with --coverage.
    Cobertura,
    /// Text for people.
    Human,
    /// A page with the policies and their coverage, with --coverage.
    Html,
    /// One JSON object on one line.
    Json,
    /// JUnit XML.
    Junit,
    /// An LCOV trace file, with --coverage.
    Lcov,
    /// TAP version 14.
    Tap,
}

impl TestFormat {
    /// Returns whether the format is about coverage alone.
    fn is_of_coverage(self) -> bool {
        matches!(self, Self::Cobertura | Self::Html | Self::Lcov)
    }
}

/// Refuses formats of coverage without coverage.
pub(super) fn check(outputs: &[Output<TestFormat>], has_coverage: bool) -> Result<(), Failure> {
    let of_coverage = outputs.iter().find(|output| output.format.is_of_coverage());
    match of_coverage.filter(|_| !has_coverage) {
        Some(output) => {
            let name = output.format.to_possible_value();
            let name = name.as_ref().map_or("html", |name| name.get_name());
            let failure = Failure::new(format!("the format `{name}` is about coverage"));
            Err(failure.help("add `--coverage`"))
        }
        None => Ok(()),
    }
}

/// Prints a report, or writes it into the file of an output.
pub(super) fn print(
    output: &Output<TestFormat>,
    report: &TestReport,
    verbose: bool,
    console: &mut Console,
) -> Result<(), Failure> {
    let coverage = report.coverage();
    let bytes = match output.format {
        TestFormat::Human => return output.print_lines([report.text(verbose)], console),
        TestFormat::Lcov => return output.print_lines([lcov(coverage)], console),
        TestFormat::Tap => return output.print_lines([tap::text(&report.cases())], console),
        TestFormat::Cobertura => cobertura(coverage, SystemClock.now().wall)?,
        TestFormat::Html => page(coverage).into_bytes(),
        TestFormat::Json => json::line(report)?,
        TestFormat::Junit => junit::of_tests(&report.cases())?,
    };
    output.give(&bytes, console)
}
