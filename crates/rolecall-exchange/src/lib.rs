//! The server `rolecall-exchange`, except its `main`.
//!
//! From a CI job's ID token it makes a role token: a JWT with one stable subject (`role:deploy-production`), one
//! audience and a short life. A relying party needs an exact match on one string; all conditions are in one policy set,
//! which is linted, tested and proved.
//!
//! - `config` reads `exchange.toml`.
//! - `exchange` is the core: it verifies, chooses the role, records and issues, and knows no protocol.
//! - `policies` tests policy sets before they are used, and remembers the last good one.
//! - `doors` has a file for each protocol.
//! - `sessions` has the sealed sessions of doors whose clients come again.
//! - `signing` has the keys and the role tokens, `audit` the log, `replay` the memory of used tokens, `secrets` what the
//!   Vault door serves, `server` the listeners, `upstream` the client, `postgres` the database that instances share.
//! - `telemetry` has the metrics.
//! - `commands` has a file for each subcommand. Only the [`Console`] prints.

mod audit;
mod cli;
mod commands;
mod config;
mod console;
mod digest;
mod doors;
mod excerpt;
mod exchange;
mod exit;
mod failure;
mod key_folder;
mod policies;
mod postgres;
mod random;
mod replay;
mod secrets;
mod server;
mod sessions;
mod signing;
mod telemetry;
mod upstream;
mod whole_file;

pub use cli::Cli;
use cli::Command;
pub use console::Console;
pub use exit::Exit;
pub use failure::Failure;

/// Runs the command that the arguments name.
///
/// # Errors
/// Returns a [`Failure`] if something could not be read or written, or is invalid.
pub fn run(cli: &Cli, console: &Console) -> Result<Exit, Failure> {
    match &cli.command {
        Command::Serve(arguments) => commands::serve::run(arguments, console),
        Command::Check(arguments) => commands::check::run(arguments, console),
        Command::Keys(arguments) => commands::keys::run(arguments, console),
        Command::Audit(arguments) => commands::audit::run(arguments, console),
        Command::Token(arguments) => commands::token::run(arguments, console),
        Command::Demo(arguments) => commands::demo::run(arguments, console),
    }
}
