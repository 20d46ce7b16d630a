//! `policy-check names`

use crate::console::Console;
use crate::help::names::{NAMES_DETAILS, NAMES_EXAMPLES, NAMES_JSON};
use crate::help::paragraphs;
use crate::input;
use crate::loaded::load_one;
use crate::report::names::NamesReport;
use crate::report::{self, Format};
use clap::Args;
use rolecall_interop::{Projects, ownership};
use rolecall_report::exit::Exit;
use rolecall_report::failure::Failure;
use rolecall_report::printable::path_name;
use rolecall_syntax::line_column;
use std::path::PathBuf;

/// Check whether the projects and owners that roles name are still yours
#[derive(Args, Clone, Debug)]
#[command(after_help = NAMES_EXAMPLES)]
#[command(after_long_help = paragraphs(&[NAMES_DETAILS, NAMES_JSON, NAMES_EXAMPLES]))]
pub(crate) struct Arguments {
    /// Policy files, folders with a policy set, and documents in other languages
    #[arg(required = true)]
    paths: Vec<PathBuf>,
    #[command(flatten)]
    dumps: Dumps,
    /// Output format
    #[arg(long, value_name = "FORMAT", default_value = "human")]
    format: Format,
}

/// The output of the APIs of CI systems.
#[derive(Args, Clone, Debug)]
pub(crate) struct Dumps {
    /// Projects, groups, repositories and organizations as the API of GitLab or GitHub prints them
    #[arg(long, value_name = "FILE", required = true)]
    projects: Vec<PathBuf>,
    /// A group, an organization or a user that is yours, although no file is about it
    #[arg(long, value_name = "OWNER")]
    ours: Vec<String>,
}

impl Dumps {
    /// Reads the files.
    pub(crate) fn read(&self) -> Result<Projects, Failure> {
        let mut projects = Projects::default();
        for path in &self.projects {
            let text = input::dump(path)?;
            projects.read(&text).map_err(|error| {
                let (line, column) = line_column(&text, error.span.start);
                let place = format!("{}:{line}:{column}", path_name(path));
                let help = "print it with `glab api`, or `gh api`: `gh api orgs/NAME/repos --paginate`";
                Failure::new(format!("{place}: {}", error.message)).help(help)
            })?;
        }
        for owner in &self.ours {
            projects.add_owner(owner);
        }
        Ok(projects)
    }
}

pub(crate) fn run(arguments: &Arguments, console: &mut Console) -> Result<Exit, Failure> {
    let projects = arguments.dumps.read()?;
    let policies = load_one(&arguments.paths, console)?;
    let report = NamesReport::new(&ownership(&policies.set, &projects), policies.foreign.coverage());
    report::print(&report, || report.text(), arguments.format, console)?;
    Ok(report.exit())
}
