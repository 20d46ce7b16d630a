//! `policy-check fmt`

use crate::console::Console;
use crate::help::check::{FMT_DETAILS, FMT_EXAMPLES};
use crate::help::{WHICH_FILES, paragraphs};
use crate::input::{self, is_stdin};
use crate::policy_files::{PolicyFile, find};
use crate::replace::replace;
use crate::report::formatting::{FormatReport, Outcome, diff};
use crate::version::Version;
use clap::Args;
use rolecall_engine::{Arena, CompileError, Diagnostic, Source};
use rolecall_report::exit::Exit;
use rolecall_report::failure::Failure;
use rolecall_report::policy_text::PolicyText;
use rolecall_report::printable::printable;
use rolecall_report::snippet;
use std::collections::BTreeMap;
use std::path::PathBuf;

/// Format policies
#[derive(Args, Clone, Debug)]
#[command(after_help = FMT_EXAMPLES)]
#[command(after_long_help = paragraphs(&[FMT_DETAILS, WHICH_FILES, FMT_EXAMPLES]))]
pub(crate) struct Arguments {
    /// Files and folders; `-` alone reads standard input and writes standard output
    #[arg(value_name = "PATH", default_value = ".")]
    paths: Vec<PathBuf>,
    /// List the files that would change instead of changing them; exit with 1 if there are any
    #[arg(long)]
    check: bool,
    /// Print the changes instead of making them; exit with 1 if there are any
    #[arg(long)]
    diff: bool,
    /// Name of standard input in messages
    #[arg(long, value_name = "NAME", default_value = "<stdin>")]
    stdin_filename: String,
}

/// The result of formatting one file.
enum Formatted {
    Same,
    Changed {
        old: String,
        new: String,
    },
    /// The errors, with excerpts of the text.
    Failed(String),
}

pub(crate) fn run(arguments: &Arguments, console: &mut Console) -> Result<Exit, Failure> {
    if arguments.paths.iter().any(|path| is_stdin(path)) {
        if arguments.paths.len() > 1 {
            return Err(Failure::new("`-` cannot be formatted together with files").help("run it twice"));
        }
        return run_stdin(arguments, console);
    }
    let found = find(&arguments.paths, &arguments.stdin_filename, &Version::Disk);
    let mut failures = found.failures;
    let mut report = FormatReport::default();
    let files = found.sets.into_iter().flat_map(|set| set.files);
    let files: BTreeMap<String, PolicyFile> = files.map(|file| (file.name.clone(), file)).collect();
    for (name, file) in files {
        match one(&file, arguments) {
            Ok(outcome) => report.add(name, outcome),
            Err(failure) => failures.push(failure),
        }
    }
    let dry = arguments.check || arguments.diff;
    console.say(&report.text(dry, arguments.diff))?;
    Ok(console.finish(Exit::yes_if(report.is_fine(dry)), &failures))
}

/// Formats one file.
fn one(file: &PolicyFile, arguments: &Arguments) -> Result<Outcome, Failure> {
    let name = file.name.as_str();
    Ok(match format(name, file.read()?)? {
        Formatted::Same => Outcome::Same,
        Formatted::Failed(errors) => Outcome::Failed(errors),
        Formatted::Changed { old, new } if arguments.diff => Outcome::Changed(diff(name, &old, &new)),
        Formatted::Changed { .. } if arguments.check => Outcome::Changed(String::new()),
        Formatted::Changed { old, new } => {
            if let Some(path) = file.path() {
                replace(path, &old, &new)?;
            }
            Outcome::Changed(String::new())
        }
    })
}

fn run_stdin(arguments: &Arguments, console: &mut Console) -> Result<Exit, Failure> {
    let name = printable(&arguments.stdin_filename);
    let text = input::policy_stdin()?;
    let original = match &text {
        PolicyText::Foreign(text) | PolicyText::Text(text) => text.clone(),
        PolicyText::Refused { .. } => String::new(),
    };
    match format(&name, text)? {
        Formatted::Failed(errors) => {
            console.complain(&errors);
            Ok(Exit::No)
        }
        Formatted::Changed { old, new } if arguments.diff => {
            console.say(&diff(&name, &old, &new))?;
            Ok(Exit::No)
        }
        Formatted::Changed { .. } if arguments.check => {
            console.say(&format!("would format {name}\n"))?;
            Ok(Exit::No)
        }
        Formatted::Same if arguments.diff || arguments.check => Ok(Exit::Yes),
        Formatted::Changed { new, .. } => {
            console.give(new.as_bytes())?;
            Ok(Exit::Yes)
        }
        Formatted::Same => {
            console.give(original.as_bytes())?;
            Ok(Exit::Yes)
        }
    }
}

fn format(name: &str, text: PolicyText) -> Result<Formatted, Failure> {
    let (old, errors) = match text {
        PolicyText::Refused { shown, error } => (shown, vec![error]),
        PolicyText::Foreign(old) | PolicyText::Text(old) => match rolecall_syntax::format(&old) {
            Ok(new) if new == old => return Ok(Formatted::Same),
            Ok(new) => {
                is_the_same(name, &old, &new)?;
                return Ok(Formatted::Changed { old, new });
            }
            Err(errors) => (old, errors),
        },
    };
    let mut sources = Arena::new();
    let file = sources.push(Source::new(name, old));
    let diagnostics = errors
        .iter()
        .map(|error| Diagnostic::syntax(file, error))
        .collect();
    Ok(Formatted::Failed(snippet::render_all(&CompileError {
        sources,
        diagnostics,
    })))
}

/// Refuses a formatted text that has another meaning, as a safeguard against bugs in the formatter.
fn is_the_same(name: &str, old: &str, new: &str) -> Result<(), Failure> {
    let [old, new] = [old, new].map(rolecall_syntax::parse);
    if new.errors.is_empty() && old.file.items == new.file.items {
        return Ok(());
    }
    let message = format!("formatting would change the meaning of `{name}`, so it is left alone");
    Err(Failure::new(message).help("report this as a bug, together with the file"))
}
