//! Reports. Each is a value that serialises to JSON and formats itself as text.

use crate::console::Console;
use clap::ValueEnum;
use rolecall_report::failure::Failure;
use rolecall_report::json;
use serde::Serialize;

pub(crate) mod check;
pub(crate) mod checkstyle;
pub(crate) mod claims_log;
pub(crate) mod compact;
pub(crate) mod decision;
pub(crate) mod diff;
pub(crate) mod drift;
pub(crate) mod export;
pub(crate) mod file_name;
pub(crate) mod formatting;
pub(crate) mod gen_tests;
pub(crate) mod github;
pub(crate) mod gitlab;
pub(crate) mod graph;
pub(crate) mod import;
pub(crate) mod junit;
pub(crate) mod key;
pub(crate) mod key_sets;
pub(crate) mod markdown;
pub(crate) mod migrate;
pub(crate) mod mutation;
pub(crate) mod names;
pub(crate) mod profile;
pub(crate) mod profiles;
pub(crate) mod refusal;
pub(crate) mod sarif;
mod side;
pub(crate) mod stats;
pub(crate) mod tap;
pub(crate) mod test;
pub(crate) mod test_coverage;
pub(crate) mod unused;
pub(crate) mod weakening;
pub(crate) mod written_names;
pub(crate) mod xml;

/// An output format.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// Text for people.
    Human,
    /// One JSON object on one line.
    Json,
}

/// Prints a report in a format.
pub(crate) fn print(
    report: &impl Serialize,
    text: impl FnOnce() -> String,
    format: Format,
    console: &mut Console,
) -> Result<(), Failure> {
    match format {
        Format::Human => console.say(&text()),
        Format::Json => console.give(&json::line(report)?),
    }
}
