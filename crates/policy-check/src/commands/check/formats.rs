//! The formats of `check`.

use crate::console::Console;
use crate::output::Output;
use crate::report::check::CheckReport;
use crate::report::{checkstyle, compact, github, gitlab, junit, markdown, sarif};
use clap::ValueEnum;
use rolecall_report::failure::Failure;
use rolecall_report::json;

/// A format of `check`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum CheckFormat {
    /// Checkstyle XML.
    Checkstyle,
    /// One line per finding.
    Compact,
    /// GitHub Actions annotations.
    Github,
    /// GitLab Code Quality.
    Gitlab,
    /// Text for people.
    Human,
    /// One JSON object on one line.
    Json,
    /// JUnit XML.
    Junit,
    /// A comment for a merge request.
    Markdown,
    /// SARIF 2.1.0.
    Sarif,
}

/// Prints a report, or writes it into the file of an output.
pub(super) fn print(
    output: &Output<CheckFormat>,
    report: &CheckReport,
    statistics: bool,
    console: &mut Console,
) -> Result<(), Failure> {
    let bytes = match output.format {
        CheckFormat::Human => return output.print_lines(report.pieces(statistics), console),
        CheckFormat::Compact => return output.print_lines([compact::text(report)], console),
        CheckFormat::Markdown => return output.print_lines([markdown::text(report)], console),
        CheckFormat::Checkstyle => checkstyle::document(report)?,
        CheckFormat::Github => github::text(report).into_bytes(),
        CheckFormat::Gitlab => gitlab::line(report)?,
        CheckFormat::Json => json::line(report)?,
        CheckFormat::Junit => junit::document(report)?,
        CheckFormat::Sarif => sarif::line(report)?,
    };
    output.give(&bytes, console)
}
