//! `policy-check export`

use crate::config;
use crate::console::Console;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::help::export::{EXPORT_DETAILS, EXPORT_EXAMPLES, EXPORT_JSON};
use crate::help::paragraphs;
use crate::loaded::load_one;
use crate::replace::{create, create_folder};
use crate::report::export::ExportReport;
use crate::report::{self, Format};
use crate::selectors::select;
use crate::version::Version;
use clap::{Args, ValueEnum};
use rolecall_engine::{PolicySet, RoleId};
use rolecall_interop::{Form, Names, Target, export};
use std::path::PathBuf;

/// Write the documents with which a cloud admits the tokens that get a role
#[derive(Args, Clone, Debug)]
#[command(after_help = EXPORT_EXAMPLES)]
#[command(after_long_help = paragraphs(&[EXPORT_DETAILS, EXPORT_JSON, EXPORT_EXAMPLES]))]
pub(crate) struct Arguments {
    /// The folder of a policy set, or a policy file
    policies: PathBuf,
    /// The system that the documents are for
    target: System,
    /// Names of roles, `#tags` and names with `*`, separated by commas
    #[arg(value_name = "ROLES")]
    roles: String,
    /// The number of the AWS account; without it, that of the grant `aws_role`
    #[arg(long, value_name = "NUMBER")]
    account: Option<String>,
    /// The number of the project of Google Cloud
    #[arg(long, value_name = "NUMBER", default_value = "PROJECT")]
    project: String,
    /// The workload identity pool of Google Cloud, which has no other providers
    #[arg(long, value_name = "ID", default_value = "POOL")]
    pool: String,
    /// The form of the documents
    #[arg(long = "as", value_name = "FORM", default_value = "json")]
    form: FormName,
    /// The folder for the documents; without it, they are only printed
    #[arg(long, value_name = "FOLDER")]
    out: Option<PathBuf>,
    /// Output format
    #[arg(long, value_name = "FORMAT", default_value = "human")]
    format: Format,
}

/// The forms of documents.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum FormName {
    /// The system's own documents, in JSON or YAML
    Json,
    /// A configuration of Terraform, for AWS, Azure, Google Cloud and Vault
    Terraform,
    /// A template of CloudFormation, for AWS
    Cloudformation,
}

impl FormName {
    fn form(self) -> Form {
        match self {
            Self::Json => Form::Json,
            Self::Terraform => Form::Terraform,
            Self::Cloudformation => Form::CloudFormation,
        }
    }
}

/// The systems that take tokens.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum System {
    /// The trust policy of a role of AWS
    Aws,
    /// Federated identity credentials of Azure
    Azure,
    /// Providers of a pool of Google Cloud
    Gcp,
    /// Structured authentication of Kubernetes
    Kubernetes,
    /// Trust policies of octo-sts
    OctoSts,
    /// Roles of Vault and OpenBao
    Vault,
}

impl System {
    fn target(self) -> Target {
        match self {
            Self::Aws => Target::Aws,
            Self::Azure => Target::Azure,
            Self::Gcp => Target::Google,
            Self::Kubernetes => Target::Kubernetes,
            Self::OctoSts => Target::OctoSts,
            Self::Vault => Target::Vault,
        }
    }
}

pub(crate) fn run(arguments: &Arguments, console: &mut Console) -> Result<Exit, Failure> {
    let policies = load_one(std::slice::from_ref(&arguments.policies), console)?;
    let configured = config::nearest(&policies.folder, &Version::Disk)?;
    let configured = configured.profiles()?;
    let set = &policies.set;
    let mut report = ExportReport::new(arguments.target.target());
    for role in select(set, &arguments.roles)? {
        let name = &set.program()[role].name;
        let names = Names {
            role: name,
            account: arguments.account.clone().or_else(|| account(set, role)),
            project: &arguments.project,
            pool: &arguments.pool,
            form: arguments.form.form(),
        };
        let outcome = export(set, role, arguments.target.target(), &names, configured.clone());
        report.add(name, outcome);
    }
    if let Some(folder) = &arguments.out {
        create_folder(folder)?;
        for (name, text) in report.files() {
            create(&folder.join(name), text)?;
        }
        report.written_to(folder);
    }
    report::print(&report, || report.text(), arguments.format, console)?;
    Ok(report.exit())
}

/// Returns the account of the ARN that a role grants.
fn account(set: &PolicySet, role: RoleId) -> Option<String> {
    let program = set.program();
    let place = program[role]
        .grants
        .iter()
        .position(|grant| &**grant == "aws_role")?;
    let clause = program.clauses(role).first()?;
    let issuer = &program.issuers()[clause.issuer];
    let arn = issuer.profile.written(clause.grants().get(place)?);
    let account = arn.split(':').nth(4)?;
    (account.len() == 12 && account.bytes().all(|byte| byte.is_ascii_digit())).then(|| account.to_owned())
}
