//! The command `rolecall-exchange`: arguments in, exit code out.

use clap::Parser as _;
use rolecall_exchange::{Cli, Console, Exit, run};

fn main() -> Exit {
    let console = Console::default();
    match run(&Cli::parse(), &console) {
        Ok(exit) => exit,
        Err(failure) => {
            console.fail(&failure);
            Exit::CouldNotRun
        }
    }
}
