//! The command `rolecall-exchange`: arguments in, exit code out.

use clap::Parser as _;
use mimalloc::MiMalloc;
use rolecall_exchange::{Cli, Console, Exit, run};

/// glibc's allocator takes a sixth of the time of an exchange, and keeps the memory of policy sets that were replaced.
#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

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
