//! `rolecall-exchange audit`.

mod lists;

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
    /// List the roles that were granted at each door, with their last use
    Roles {
        /// The audit log
        file: PathBuf,
    },
    /// List the refused requests, with the explanation for the operator
    Denials {
        /// The audit log
        file: PathBuf,
    },
}

pub(crate) fn run(arguments: &Arguments, console: &Console) -> Result<Exit, Failure> {
    let (Command::Verify { file } | Command::Roles { file } | Command::Denials { file }) = &arguments.command;
    let name = file.display();
    let open = || {
        let opened = File::open(file).map(BufReader::new);
        opened.map_err(|error| Failure::new(format!("cannot read `{name}`: {error}")))
    };
    let summary = match verify(open()?) {
        Ok(summary) => summary,
        Err(failure) => {
            console.fail(&failure.within(&name.to_string()));
            return Ok(Exit::No);
        }
    };
    match &arguments.command {
        Command::Verify { .. } => {
            let unfinished = match summary.unfinished {
                0 => String::new(),
                bytes => format!("; after it, {bytes} bytes of an unfinished line"),
            };
            console.say(&format!(
                "`{name}`: {} lines, chain intact{unfinished}",
                summary.chain.lines()
            ))?;
        }
        Command::Roles { .. } => lists::roles(open()?, console)?,
        Command::Denials { .. } => lists::denials(open()?, console)?,
    }
    Ok(Exit::Yes)
}
