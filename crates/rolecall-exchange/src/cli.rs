//! The command line.

use clap::{Parser, Subcommand};

use crate::commands::{audit, check, demo, keys, serve, token};

/// Exchange the ID tokens of CI jobs for temporary credentials.
#[derive(Clone, Debug, Parser)]
#[command(name = "rolecall-exchange", version, max_term_width = 100, after_help = AFTER_HELP)]
pub struct Cli {
    #[command(subcommand)]
    pub(crate) command: Command,
}

const AFTER_HELP: &str = "\
Exit codes, the same in every command:
  0  yes
  1  no: findings
  2  could not run: usage, files, configuration";

#[derive(Clone, Debug, Subcommand)]
pub(crate) enum Command {
    Serve(serve::Arguments),
    Check(check::Arguments),
    Keys(keys::Arguments),
    Audit(audit::Arguments),
    Token(token::Arguments),
    Demo(demo::Arguments),
}
