//! Reports. Each is a value that serialises to JSON and formats itself as text.

use crate::console::Console;
use crate::failure::Failure;
use clap::ValueEnum;
use serde::Serialize;

pub(crate) mod case;
pub(crate) mod check;
pub(crate) mod checkstyle;
pub(crate) mod claims_log;
pub(crate) mod compact;
pub(crate) mod comparison;
pub(crate) mod condition;
pub(crate) mod contradiction;
pub(crate) mod coverage;
pub(crate) mod decision;
pub(crate) mod diff;
pub(crate) mod drift;
mod duration;
pub(crate) mod explanation;
pub(crate) mod explanations;
pub(crate) mod export;
mod fault;
pub(crate) mod file_name;
pub(crate) mod finding;
pub(crate) mod findings;
pub(crate) mod formatting;
pub(crate) mod gathered;
pub(crate) mod gen_tests;
pub(crate) mod github;
pub(crate) mod gitlab;
pub(crate) mod graph;
pub(crate) mod html;
pub(crate) mod import;
pub(crate) mod json;
pub(crate) mod junit;
pub(crate) mod key;
pub(crate) mod key_sets;
mod layout;
pub(crate) mod location;
pub(crate) mod markdown;
pub(crate) mod migrate;
pub(crate) mod mutation;
pub(crate) mod names;
pub(crate) mod profile;
pub(crate) mod profiles;
pub(crate) mod proof;
pub(crate) mod prove;
pub(crate) mod refusal;
pub(crate) mod repair;
pub(crate) mod sarif;
pub(crate) mod severity;
mod side;
pub(crate) mod snippet;
pub(crate) mod stats;
pub(crate) mod tap;
pub(crate) mod tenants;
pub(crate) mod test;
pub(crate) mod test_coverage;
mod test_names;
pub(crate) mod token_text;
pub(crate) mod unused;
pub(crate) mod weakening;
pub(crate) mod witness;
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
