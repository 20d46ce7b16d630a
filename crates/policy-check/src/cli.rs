//! The command line.

use crate::commands::{
    check, completions, decide, diff, drift, explain, export, fmt, gen_tests, graph, import, init, keys, lsp,
    man, migrate, names, profiles, prove, rules, test, witness,
};
use crate::console::{Color, Console};
use clap::{Parser, Subcommand};
use rolecall_report::exit::Exit;
use rolecall_report::printable::printable;
use rolecall_report::style::{BAD, paint};
use std::ffi::OsString;

/// Check, format, test, prove and explain policies, and decide which roles a signed ID token may take.
#[derive(Clone, Debug, Parser)]
#[command(name = "policy-check", version, max_term_width = 100, after_help = AFTER_HELP)]
pub struct Cli {
    /// Colour the output; `NO_COLOR` and `CLICOLOR_FORCE` are respected
    #[arg(long, global = true, value_name = "WHEN", default_value = "auto")]
    pub color: Color,
    #[command(subcommand)]
    pub(crate) command: Command,
}

const AFTER_HELP: &str = "\
Exit codes, the same in every command and format:
  0  yes: clean, allowed, passed, proved
  1  no: findings, denied, failed, refuted, a refused token
  2  could not run: usage, files, configuration
  3  undecided: a budget ran out

Examples:
  policy-check init
  policy-check check policies
  policy-check test policies
  policy-check prove policies/shop 'possible deploy-prod'
  policy-check witness deploy-prod policies/shop --near-miss
  policy-check decide --policies policies/shop --jwks jwks.json --token -
  policy-check explain --policies policies/shop --claims claims.json --issuer gitlab
  policy-check keys --issuer https://gitlab.com";

#[derive(Clone, Debug, Subcommand)]
pub(crate) enum Command {
    Init(init::Arguments),
    Check(check::Arguments),
    Fmt(fmt::Arguments),
    Test(test::Arguments),
    GenTests(gen_tests::Arguments),
    Prove(prove::Arguments),
    Witness(witness::Arguments),
    Diff(diff::Arguments),
    Decide(decide::Arguments),
    Explain(explain::Arguments),
    Import(import::Arguments),
    Export(export::Arguments),
    Drift(drift::Arguments),
    Graph(graph::Arguments),
    Names(names::Arguments),
    Migrate(migrate::Arguments),
    Profiles(profiles::Arguments),
    Rules(rules::Arguments),
    Keys(keys::Arguments),
    Lsp(lsp::Arguments),
    Completions(completions::Arguments),
    Man(man::Arguments),
}

/// Reads the command line. Help goes to standard output, errors go to standard error.
///
/// # Errors
/// Returns the exit status if there is no command to run.
pub fn parse_arguments(arguments: &[OsString], console: &mut Console) -> Result<Cli, Exit> {
    let error = match Cli::try_parse_from(arguments) {
        Ok(cli) => return Ok(cli),
        Err(error) => error,
    };
    let text = shown(&error, arguments);
    if error.use_stderr() {
        console.complain(&text);
        return Err(Exit::CouldNotRun);
    }
    Err(match console.say(&text) {
        Ok(()) => Exit::Yes,
        Err(failure) => {
            console.fail(&failure);
            Exit::CouldNotRun
        }
    })
}

/// Formats an error. Its text repeats arguments, so they are made safe to show and parsed again for the same
/// error.
fn shown(error: &clap::Error, arguments: &[OsString]) -> String {
    let safe = arguments.iter().map(|argument| argument.to_string_lossy());
    let safe = safe.map(|argument| printable(&argument).into_owned());
    match Cli::try_parse_from(safe) {
        Err(safe) if safe.kind() == error.kind() => safe.render().ansi().to_string(),
        // The safe arguments have a different error, or none.
        _ => format!("{} {}\n", paint(BAD, "error:"), error.kind()),
    }
}
