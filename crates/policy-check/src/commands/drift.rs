//! `policy-check drift`

use crate::config;
use crate::console::Console;
use crate::help::export::{DRIFT_DETAILS, DRIFT_EXAMPLES, DRIFT_JSON};
use crate::help::paragraphs;
use crate::loaded::{load_documents, load_one};
use crate::report::drift::DriftReport;
use crate::version::Version;
use clap::{Args, ValueEnum};
use rayon::prelude::*;
use rolecall_engine::{PolicySet, RoleId};
use rolecall_interop::{DriftComparison, ForeignFile, Resource, Target, constant_grants, role_tokens};
use rolecall_report::exit::Exit;
use rolecall_report::failure::Failure;
use rolecall_report::json;
use rolecall_report::snippet;
use std::collections::BTreeSet;
use std::path::PathBuf;

/// Compare roles with the live ones that they grant
#[derive(Args, Clone, Debug)]
#[command(after_help = DRIFT_EXAMPLES)]
#[command(after_long_help = paragraphs(&[DRIFT_DETAILS, DRIFT_JSON, DRIFT_EXAMPLES]))]
pub(crate) struct Arguments {
    /// The folder of a policy set, or a policy file
    policies: PathBuf,
    /// The documents with the live roles: an AWS account, a state of Terraform, roles of Vault and others
    #[arg(value_name = "LIVE", required = true)]
    live: Vec<PathBuf>,
    /// The issuer of an exchange: compare with the trust in its role tokens
    #[arg(long, value_name = "ISSUER_URL")]
    via: Option<String>,
    /// Output format
    #[arg(long, value_name = "FORMAT", default_value = "human")]
    format: DriftFormat,
}

/// The number of live roles of one thread, which keeps what it learns about them. It does not depend on the number of
/// processors, so that the tokens do not either.
const AT_ONCE: usize = 512;

/// The formats of `drift`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum DriftFormat {
    /// Text for people.
    Human,
    /// One JSON object on one line.
    Json,
    /// A comment for an issue or a merge request.
    Markdown,
}

pub(crate) fn run(arguments: &Arguments, console: &mut Console) -> Result<Exit, Failure> {
    let policies = load_one(std::slice::from_ref(&arguments.policies), console)?;
    let configured = config::nearest(&policies.folder, &Version::Disk)?;
    let live = load_documents(&arguments.live)?;
    let profiles = configured.profiles()?.clone();
    let of_role_tokens = arguments.via.as_deref().map(|url| via(&policies.set, &live, url));
    let of_role_tokens = of_role_tokens.transpose()?;
    let set = of_role_tokens.as_ref().unwrap_or(&policies.set);
    let comparison = DriftComparison::new(set, &live, profiles).map_err(|error| {
        console.complain(&snippet::render_all(&error));
        Failure::new("the policies and the documents do not compile together").help("report this as a bug")
    })?;
    let resources: Vec<&Resource> = comparison.resources().collect();
    let compared = resources
        .par_chunks(AT_ONCE)
        .flat_map(|some| comparison.compare(some));
    let compared = compared.collect();
    let found = comparison.finish(compared);
    let report = DriftReport::new(&found);
    match arguments.format {
        DriftFormat::Human => console.say(&report.text())?,
        DriftFormat::Json => console.give(&json::line(&report)?)?,
        DriftFormat::Markdown => console.say(&report.markdown())?,
    }
    Ok(report.exit())
}

/// Returns the policies for the role tokens of an exchange: of the roles that grant something of the systems of some documents.
fn via(set: &PolicySet, live: &[ForeignFile], url: &str) -> Result<PolicySet, Failure> {
    let targets: BTreeSet<Target> = live.iter().flat_map(ForeignFile::targets).collect();
    let targets: Vec<Target> = targets.into_iter().collect();
    let program = set.program();
    let is_granted = |role: &RoleId| {
        let grants = constant_grants(program, *role);
        let mut names = targets.iter().filter_map(|target| target.grant());
        names.any(|name| grants.contains_key(name))
    };
    let roles: Vec<RoleId> = program.roles().ids().filter(is_granted).collect();
    role_tokens(set, &roles, url, &targets)
        .map_err(|refusal| Failure::new(refusal.message).help(refusal.help))
}
