//! `policy-check decide`

use crate::console::Console;
use crate::help::access::{DECIDE_EXAMPLES, DECIDE_JSON, KEYS};
use crate::help::paragraphs;
use crate::loaded::load_one;
use crate::report::decision::DecisionReport;
use crate::report::refusal::RefusalReport;
use crate::report::{self, Format};
use crate::token::{self, KeyArguments, Question};
use clap::{ArgGroup, Args};
use jiff::Timestamp;
use rolecall_report::exit::Exit;
use rolecall_report::explanations::Formatted;
use rolecall_report::failure::Failure;
use std::path::PathBuf;

/// Verify a signed ID token, and print the roles that it may take
#[derive(Args, Clone, Debug)]
#[command(group(ArgGroup::new("keys").args(["jwks", "fetch"]).required(true)))]
#[command(after_help = DECIDE_EXAMPLES)]
#[command(after_long_help = paragraphs(&[DECIDE_JSON, KEYS, DECIDE_EXAMPLES]))]
pub(crate) struct Arguments {
    /// The policy set: a folder or a file; repeat it for documents beside policies
    #[arg(long, value_name = "PATH", required = true)]
    policies: Vec<PathBuf>,
    #[command(flatten)]
    keys: KeyArguments,
    /// A file with the token; `-` is standard input
    #[arg(long, value_name = "FILE")]
    token: PathBuf,
    /// Decide as of this time, such as 2026-05-04T03:02:01Z [default: now]
    #[arg(long, value_name = "RFC3339", value_parser = token::time)]
    at: Option<Timestamp>,
    /// Decide only on this role
    #[arg(long, value_name = "NAME")]
    role: Option<String>,
    /// Output format
    #[arg(long, value_name = "FORMAT", default_value = "human")]
    format: Format,
}

pub(crate) fn run(arguments: &Arguments, console: &mut Console) -> Result<Exit, Failure> {
    let policies = load_one(&arguments.policies, console)?;
    let question = Question {
        token: &arguments.token,
        keys: &arguments.keys,
        at: arguments.at,
    };
    let token = match token::verify(question, &policies, console)? {
        Ok(token) => token,
        Err(error) => {
            let report = RefusalReport::new(&error);
            report::print(&report, || report.text(), arguments.format, console)?;
            return Ok(Exit::No);
        }
    };
    let report = DecisionReport::new(&policies, &token, arguments.role.as_deref());
    report::print(&report, || report.text(), arguments.format, console)?;
    Ok(Exit::yes_if(report.is_allowed()))
}
