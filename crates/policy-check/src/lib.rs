//! The command `policy-check`, except its `main`.
//!
//! Each subcommand is a file in `commands`: its arguments, and one function that runs it. All output is built
//! in `report`: each report is a value that serialises to JSON and formats itself as text. Only the
//! [`Console`] prints.

mod baseline;
mod checking;
mod checkout;
mod choice;
mod cli;
mod commands;
mod comparing;
mod config;
mod console;
mod documentation;
mod editor;
mod fetch;
mod fixes;
mod generated_tests;
mod git;
mod help;
mod input;
mod keys;
mod lint;
mod loaded;
mod mutation;
mod new_tests;
mod output;
mod pages;
mod paths;
mod policy_files;
mod privileged_tags;
mod progress;
mod replace;
mod report;
mod rule_names;
mod set_settings;
mod starter;
mod test_coverage;
mod test_file;
mod token;
mod usage;
mod version;
mod watch;
mod weakening;

use clap::CommandFactory;
use cli::Command;
pub use cli::{Cli, parse_arguments};
pub use console::{Color, Console};
pub use rolecall_report::exit::Exit;
pub use rolecall_report::failure::Failure;

/// Runs the command that the arguments name.
///
/// # Errors
/// Returns a [`Failure`] if something could not be read or written, or is invalid.
pub fn run(cli: &Cli, console: &mut Console) -> Result<Exit, Failure> {
    match &cli.command {
        Command::Check(arguments) => commands::check::run(arguments, console),
        Command::Completions(arguments) => commands::completions::run(arguments, Cli::command(), console),
        Command::Decide(arguments) => commands::decide::run(arguments, console),
        Command::Diff(arguments) => commands::diff::run(arguments, console),
        Command::Drift(arguments) => commands::drift::run(arguments, console),
        Command::GenTests(arguments) => commands::gen_tests::run(arguments, console),
        Command::Graph(arguments) => commands::graph::run(arguments, console),
        Command::Names(arguments) => commands::names::run(arguments, console),
        Command::Migrate(arguments) => commands::migrate::run(arguments, console),
        Command::Explain(arguments) => commands::explain::run(arguments, console),
        Command::Export(arguments) => commands::export::run(arguments, console),
        Command::Import(arguments) => commands::import::run(arguments, console),
        Command::Init(arguments) => commands::init::run(arguments, console),
        Command::Fmt(arguments) => commands::fmt::run(arguments, console),
        Command::Keys(arguments) => commands::keys::run(arguments, console),
        Command::Lsp(arguments) => commands::lsp::run(arguments),
        Command::Man(arguments) => commands::man::run(arguments, Cli::command(), console),
        Command::Profiles(arguments) => commands::profiles::run(arguments, console),
        Command::Prove(arguments) => commands::prove::run(arguments, console),
        Command::Rules(arguments) => commands::rules::run(arguments, console),
        Command::Test(arguments) => commands::test::run(arguments, console),
        Command::Witness(arguments) => commands::witness::run(arguments, console),
    }
}
