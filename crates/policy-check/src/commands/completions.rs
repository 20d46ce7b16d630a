//! `policy-check completions`

use crate::console::Console;
use crate::help::COMPLETIONS_EXAMPLES;
use clap::{Args, Command};
use clap_complete::Shell;
use rolecall_report::exit::Exit;
use rolecall_report::failure::Failure;

/// Print a shell completion script
#[derive(Args, Clone, Debug)]
#[command(after_help = COMPLETIONS_EXAMPLES)]
pub(crate) struct Arguments {
    /// The shell
    #[arg(value_name = "SHELL")]
    shell: Shell,
}

/// Prints the script. `command` is the whole command line.
pub(crate) fn run(
    arguments: &Arguments,
    mut command: Command,
    console: &mut Console,
) -> Result<Exit, Failure> {
    let mut script = Vec::new();
    clap_complete::generate(arguments.shell, &mut command, "policy-check", &mut script);
    console.give(&script)?;
    Ok(Exit::Yes)
}
