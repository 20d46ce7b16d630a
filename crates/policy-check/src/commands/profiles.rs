//! `policy-check profiles`

use crate::console::Console;
use crate::help::check::{PROFILES_DETAILS, PROFILES_EXAMPLES, PROFILES_JSON};
use crate::help::paragraphs;
use crate::loaded::load_one;
use crate::report::profile::Declarations;
use crate::report::profiles::ProfilesReport;
use crate::report::{self, Format};
use clap::Args;
use rolecall_engine::{PolicySet, Source, built_in_profiles};
use rolecall_report::exit::Exit;
use rolecall_report::failure::Failure;
use rolecall_report::printable::printable;
use rolecall_syntax::did_you_mean;
use std::path::PathBuf;

/// List the profiles of issuers, or show the claims of one
#[derive(Args, Clone, Debug)]
#[command(after_help = PROFILES_EXAMPLES)]
#[command(after_long_help = paragraphs(&[PROFILES_DETAILS, PROFILES_JSON, PROFILES_EXAMPLES]))]
pub(crate) struct Arguments {
    /// The profile
    #[arg(value_name = "NAME")]
    name: Option<String>,
    /// A policy set with more profiles: a folder or a file
    #[arg(long, value_name = "PATH")]
    policies: Option<PathBuf>,
    /// Output format
    #[arg(long, value_name = "FORMAT", default_value = "human")]
    format: Format,
}

pub(crate) fn run(arguments: &Arguments, console: &mut Console) -> Result<Exit, Failure> {
    let mut profiles = Vec::new();
    if let Some(path) = &arguments.policies {
        let policies = load_one(std::slice::from_ref(path), console)?;
        profiles.extend(Declarations::new(policies.set.program()).reports(true));
    }
    profiles.extend(Declarations::new(built_in()?.program()).reports(false));
    if let Some(name) = &arguments.name {
        let names: Vec<String> = profiles.iter().map(|profile| profile.name().to_owned()).collect();
        profiles.retain(|profile| profile.name() == name);
        if profiles.is_empty() {
            return Err(unknown(name, &names));
        }
    }
    let report = ProfilesReport::new(profiles, arguments.name.is_some());
    report::print(&report, || report.text(), arguments.format, console)?;
    Ok(Exit::Yes)
}

/// Compiles a set with an issuer for each built-in profile.
fn built_in() -> Result<PolicySet, Failure> {
    let issuers = built_in_profiles().map(|(name, _)| {
        format!("issuer {name} {{ url \"https://{name}.example\" profile {name} audience \"x\" }}\n")
    });
    let text: String = issuers.collect();
    PolicySet::compile([Source::new("issuers", text)])
        .map_err(|error| Failure::new(format!("the built-in profiles do not compile: {error}")))
}

/// Creates the failure to find a profile of this name.
fn unknown(name: &str, names: &[String]) -> Failure {
    let failure = Failure::new(format!("there is no profile `{}`", printable(name)));
    match did_you_mean(name, names.iter().map(String::as_str)) {
        Some(near) => failure.help(format!("did you mean `{near}`?")),
        None => {
            failure.help("`policy-check profiles` lists the built-in ones; --policies adds those of a set")
        }
    }
}
