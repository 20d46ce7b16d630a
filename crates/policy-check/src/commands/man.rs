//! `policy-check man`

use crate::console::Console;
use crate::help::MAN_EXAMPLES;
use crate::replace::write;
use clap::{Args, Command};
use clap_mangen::Man;
use rolecall_report::exit::Exit;
use rolecall_report::failure::Failure;
use std::path::PathBuf;

/// Print the man page
#[derive(Args, Clone, Debug)]
#[command(after_help = MAN_EXAMPLES)]
pub(crate) struct Arguments {
    /// Write the man pages of the command and of each subcommand to this folder
    #[arg(long, value_name = "DIR")]
    dir: Option<PathBuf>,
}

/// Prints or writes the man pages. `command` is the whole command line.
pub(crate) fn run(arguments: &Arguments, command: Command, console: &mut Console) -> Result<Exit, Failure> {
    let mut command = command.disable_help_subcommand(true);
    command.build();
    let Some(folder) = &arguments.dir else {
        let (_, page) = page(&command)?;
        console.give(page.as_bytes())?;
        return Ok(Exit::Yes);
    };
    for command in std::iter::once(&command).chain(command.get_subcommands()) {
        let (name, page) = page(command)?;
        let path = folder.join(name);
        write(&path, page.as_bytes())?;
    }
    Ok(Exit::Yes)
}

/// Returns the file name and the text of a command's man page. The text below the options keeps its line
/// breaks.
fn page(command: &Command) -> Result<(String, String), Failure> {
    let man = Man::new(command.clone());
    let mut page = Vec::new();
    man.render(&mut page)
        .map_err(|error| Failure::new(format!("cannot write the man page: {error}")))?;
    let page = String::from_utf8_lossy(&page);
    let page = match page.split_once(".SH EXTRA\n") {
        Some((before, after)) => {
            let (details, rest) = after.split_once(".SH ").unwrap_or((after, ""));
            let rest = if rest.is_empty() {
                String::new()
            } else {
                format!(".SH {rest}")
            };
            format!("{before}.SH DETAILS\n.nf\n{details}.fi\n{rest}")
        }
        None => page.into_owned(),
    };
    Ok((man.get_filename(), page))
}
