//! `policy-check completions`

use clap::{Args, Command};
use clap_complete::Shell;

use crate::console::Console;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::help::COMPLETIONS_EXAMPLES;

/// Print a shell completion script
#[derive(Args, Clone, Debug)]
#[command(after_help = COMPLETIONS_EXAMPLES)]
pub(crate) struct Arguments {
    /// The shell
    #[arg(value_name = "SHELL")]
    shell: Shell,
}

/// `command` is the whole command line.
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
