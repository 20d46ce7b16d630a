//! `policy-check lsp`

use crate::editor::capabilities::{capabilities, roots};
use crate::editor::server::Server;
use crate::help::lsp::{LSP_DETAILS, LSP_EXAMPLES};
use crate::help::paragraphs;
use clap::Args;
use lsp_server::Connection;
use lsp_types::InitializeParams;
use rolecall_report::exit::Exit;
use rolecall_report::failure::Failure;
use serde_json::json;

/// Serve an editor: problems while typing, fixes, hover, completion, names, formatting
#[derive(Args, Clone, Debug)]
#[command(after_help = LSP_EXAMPLES)]
#[command(after_long_help = paragraphs(&[LSP_DETAILS, LSP_EXAMPLES]))]
pub(crate) struct Arguments {
    /// Talk over standard input and output: the only way, and accepted because many editors add the option
    #[arg(long)]
    stdio: bool,
}

pub(crate) fn run(_: &Arguments) -> Result<Exit, Failure> {
    let broken =
        |error: &dyn std::fmt::Display| Failure::new(format!("the editor broke the protocol: {error}"));
    let (connection, threads) = Connection::stdio();
    let (id, parameters) = connection.initialize_start().map_err(|error| broken(&error))?;
    let parameters: InitializeParams = serde_json::from_value(parameters).map_err(|error| broken(&error))?;
    let answer = json!({
        "capabilities": capabilities(),
        "serverInfo": { "name": "policy-check", "version": env!("CARGO_PKG_VERSION") },
    });
    connection
        .initialize_finish(id, answer)
        .map_err(|error| broken(&error))?;
    Server::new(&connection, roots(&parameters)).run()?;
    drop(connection);
    threads.join().map_err(|error| broken(&error))?;
    Ok(Exit::Yes)
}
