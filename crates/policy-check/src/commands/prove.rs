//! `policy-check prove`

use std::path::{Path, PathBuf};

use clap::Args;
use rolecall_engine::Source;
use rolecall_syntax::Str;

use crate::console::Console;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::help::{ASSERTIONS, PROVE_EXAMPLES, PROVE_JSON, WHICH_FILES, paragraphs};
use crate::loaded::load_with;
use crate::policy_files::find;
use crate::report::finding::Finding;
use crate::report::prove::ProveReport;
use crate::report::snippet;
use crate::report::{self, Format};

/// What to call a statement of the command line in messages.
const STATEMENT: &str = "<statement>";

/// Prove statements about all tokens, or refute them with a token
#[derive(Args, Clone, Debug)]
#[command(after_help = PROVE_EXAMPLES)]
#[command(after_long_help = paragraphs(&[ASSERTIONS, WHICH_FILES, PROVE_JSON, PROVE_EXAMPLES]))]
pub(crate) struct Arguments {
    /// Files and folders, and one statement if it is that which is to be proved
    #[arg(value_name = "PATH|STATEMENT")]
    arguments: Vec<String>,
    /// Prove only the assertions with this text in their name
    #[arg(long, value_name = "TEXT")]
    filter: Option<String>,
    /// What to print
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
        [statement] => Some(statement.as_str()),
        _ => return Err(Failure::new("there are two statements to prove").help("give one after the other")),
    };
    let here = ".".to_owned();
    if paths.is_empty() {
        paths.push(&here);
    }
    let paths: Vec<PathBuf> = paths.into_iter().map(PathBuf::from).collect();
    let found = find(&paths, "<stdin>");
    let mut failures = found.failures;
    let mut report = ProveReport::default();
    for set in &found.sets {
        let source = statement.map(as_assertion);
        let number = set.files.len();
        match load_with(set, source) {
            Ok(loaded) => match loaded.outcome {
                Ok(policies) => report.run(&loaded.name, &policies, |assertion| match statement {
                    Some(_) => assertion.place.file == number,
                    None => arguments
                        .filter
                        .as_ref()
                        .is_none_or(|text| assertion.name.contains(text)),
                }),
                Err(error) => {
                    if arguments.format == Format::Human {
                        console.complain(&snippet::render_all(&error));
                    }
                    let message = format!(
                        "the policies in `{}` do not compile: nothing of them is proved",
                        loaded.name
                    );
                    failures.push(Failure::new(message).help("mend them, or the statement, first"));
                    report.add_errors(Finding::all(&error));
                }
            },
            Err(unread) => failures.extend(unread),
        }
    }
    report::print(&report, || report.text(), arguments.format, console)?;
    Ok(console.finish(report.exit(), &failures))
}

/// A statement as an assertion that is called like it.
fn as_assertion(text: &str) -> Source {
    let name = Str::quote(text);
    Source::new(STATEMENT, format!("assert \"{}\" {{\n{text}\n}}\n", name.raw()))
}

/// Whether an argument is a statement: it has several words, and nothing is called so.
fn is_statement(argument: &str) -> bool {
    argument.trim().contains(char::is_whitespace) && !Path::new(argument).exists()
}
