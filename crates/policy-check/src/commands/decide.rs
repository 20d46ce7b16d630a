//! `policy-check decide`

use std::path::PathBuf;

use clap::Args;
use jiff::Timestamp;

use crate::console::Console;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::help::{DECIDE_EXAMPLES, DECIDE_JSON, KEYS, paragraphs};
use crate::loaded::load_one;
use crate::report::decision::DecisionReport;
use crate::report::refusal::RefusalReport;
use crate::report::{self, Format};
use crate::token::{self, Question};

/// Verify a signed ID token, and print the roles that it may take
#[derive(Args, Clone, Debug)]
#[command(after_help = DECIDE_EXAMPLES)]
#[command(after_long_help = paragraphs(&[DECIDE_JSON, KEYS, DECIDE_EXAMPLES]))]
pub(crate) struct Arguments {
    /// The policy set: a folder or a file
    #[arg(long, value_name = "PATH")]
    policies: PathBuf,
    /// The keys of the token's issuer, a JWK set; `NAME=FILE` gives those of one issuer, and may be repeated
    #[arg(long, value_name = "[NAME=]FILE", required = true)]
    jwks: Vec<String>,
    /// A file with the token; `-` is standard input
    #[arg(long, value_name = "FILE")]
    token: PathBuf,
    /// Decide as if it were this time, like 2026-05-04T03:02:01Z [default: now]
    #[arg(long, value_name = "RFC3339", value_parser = token::time)]
    at: Option<Timestamp>,
    /// Ask for this role alone
    #[arg(long, value_name = "NAME")]
    role: Option<String>,
    /// What to print
    #[arg(long, value_name = "FORMAT", default_value = "human")]
    format: Format,
}

pub(crate) fn run(arguments: &Arguments, console: &mut Console) -> Result<Exit, Failure> {
    let set = load_one(&arguments.policies, console)?;
    let question = Question {
        token: &arguments.token,
        jwks: &arguments.jwks,
        at: arguments.at,
    };
    let token = match token::verify(question, &set, console)? {
        Ok(token) => token,
        Err(error) => {
            let report = RefusalReport::new(&error);
            report::print(&report, || report.text(), arguments.format, console)?;
            return Ok(Exit::No);
        }
    };
    let report = DecisionReport::new(&set, &token, arguments.role.as_deref());
    report::print(&report, || report.text(), arguments.format, console)?;
    Ok(Exit::yes_if(report.is_allowed()))
}
