//! The command `policy-check`: arguments in, exit code out.

use mimalloc::MiMalloc;
use policy_check::{Console, Exit, parse_arguments, run};
use std::process::ExitCode;

/// The analysis allocates much and briefly, on all processors.
#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

fn main() -> ExitCode {
    ExitCode::from(exit().code())
}

fn exit() -> Exit {
    let arguments: Vec<_> = std::env::args_os().collect();
    let mut console = Console::for_arguments(&arguments);
    let cli = match parse_arguments(&arguments, &mut console) {
        Ok(cli) => cli,
        Err(exit) => return exit,
    };
    match run(&cli, &mut console) {
        Ok(exit) => exit,
        Err(failure) => {
            console.fail(&failure);
            Exit::CouldNotRun
        }
    }
}
