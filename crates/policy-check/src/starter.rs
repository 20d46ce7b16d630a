//! The first files of a repository: policies with tests, the configuration, and a pipeline that checks them.

pub(crate) mod answers;
pub(crate) mod documents;
pub(crate) mod imported;
pub(crate) mod known;
mod origin;
pub(crate) mod pipeline;
mod policies;
pub(crate) mod question;
mod table;

use crate::config;
use clap::ValueEnum;
use rolecall_engine::{PolicySet, Source};
use rolecall_report::failure::Failure;
use rolecall_report::printable::path_name;
use rolecall_syntax::{Str, format};
use std::path::{Path, PathBuf};

/// The CI system whose jobs get roles.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Ci {
    /// GitHub Actions.
    Github,
    /// GitLab CI/CD.
    Gitlab,
}

/// The system that gives jobs access.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Target {
    /// A service that decides by the policies themselves, such as `rolecall-exchange`.
    Exchange,
    /// AWS.
    Aws,
    /// Azure.
    Azure,
    /// Google Cloud.
    Gcp,
    /// A cluster of Kubernetes.
    Kubernetes,
    /// Vault or `OpenBao`.
    Vault,
}

impl Target {
    /// Returns true if the system compares all claims, and not only the subject and some of them.
    fn compares_claims(self) -> bool {
        !matches!(self, Self::Aws | Self::Azure)
    }

    /// Returns the audience that the system expects of everyone; `None` if each installation has its own.
    fn audience(self) -> Option<&'static str> {
        match self {
            Self::Aws => Some("sts.amazonaws.com"),
            Self::Azure => Some("api://AzureADTokenExchange"),
            Self::Exchange | Self::Gcp | Self::Kubernetes | Self::Vault => None,
        }
    }
}

/// The answers that the first policies are made of.
#[derive(Clone, Debug)]
pub(crate) struct Starter {
    pub(crate) ci: Ci,
    pub(crate) target: Target,
    /// The URL of the issuer.
    pub(crate) url: String,
    pub(crate) audience: String,
    /// The path of the project.
    pub(crate) project: String,
    /// The number of the project; empty if the target does not compare it.
    pub(crate) id: String,
    /// The branch that deploys.
    pub(crate) branch: String,
    /// The environment of the deployment, if it has one.
    pub(crate) environment: Option<String>,
}

/// A file to write.
#[derive(Clone, Debug)]
pub(crate) struct NewFile {
    /// The path from the working folder.
    pub(crate) path: PathBuf,
    pub(crate) text: String,
    /// A few words about the text.
    pub(crate) content: &'static str,
}

impl Starter {
    /// Returns the policy files of a folder. They compile, and their tests pass.
    pub(crate) fn policies(&self, folder: &Path) -> Result<Vec<NewFile>, Failure> {
        let file = |name: String, text: String, content: &'static str| {
            let text = format(&text).map_err(|_| faulty())?;
            let path = folder.join(name);
            Ok(NewFile { path, text, content })
        };
        let content = match self.has_reader() {
            true => "an issuer and two roles",
            false => "an issuer and a role",
        };
        let files = vec![
            file(self.file_name(), self.roles(), content)?,
            file(
                "tests.policy".to_owned(),
                self.tests(),
                "their tests and assertions",
            )?,
        ];
        let sources = files
            .iter()
            .map(|file| Source::new(path_name(&file.path), file.text.as_str()));
        let set = PolicySet::compile(sources).map_err(|_| faulty())?;
        match set.program().tests().iter().all(|test| set.passes(test)) {
            true => Ok(files),
            false => Err(faulty()),
        }
    }

    /// Returns the configuration.
    pub(crate) fn configuration(&self) -> NewFile {
        configuration(Some(&self.audience))
    }

    /// Returns the commands to run next.
    pub(crate) fn next(&self, folder: &str) -> [String; 3] {
        let role = self.role("deploy");
        let third = match self.target {
            Target::Exchange => std::format!("policy-check decide --policies {folder} --fetch --token -"),
            Target::Aws => std::format!("policy-check export {folder} aws {role} --account NUMBER --out aws"),
            Target::Azure => std::format!("policy-check export {folder} azure {role} --out azure"),
            Target::Gcp => std::format!("policy-check export {folder} gcp {role} --project NUMBER --out gcp"),
            Target::Kubernetes => {
                std::format!("policy-check export {folder} kubernetes {role} --out kubernetes")
            }
            Target::Vault => std::format!("policy-check export {folder} vault {role} --out vault"),
        };
        [
            std::format!("policy-check check --tests {folder}"),
            std::format!("policy-check gen-tests {folder}"),
            third,
        ]
    }

    /// Returns the name of a role of the project.
    fn role(&self, what: &str) -> String {
        std::format!("{}-{what}", self.word())
    }

    /// Returns the last part of the project's path as a name in lower case.
    fn word(&self) -> String {
        let name = self.project.rsplit('/').next().unwrap_or_default();
        let word: String = name
            .to_ascii_lowercase()
            .chars()
            .map(|c| if c.is_ascii_alphanumeric() { c } else { '-' })
            .collect();
        let word = word.trim_matches('-');
        match word.starts_with(|c: char| c.is_ascii_alphabetic()) {
            true => word.to_owned(),
            false => std::format!("project-{word}"),
        }
    }

    /// Returns the name of the file with the roles.
    fn file_name(&self) -> String {
        match self.word().as_str() {
            // These have the tests.
            word @ ("tests" | "generated-tests") => std::format!("{word}-roles.policy"),
            word => std::format!("{word}.policy"),
        }
    }

    /// Returns true if there is a role for all jobs of the project, too.
    fn has_reader(&self) -> bool {
        self.target.compares_claims()
    }
}

/// Returns the configuration, with the audience of the policies if it is known.
fn configuration(audience: Option<&str>) -> NewFile {
    let audience = audience.map(|audience| std::format!("known-audiences = [{}]\n", quoted(audience)));
    let text = std::format!(
        "# Settings of policy-check; `policy-check rules --config-schema` lists all of them.\n{}\
         # The tags of the roles that need the strictest rules.\n\
         privileged-tags = [\"production\"]\n",
        audience.unwrap_or_default()
    );
    NewFile {
        path: PathBuf::from(config::FILE_NAME),
        text,
        content: "the configuration",
    }
}

/// Returns a text as a string of the language, which is also one of TOML for the texts that answers may be.
fn quoted(text: &str) -> String {
    std::format!("\"{}\"", Str::quote(text).raw())
}

fn faulty() -> Failure {
    Failure::new("the policies of these answers are not right, so that nothing is written")
        .help("report this as a bug, together with the answers")
}
