//! `policy-check prove`

use crate::console::Console;
use crate::help::proofs::{ASSERTIONS, PROVE_EXAMPLES, PROVE_JSON};
use crate::help::{WHICH_FILES, paragraphs};
use crate::loaded::{Loaded, each_set};
use crate::paths::{find_all, find_together};
use crate::report::{self, Format};
use crate::version::Version;
use clap::Args;
use rolecall_engine::PolicySet;
use rolecall_report::exit::Exit;
use rolecall_report::failure::Failure;
use rolecall_report::prove::ProveReport;
use rolecall_report::statement::Statement;
use std::path::{Path, PathBuf};

/// Prove statements about all tokens, or refute them with a token
#[derive(Args, Clone, Debug)]
#[command(after_help = PROVE_EXAMPLES)]
#[command(after_long_help = paragraphs(&[ASSERTIONS, WHICH_FILES, PROVE_JSON, PROVE_EXAMPLES]))]
pub(crate) struct Arguments {
    /// Files and folders, and optionally one statement to prove
    #[arg(value_name = "PATH|STATEMENT")]
    arguments: Vec<String>,
    /// Prove only the assertions whose names contain this text
    #[arg(long, value_name = "TEXT")]
    filter: Option<String>,
    /// Output format
    #[arg(long, value_name = "FORMAT", default_value = "human")]
    format: Format,
}

pub(crate) fn run(arguments: &Arguments, console: &mut Console) -> Result<Exit, Failure> {
    let (statements, mut paths): (Vec<&String>, Vec<&String>) = arguments
        .arguments
        .iter()
        .partition(|argument| is_statement(argument));
    let statement = match statements.as_slice() {
        [] => None,
        [statement] => Some(Statement::new(statement)),
        _ => {
            return Err(Failure::new("only one statement can be proved at a time")
                .help("run the command once per statement"));
        }
    };
    let here = ".".to_owned();
    if paths.is_empty() {
        paths.push(&here);
    }
    let paths: Vec<PathBuf> = paths.into_iter().map(PathBuf::from).collect();
    // A statement can be about policies and documents together.
    let find = if statement.is_some() {
        find_together
    } else {
        find_all
    };
    let found = find(&paths, "<stdin>", &Version::Disk);
    let mut report = ProveReport::default();
    let run = |loaded: &Loaded, policies: &PolicySet| {
        // The statement is the last file.
        let last = policies.program().own_files().last().map(|(file, _)| file);
        report.run(
            &loaded.name,
            policies,
            &loaded.foreign,
            |assertion| match &statement {
                Some(_) => Some(assertion.location.file()) == last,
                None => arguments
                    .filter
                    .as_ref()
                    .is_none_or(|text| assertion.name.contains(text)),
            },
        );
    };
    let undone = "their assertions are not proved";
    let unusable = each_set(found, statement.as_ref(), undone, arguments.format, console, run);
    report.add_errors(unusable.errors);
    report::print(&report, || report.text(), arguments.format, console)?;
    Ok(console.finish(report.exit(), &unusable.failures))
}

/// Returns whether an argument is a statement: it has several words, and no file has this name.
fn is_statement(argument: &str) -> bool {
    argument.trim().contains(char::is_whitespace) && !Path::new(argument).exists()
}
