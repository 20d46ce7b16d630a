//! Targets: the systems that documents are for.

use super::Refusal;
use super::alternatives::Alternative;
use super::part::{Document, Form, Names, Part};

/// A system that takes tokens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Target {
    /// A trust policy of a role of AWS.
    Aws,
    /// Federated identity credentials of Azure.
    Azure,
    /// Providers of a pool of Google Cloud, with the binding of its tokens.
    Google,
    /// Structured authentication of Kubernetes.
    Kubernetes,
    /// Trust policies of octo-sts.
    OctoSts,
    /// Roles of Vault or OpenBao.
    Vault,
}

/// The way to write trust for a system.
pub(super) trait System {
    /// The content of a part.
    type Content;

    /// True if documents are for the tokens of one issuer.
    const IS_BY_ISSUER: bool = false;

    /// Returns the parts for an alternative. None is proved.
    fn parts(alternative: &Alternative<'_>, names: &Names<'_>) -> Result<Vec<Part<Self::Content>>, Refusal>;

    /// Writes parts as documents that belong together, which [`ForeignFile`](crate::ForeignFile) reads.
    fn documents(parts: &[&Part<Self::Content>], names: &Names<'_>) -> Result<Vec<Document>, Refusal>;

    /// Writes parts as resources of Terraform.
    fn terraform(_: &[&Part<Self::Content>], _: &Names<'_>) -> Result<Vec<Document>, Refusal> {
        Err(no_form("resources of Terraform"))
    }

    /// Writes parts as a template of CloudFormation.
    fn cloudformation(_: &[&Part<Self::Content>], _: &Names<'_>) -> Result<Vec<Document>, Refusal> {
        Err(no_form("resources of CloudFormation"))
    }

    /// Writes parts in the form that is asked for.
    fn written(parts: &[&Part<Self::Content>], names: &Names<'_>) -> Result<Vec<Document>, Refusal> {
        match names.form {
            Form::Json => Self::documents(parts, names),
            Form::Terraform => Self::terraform(parts, names),
            Form::CloudFormation => Self::cloudformation(parts, names),
        }
    }
}

fn no_form(resources: &str) -> Refusal {
    Refusal {
        message: format!("the system has no {resources} for its trust"),
        help: "export it as `json`".to_owned(),
    }
}
