//! `rolecall-exchange audit`.

use std::fs::File;
use std::io::BufReader;
use std::path::PathBuf;

use clap::{Args, Subcommand};

use crate::audit::verify;
use crate::console::Console;
use crate::exit::Exit;
use crate::failure::Failure;

/// Inspect an audit log
#[derive(Clone, Debug, Args)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Clone, Debug, Subcommand)]
enum Command {
    /// Verify that no line was changed, removed or added
    Verify {
        /// The audit log
        file: PathBuf,
    },
}

pub(crate) fn run(arguments: &Arguments, console: &Console) -> Result<Exit, Failure> {
    let Command::Verify { file } = &arguments.command;
    let name = file.display();
    let opened = File::open(file).map_err(|error| Failure::new(format!("cannot read `{name}`: {error}")))?;
    match verify(BufReader::new(opened)) {
        Ok(summary) => {
            let unfinished = match summary.unfinished {
                0 => String::new(),
                bytes => format!("; after it, {bytes} bytes of an unfinished line"),
            };
            console.say(&format!(
                "`{name}`: {} lines, chain intact{unfinished}",
                summary.chain.lines()
            ))?;
            Ok(Exit::Yes)
        }
        Err(failure) => {
            console.fail(&failure.within(&name.to_string()));
            Ok(Exit::No)
        }
    }
}
