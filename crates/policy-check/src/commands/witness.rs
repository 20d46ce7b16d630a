//! `policy-check witness`

use crate::console::Console;
use crate::help::proofs::{WITNESS_DETAILS, WITNESS_EXAMPLES, WITNESS_JSON};
use crate::help::{WHICH_FILES, paragraphs};
use crate::loaded::{Loaded, each_set};
use crate::new_tests::Addition;
use crate::paths::Paths;
use crate::policy_files::FoundSets;
use crate::report::{self, Format};
use crate::test_file::TestFile;
use clap::Args;
use rolecall_engine::PolicySet;
use rolecall_report::exit::Exit;
use rolecall_report::failure::Failure;
use rolecall_report::selectors::Selectors;
use rolecall_report::witness::WitnessReport;
use std::path::{Path, PathBuf};

/// Show tokens that get a role, and near misses that do not
#[derive(Args, Clone, Debug)]
#[command(after_help = WITNESS_EXAMPLES)]
#[command(after_long_help = paragraphs(&[WITNESS_DETAILS, WHICH_FILES, WITNESS_JSON, WITNESS_EXAMPLES]))]
pub(crate) struct Arguments {
    /// The roles: a name, a name with `*`, `#tag`, or several of them with commas
    #[arg(value_name = "SELECTOR")]
    roles: String,
    #[command(flatten)]
    paths: Paths,
    /// Also show, for each condition, a token that fails only there
    #[arg(long)]
    near_miss: bool,
    /// Add the tests to this file of the policy set, which is created if it does not exist
    #[arg(long, value_name = "FILE")]
    write: Option<PathBuf>,
    /// Output format
    #[arg(long, value_name = "FORMAT", default_value = "human")]
    format: Format,
}

pub(crate) fn run(arguments: &Arguments, console: &mut Console) -> Result<Exit, Failure> {
    let found = arguments.paths.find();
    let file = match &arguments.write {
        Some(path) => Some(test_file(path, &found)?),
        None => None,
    };
    let mut selectors = Selectors::new(&arguments.roles);
    let mut report = WitnessReport::default();
    let mut added: Option<Result<Addition, Failure>> = None;
    let run = |loaded: &Loaded, policies: &PolicySet| {
        let roles = selectors.select(policies.program());
        report.add_missing(&loaded.foreign);
        let tests = report.run(&loaded.name, policies, &roles, arguments.near_miss);
        added = file.as_ref().map(|file| file.add(policies, &tests));
    };
    let undone = "they are not searched for tokens";
    let mut unusable = each_set(found, None, undone, arguments.format, console, run);
    if unusable.failures.is_empty() {
        unusable.failures.extend(selectors.failures());
    }
    if let Some((file, added)) = file.zip(added).filter(|_| unusable.failures.is_empty()) {
        let written = added.and_then(|added| file.write(&added).map(|()| added));
        match written {
            Ok(added) => report.add_written(file.name(), added.names, added.existing),
            Err(failure) => unusable.failures.push(failure),
        }
    }
    report.add_errors(unusable.errors);
    report::print(&report, || report.text(), arguments.format, console)?;
    Ok(console.finish(report.exit(), &unusable.failures))
}

/// Finds the file for the tests, if all paths could be read.
fn test_file(path: &Path, found: &FoundSets) -> Result<TestFile, Failure> {
    match found.failures.first() {
        Some(failure) => Err(failure.clone()),
        None => TestFile::find(path, found),
    }
}
