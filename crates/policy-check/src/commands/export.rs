//! `policy-check export`

use crate::config;
use crate::console::Console;
use crate::help::export::{EXPORT_DETAILS, EXPORT_EXAMPLES, EXPORT_JSON};
use crate::help::paragraphs;
use crate::loaded::load_one;
use crate::replace::{create, create_folder};
use crate::report::export::ExportReport;
use crate::report::{self, Format};
use crate::version::Version;
use clap::{Args, ValueEnum};
use rolecall_engine::{PolicySet, RoleId};
use rolecall_interop::{
    Export, Form, Names, NotExported, Refusal, Registry, Target, constant_grants, export, role_tokens,
};
use rolecall_report::exit::Exit;
use rolecall_report::failure::Failure;
use rolecall_report::selectors::select;
use std::collections::BTreeMap;
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
    /// The number of the project of Google Cloud; without it, that of the grant `gcp_provider`
    #[arg(long, value_name = "NUMBER")]
    project: Option<String>,
    /// The workload identity pool of Google Cloud, which has no other providers; without it, that of the grant
    /// `gcp_provider`, or one with the name of the role
    #[arg(long, value_name = "ID")]
    pool: Option<String>,
    /// The issuer of an exchange: write the trust in the role tokens that it issues
    #[arg(long, value_name = "ISSUER_URL")]
    via: Option<String>,
    /// The registry of a trusted publisher; without it, all of them
    #[arg(long, value_name = "REGISTRY")]
    registry: Option<RegistryName>,
    /// The workflow file of a trusted publisher, if the role does not compare it
    #[arg(long, value_name = "FILE")]
    workflow: Option<String>,
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
    /// The system's own documents, with a script of the commands that apply them, for AWS, Azure, Google Cloud and Vault
    Cli,
}

impl FormName {
    fn form(self) -> Form {
        match self {
            Self::Json => Form::Json,
            Self::Terraform => Form::Terraform,
            Self::Cloudformation => Form::CloudFormation,
            Self::Cli => Form::Cli,
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
    /// The values to type into the forms of package registries
    TrustedPublisher,
    /// Roles of Vault and OpenBao
    Vault,
}

/// The package registries.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum RegistryName {
    /// crates.io
    CratesIo,
    /// npm
    Npm,
    /// PyPI
    Pypi,
}

impl RegistryName {
    fn registry(self) -> Registry {
        match self {
            Self::CratesIo => Registry::CratesIo,
            Self::Npm => Registry::Npm,
            Self::Pypi => Registry::PyPi,
        }
    }
}

impl System {
    /// Returns the target, or one for each registry.
    fn targets(self, registry: Option<RegistryName>) -> Vec<Target> {
        match self {
            Self::Aws => vec![Target::Aws],
            Self::Azure => vec![Target::Azure],
            Self::Gcp => vec![Target::Google],
            Self::Kubernetes => vec![Target::Kubernetes],
            Self::OctoSts => vec![Target::OctoSts],
            Self::TrustedPublisher => {
                let one = registry.map(|one| vec![one.registry()]);
                let registries = one.unwrap_or_else(|| Registry::ALL.to_vec());
                registries.into_iter().map(Target::TrustedPublisher).collect()
            }
            Self::Vault => vec![Target::Vault],
        }
    }
}

pub(crate) fn run(arguments: &Arguments, console: &mut Console) -> Result<Exit, Failure> {
    let policies = load_one(std::slice::from_ref(&arguments.policies), console)?;
    let configured = config::nearest(&policies.folder, &Version::Disk)?;
    let configured = configured.profiles()?;
    let targets = arguments.target.targets(arguments.registry);
    let mut report = ExportReport::new(arguments.form.form());
    for role in select(&policies.set, &arguments.roles)? {
        let name = policies.set.program()[role].name.clone();
        for target in &targets {
            let outcome = exported(arguments, &policies.set, role, *target, configured);
            report.add(&name, *target, outcome);
        }
    }
    if let Some(folder) = &arguments.out {
        create_folder(folder)?;
        for (own, name, text) in report.files() {
            let folder = own.map_or_else(|| folder.clone(), |own| folder.join(own));
            create_folder(&folder)?;
            create(&folder.join(name), text)?;
        }
        report.written_to(folder);
    }
    report::print(&report, || report.text(), arguments.format, console)?;
    Ok(report.exit())
}

/// Exports a role, or the trust in its role tokens.
fn exported(
    arguments: &Arguments,
    set: &PolicySet,
    role: RoleId,
    target: Target,
    configured: &BTreeMap<String, String>,
) -> Result<Export, NotExported> {
    let name = &set.program()[role].name;
    let mut names = Names::new(name, constant_grants(set.program(), role));
    names.account.clone_from(&arguments.account);
    names.project.clone_from(&arguments.project);
    names.pool.clone_from(&arguments.pool);
    names.workflow.clone_from(&arguments.workflow);
    names.form = arguments.form.form();
    let Some(url) = &arguments.via else {
        return export(set, role, target, &names, configured.clone());
    };
    let trust = role_tokens(set, &[role], url, &[target])?;
    let unknown = || Refusal {
        message: format!("`{name}` cannot be the name of a role of an exchange"),
        help: "rename the role: lower-case letters, digits, `-` and `_`".to_owned(),
    };
    let of_tokens = trust.program().role(name).ok_or_else(unknown)?;
    export(&trust, of_tokens, target, &names, configured.clone())
}
