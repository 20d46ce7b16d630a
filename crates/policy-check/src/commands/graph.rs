//! `policy-check graph`

use crate::console::Console;
use crate::help::graph::{GRAPH_DETAILS, GRAPH_EXAMPLES, GRAPH_JSON};
use crate::help::paragraphs;
use crate::loaded::load_one;
use crate::output::{Output, only_one_to_standard_output};
use crate::report::graph::{GraphReport, widths};
use clap::{Args, ValueEnum};
use rayon::prelude::*;
use rolecall_engine::{PolicySet, RoleId};
use rolecall_lint::{Linter, Settings, Way};
use rolecall_report::coverage::CoverageReport;
use rolecall_report::exit::Exit;
use rolecall_report::failure::Failure;
use rolecall_report::json;
use rolecall_report::selectors::select;
use std::path::PathBuf;

/// Show who can get which role, the widest first, as a table or a diagram
#[derive(Args, Clone, Debug)]
#[command(after_help = GRAPH_EXAMPLES)]
#[command(after_long_help = paragraphs(&[GRAPH_DETAILS, &widths(), GRAPH_JSON, GRAPH_EXAMPLES]))]
pub(crate) struct Arguments {
    /// A folder with a policy set, policy files, and documents in other languages
    #[arg(value_name = "PATH", default_value = ".")]
    paths: Vec<PathBuf>,
    /// Show only these roles: a name, a name with `*`, `#tag`, or several of them with commas
    #[arg(long, value_name = "SELECTOR")]
    roles: Option<String>,
    /// Output format, or FORMAT=FILE to write a file; may be repeated
    #[arg(long = "format", value_name = "FORMAT[=FILE]", default_value = "human")]
    formats: Vec<Output<Format>>,
}

/// The formats of `graph`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Format {
    /// Text for people.
    Human,
    /// One JSON object on one line.
    Json,
    /// A page for a browser, with nothing outside of it.
    Html,
    /// A diagram for a merge request.
    Mermaid,
}

/// The number of roles of one thread, which keeps what it learns about them.
const AT_ONCE: usize = 64;

pub(crate) fn run(arguments: &Arguments, console: &mut Console) -> Result<Exit, Failure> {
    only_one_to_standard_output(&arguments.formats)?;
    let policies = load_one(&arguments.paths, console)?;
    let roles = match &arguments.roles {
        Some(selector) => select(&policies.set, selector)?,
        None => policies.set.program().roles().ids().collect(),
    };
    let coverage = CoverageReport::new(&policies.foreign);
    let report = GraphReport::new(&policies.set, &ways(&policies.set, &roles), coverage);
    for output in &arguments.formats {
        match output.format {
            Format::Human => output.print_lines([report.text()], console)?,
            Format::Json => output.give(&json::line(&report)?, console)?,
            Format::Html => output.print_lines([report.html()], console)?,
            Format::Mermaid => output.print_lines([report.mermaid()], console)?,
        }
    }
    Ok(Exit::Yes)
}

/// Finds the ways to get some roles, on all processors.
fn ways(set: &PolicySet, roles: &[RoleId]) -> Vec<Way> {
    let settings = Settings::default();
    let linter = Linter::new(set, &settings);
    let chunks = roles.par_chunks(AT_ONCE);
    chunks
        .flat_map_iter(|some| linter.ways(some.iter().copied()))
        .collect()
}
