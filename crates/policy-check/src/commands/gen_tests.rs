//! `policy-check gen-tests`

use crate::console::Console;
use crate::generated_tests::file::GeneratedFile;
use crate::generated_tests::generate;
use crate::help::testing::{GEN_TESTS_DETAILS, GEN_TESTS_EXAMPLES, GEN_TESTS_JSON};
use crate::help::{WHICH_FILES, paragraphs};
use crate::loaded::{Loaded, each_set};
use crate::paths::Paths;
use crate::report::gen_tests::GenTestsReport;
use crate::report::{self, Format};
use clap::Args;
use rolecall_engine::PolicySet;
use rolecall_report::exit::Exit;
use rolecall_report::failure::Failure;
use std::collections::HashMap;

/// Write tests for each condition into a file of their own
#[derive(Args, Clone, Debug)]
#[command(after_help = GEN_TESTS_EXAMPLES)]
#[command(after_long_help = paragraphs(&[GEN_TESTS_DETAILS, WHICH_FILES, GEN_TESTS_JSON, GEN_TESTS_EXAMPLES]))]
pub(crate) struct Arguments {
    #[command(flatten)]
    paths: Paths,
    /// List the files that would change instead of writing them; exit with 1 if there are any
    #[arg(long)]
    check: bool,
    /// Output format
    #[arg(long, value_name = "FORMAT", default_value = "human")]
    format: Format,
}

pub(crate) fn run(arguments: &Arguments, console: &mut Console) -> Result<Exit, Failure> {
    let mut found = arguments.paths.find();
    let mut files = HashMap::new();
    for mut set in std::mem::take(&mut found.sets) {
        match GeneratedFile::take(&mut set) {
            Ok(file) => {
                files.insert(set.name.clone(), file);
                found.sets.push(set);
            }
            Err(failure) => found.failures.push(failure),
        }
    }
    let mut report = GenTestsReport::new(arguments.check);
    let mut failures = Vec::new();
    let run = |loaded: &Loaded, policies: &PolicySet| {
        let Some(file) = files.get(&loaded.name) else {
            return;
        };
        let written = generate(policies, &file.name()).and_then(|generated| {
            let is_same = file.is_same(&generated);
            if !arguments.check {
                file.write(&generated)?;
            }
            Ok((generated, is_same))
        });
        match written {
            Ok((generated, is_same)) => report.add(&loaded.name, file, &generated, is_same),
            Err(failure) => failures.push(failure),
        }
    };
    let undone = "no tests are generated";
    let mut unusable = each_set(found, None, undone, arguments.format, console, run);
    unusable.failures.extend(failures);
    report.add_errors(unusable.errors);
    report::print(&report, || report.text(), arguments.format, console)?;
    Ok(console.finish(report.exit(), &unusable.failures))
}
