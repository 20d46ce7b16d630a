//! The outputs of `check`: formats and files.

use crate::console::Console;
use crate::failure::Failure;
use crate::printable::inert;
use crate::replace::write;
use crate::report::check::CheckReport;
use crate::report::{checkstyle, compact, github, gitlab, json, junit, markdown, sarif};
use anstream::adapter::strip_str;
use clap::ValueEnum;
use std::path::PathBuf;
use std::str::FromStr;

/// An output of `check`.
#[derive(Clone, Debug)]
pub(crate) struct Output {
    format: Format,
    /// The file; none for standard output.
    file: Option<PathBuf>,
}

/// The formats of `check`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Format {
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

impl FromStr for Output {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (format, file) = match text.split_once('=') {
            Some((format, file)) => (format, Some(PathBuf::from(file))),
            None => (text, None),
        };
        let names = Format::value_variants()
            .iter()
            .filter_map(ValueEnum::to_possible_value);
        let names: Vec<String> = names.map(|name| name.get_name().to_owned()).collect();
        let format =
            Format::from_str(format, false).map_err(|_| format!("expected one of {}", names.join(", ")))?;
        Ok(Self { format, file })
    }
}

/// Refuses two formats on standard output, where no program could separate them.
pub(crate) fn only_one_to_standard_output(outputs: &[Output]) -> Result<(), Failure> {
    if outputs.iter().filter(|output| output.file.is_none()).count() < 2 {
        return Ok(());
    }
    let failure = Failure::new("two formats cannot both go to standard output");
    Err(failure.help("name a file for one of them: `--format sarif=report.sarif`"))
}

impl Output {
    /// Prints a report, or writes it into the file.
    pub(crate) fn print(
        &self,
        report: &CheckReport,
        statistics: bool,
        console: &mut Console,
    ) -> Result<(), Failure> {
        let bytes = match self.format {
            Format::Human => return self.print_lines(report.pieces(statistics), console),
            Format::Compact => return self.print_lines([compact::text(report)], console),
            Format::Markdown => return self.print_lines([markdown::text(report)], console),
            Format::Checkstyle => checkstyle::document(report)?,
            Format::Github => github::text(report).into_bytes(),
            Format::Gitlab => gitlab::line(report)?,
            Format::Json => json::line(report)?,
            Format::Junit => junit::document(report)?,
            Format::Sarif => sarif::line(report)?,
        };
        match &self.file {
            Some(file) => write(file, &bytes),
            None => console.give(&bytes),
        }
    }

    /// Prints pieces of whole lines, or writes them into the file: without colours, and inert as on the console,
    /// since a job may print the file.
    fn print_lines<T: AsRef<str> + Sync>(
        &self,
        pieces: impl IntoIterator<Item = T>,
        console: &mut Console,
    ) -> Result<(), Failure> {
        let Some(file) = &self.file else {
            return console.say_all(pieces);
        };
        let shown = |piece: T| strip_str(&inert(piece.as_ref())).to_string();
        let text: String = pieces.into_iter().map(shown).collect();
        write(file, text.as_bytes())
    }
}
