//! `policy-check witness`

use clap::Args;
use rolecall_engine::PolicySet;

use crate::console::Console;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::help::proofs::{WITNESS_DETAILS, WITNESS_EXAMPLES, WITNESS_JSON};
use crate::help::{WHICH_FILES, paragraphs};
use crate::loaded::{Loaded, each_set};
use crate::policy_files::Paths;
use crate::printable::printable;
use crate::report::witness::WitnessReport;
use crate::report::{self, Format};
use crate::role_names;

/// Show tokens that get a role, and near misses that do not
#[derive(Args, Clone, Debug)]
#[command(after_help = WITNESS_EXAMPLES)]
#[command(after_long_help = paragraphs(&[WITNESS_DETAILS, WHICH_FILES, WITNESS_JSON, WITNESS_EXAMPLES]))]
pub(crate) struct Arguments {
    /// The role
    #[arg(value_name = "ROLE")]
    role: String,
    #[command(flatten)]
    paths: Paths,
    /// Also show, for each condition, a token that fails only there
    #[arg(long)]
    near_miss: bool,
    /// Output format
    #[arg(long, value_name = "FORMAT", default_value = "human")]
    format: Format,
}

pub(crate) fn run(arguments: &Arguments, console: &mut Console) -> Result<Exit, Failure> {
    let found = arguments.paths.find();
    let role = arguments.role.as_str();
    let mut report = WitnessReport::default();
    let mut others: Vec<String> = Vec::new();
    let run = |loaded: &Loaded, policies: &PolicySet| match policies.program().role(role) {
        Some(role) => report.run(&loaded.name, policies, role, arguments.near_miss),
        None => others.extend(
            policies
                .program()
                .roles()
                .values()
                .map(|role| role.name.to_string()),
        ),
    };
    let undone = "they are not searched for tokens";
    let mut wrong = each_set(found, None, undone, arguments.format, console, run);
    if report.is_empty() && wrong.failures.is_empty() {
        wrong.failures.push(unknown(role, &others));
    }
    report.add_errors(wrong.errors);
    report::print(&report, || report.text(), arguments.format, console)?;
    Ok(console.finish(report.exit(), &wrong.failures))
}

/// The failure to find a role of this name.
fn unknown(role: &str, others: &[String]) -> Failure {
    let help = role_names::help(role, others.iter().map(String::as_str));
    Failure::new(format!("there is no role `{}`", printable(role))).help(help)
}
