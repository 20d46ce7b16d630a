//! `policy-check test`

use crate::console::Console;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::help::proofs::{TEST_EXAMPLES, TEST_JSON};
use crate::help::{WHICH_FILES, paragraphs};
use crate::loaded::{Loaded, each_set};
use crate::paths::Paths;
use crate::report::test::TestReport;
use crate::report::{self, Format};
use clap::Args;
use rolecall_engine::PolicySet;

/// Run the tests in policies, and prove their assertions
#[derive(Args, Clone, Debug)]
#[command(after_help = TEST_EXAMPLES)]
#[command(after_long_help = paragraphs(&[WHICH_FILES, TEST_JSON, TEST_EXAMPLES]))]
pub(crate) struct Arguments {
    #[command(flatten)]
    paths: Paths,
    /// Run only the tests and assertions whose names contain this text
    #[arg(long, value_name = "TEXT")]
    filter: Option<String>,
    /// Also list passed tests and proved assertions
    #[arg(long, short)]
    verbose: bool,
    /// Output format
    #[arg(long, value_name = "FORMAT", default_value = "human")]
    format: Format,
}

pub(crate) fn run(arguments: &Arguments, console: &mut Console) -> Result<Exit, Failure> {
    let found = arguments.paths.find();
    let mut report = TestReport::default();
    let filter = arguments.filter.as_deref();
    let run = |loaded: &Loaded, policies: &PolicySet| {
        report.run(&loaded.name, policies, &loaded.foreign, filter);
    };
    let unusable = each_set(
        found,
        None,
        "their tests are not run",
        arguments.format,
        console,
        run,
    );
    report.add_errors(unusable.errors);
    report::print(
        &report,
        || report.text(arguments.verbose),
        arguments.format,
        console,
    )?;
    Ok(console.finish(report.exit(), &unusable.failures))
}
