//! `policy-check check`

use clap::Args;

use crate::console::Console;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::help::{CHECK_EXAMPLES, CHECK_JSON, WHICH_FILES, paragraphs};
use crate::loaded::load;
use crate::policy_files::Paths;
use crate::report::check::CheckReport;
use crate::report::{self, Format};

/// Report what is wrong with policies: syntax, names and types
#[derive(Args, Clone, Debug)]
#[command(after_help = CHECK_EXAMPLES)]
#[command(after_long_help = paragraphs(&[WHICH_FILES, CHECK_JSON, CHECK_EXAMPLES]))]
pub(crate) struct Arguments {
    #[command(flatten)]
    paths: Paths,
    /// What to print
    #[arg(long, value_name = "FORMAT", default_value = "human")]
    format: Format,
    /// Say by what the roles of each set are looked up, and what that takes
    #[arg(long)]
    stats: bool,
}

pub(crate) fn run(arguments: &Arguments, console: &mut Console) -> Result<Exit, Failure> {
    let found = arguments.paths.find();
    let mut failures = found.failures;
    let mut report = CheckReport::default();
    for set in &found.sets {
        match load(set) {
            Ok(loaded) => report.add(loaded, arguments.stats),
            Err(unread) => failures.extend(unread),
        }
    }
    report::print(&report, || report.text(), arguments.format, console)?;
    Ok(console.finish(Exit::yes_if(report.is_clean()), &failures))
}
