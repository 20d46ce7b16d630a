//! `rolecall-exchange audit`.

mod keys;
mod lists;
mod verification;

use std::path::PathBuf;

use clap::{Args, Subcommand};

use crate::console::Console;
use crate::exit::Exit;
use crate::failure::Failure;
use verification::{Anchor, Verified, verified};

/// Inspect an audit log
#[derive(Clone, Debug, Args)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Clone, Debug, Subcommand)]
enum Command {
    /// Verify that no line was changed, removed or added
    Verify(Files),
    /// List the roles that were granted, each with the clause that allowed it, the door, and the last use
    Roles(Files),
    /// List the refused requests, with the explanation for the operator
    Denials(Files),
}

/// The files of a log.
#[derive(Clone, Debug, Args)]
struct Files {
    /// The files of the audit log, in any order
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    /// Verify the signatures with these keys: a key set, or a folder of key files
    #[arg(long, value_name = "PATH")]
    keys: Vec<PathBuf>,
    /// Require a line that was noted elsewhere: its number and its digest, as this command prints and the server logs them
    #[arg(long, value_name = "LINE:DIGEST")]
    anchor: Option<Anchor>,
}

pub(crate) fn run(arguments: &Arguments, console: &Console) -> Result<Exit, Failure> {
    let (Command::Verify(files) | Command::Roles(files) | Command::Denials(files)) = &arguments.command;
    let keys = keys::read(&files.keys)?;
    let paths = match verified(&files.files, keys.as_ref(), files.anchor.as_ref())? {
        Ok(Verified { paths, report }) => {
            if let Command::Verify(_) = arguments.command {
                for line in report {
                    console.say(&line)?;
                }
            }
            paths
        }
        Err(failure) => {
            console.fail(&failure);
            return Ok(Exit::No);
        }
    };
    match &arguments.command {
        Command::Verify(_) => {}
        Command::Roles(_) => lists::roles(&paths, console)?,
        Command::Denials(_) => lists::denials(&paths, console)?,
    }
    Ok(Exit::Yes)
}
