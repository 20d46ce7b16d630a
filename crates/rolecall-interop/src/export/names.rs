//! Names in documents that a role does not have, and the form of the documents.

use super::Refusal;
use crate::grants::Grants;

/// A form of documents.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Form {
    /// The system's own documents, in JSON or YAML.
    #[default]
    Json,
    /// The same, with a script of commands that write them.
    Cli,
    /// A configuration of Terraform.
    Terraform,
    /// A template of CloudFormation.
    CloudFormation,
}

/// Names in documents. Those that are not given are in the grants of the role, if it has one of the system.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Names<'n> {
    /// The name of the role.
    pub role: &'n str,
    /// The grants of the role.
    pub grants: Grants,
    /// The number of the AWS account.
    pub account: Option<String>,
    /// The number of the project of Google Cloud.
    pub project: Option<String>,
    /// The id of the pool of Google Cloud.
    pub pool: Option<String>,
    /// The workflow file of a trusted publisher.
    pub workflow: Option<String>,
    /// The form of the documents.
    pub form: Form,
}

impl<'n> Names<'n> {
    /// Returns the names of a role with some grants, see [`constant_grants`](crate::constant_grants).
    pub fn new(role: &'n str, grants: Grants) -> Self {
        Self {
            role,
            grants,
            account: None,
            project: None,
            pool: None,
            workflow: None,
            form: Form::default(),
        }
    }

    /// Returns the value of a grant, if it has one alone.
    pub(super) fn granted(&self, grant: &str) -> Option<&str> {
        let values = self.grants.get(grant)?;
        let first = values.first()?;
        (values.len() == 1).then_some(first)
    }
}

/// Refuses a name that a system does not take.
pub(super) fn checked<'t>(
    what: &str,
    name: &'t str,
    length: std::ops::RangeInclusive<usize>,
    is_allowed: impl Fn(char) -> bool,
    help: &str,
) -> Result<&'t str, Refusal> {
    match length.contains(&name.chars().count()) && name.chars().all(is_allowed) {
        true => Ok(name),
        false => Err(Refusal {
            message: format!("`{name}` cannot be {what}"),
            help: help.to_owned(),
        }),
    }
}
