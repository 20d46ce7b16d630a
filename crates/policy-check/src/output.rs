//! What `check` prints, and where.

use std::path::PathBuf;
use std::str::FromStr;

use anstream::adapter::strip_str;
use clap::ValueEnum;

use crate::console::Console;
use crate::failure::Failure;
use crate::printable::inert;
use crate::replace::write;
use crate::report::check::CheckReport;
use crate::report::{checkstyle, compact, github, gitlab, json, junit, markdown, sarif};

/// A format, and the file that it goes into.
#[derive(Clone, Debug)]
pub(crate) struct Output {
    format: Format,
    /// Standard output if there is none.
    file: Option<PathBuf>,
}

/// The formats of what is found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Format {
    /// The XML of Checkstyle.
    Checkstyle,
    /// One line for each finding.
    Compact,
    /// Annotations of GitHub Actions.
    Github,
    /// Code Quality of GitLab.
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

/// Two formats in one stream can be read by nobody.
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
            Format::Human => return self.print_lines(&report.text(statistics), console),
            Format::Compact => return self.print_lines(&compact::text(report), console),
            Format::Markdown => return self.print_lines(&markdown::text(report), console),
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

    /// Prints lines, or writes them into the file: without colours, and as inert as on the console, for somebody may print it.
    fn print_lines(&self, text: &str, console: &mut Console) -> Result<(), Failure> {
        match &self.file {
            Some(file) => write(file, strip_str(&inert(text)).to_string().as_bytes()),
            None => console.say(text),
        }
    }
}
