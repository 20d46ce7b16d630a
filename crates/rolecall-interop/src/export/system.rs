//! Systems that documents are for.

use super::Refusal;
use super::alternatives::Alternative;
use super::names::{Form, Names};
use super::part::{Document, Part};
use super::proof::{Proofs, read};
use super::written::Written;

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

    /// Refuses names that cannot be those of so many groups of documents.
    fn check(_groups: usize, _: &Names<'_>) -> Result<(), Refusal> {
        Ok(())
    }

    /// Writes a script of the commands that apply the documents, which are in the same folder.
    fn commands(_: &[&Part<Self::Content>], _: &Names<'_>) -> Result<Document, Refusal> {
        Err(no_form("commands"))
    }

    /// Reads documents back as the system does. [`ForeignFile`](crate::ForeignFile) reads most.
    fn read(documents: &[Document], proofs: &Proofs<'_>) -> Result<Written, Refusal> {
        read(documents, proofs)
    }

    /// Writes parts in the form that is asked for.
    fn written(parts: &[&Part<Self::Content>], names: &Names<'_>) -> Result<Vec<Document>, Refusal> {
        match names.form {
            Form::Json | Form::Cli => Self::documents(parts, names),
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
