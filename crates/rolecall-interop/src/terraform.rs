//! States and plans of Terraform and OpenTofu, as `terraform show -json` prints them, state files, and configurations.
//!
//! A resource is a role of AWS, Azure or Vault in another form: it becomes the tree of its source. All other
//! resources stay raw text, and secrets in them are never kept.
//!
//! Facts are from "JSON Output Format" of Terraform 1.9 (<https://developer.hashicorp.com/terraform/internals/json-format>)
//! and from the sources of the providers: hashicorp/terraform-provider-vault at d34dc62 and its pull request
//! 1200, and the documentation of hashicorp/azuread 3.7 and hashicorp/azurerm 4.

mod aws;
mod azure;
mod configuration;
mod google;
mod instance;
mod plan;
mod policy_document;
mod resources;
mod state;
mod values;
mod vault;

use crate::aws::Account;
use crate::azure::Identities;
use crate::document::{DocumentError, Json, Members};
use crate::google::Documents as Google;
use crate::hcl::Configuration;
use crate::notice::Notice;
use crate::vault::Documents;
use instance::Instance;
use policy_document::Policies;

/// The sources that take the roles of a document.
#[derive(Debug)]
pub(crate) struct Sink<'s> {
    pub(crate) aws: &'s mut Account,
    pub(crate) azure: &'s mut Identities,
    pub(crate) google: &'s mut Google,
    pub(crate) vault: &'s mut Documents,
    /// The notices about the document itself.
    pub(crate) notices: &'s mut Vec<Notice>,
}

/// A side of a plan. A state is the same on both.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Side {
    /// The resources as they are.
    Before,
    /// The resources as they will be.
    After,
}

/// Returns whether a document is a plan, which has two sides.
pub(crate) fn is_plan(document: Json<'_>) -> Result<bool, DocumentError> {
    let members = Members::of(document)?;
    let has = |name: &str| members.get(name).is_some();
    Ok(has("format_version") && (has("planned_values") || has("resource_changes")))
}

/// Adds the roles of a document to their sources. Returns whether it is one of Terraform.
///
/// # Errors
///
/// The document has an unknown version of its format, or a value that is too deep.
pub(crate) fn read(
    text: &str,
    document: Json<'_>,
    side: Side,
    sink: &mut Sink<'_>,
) -> Result<bool, DocumentError> {
    let members = Members::of(document)?;
    let instances = if members.get("format_version").is_some() {
        if is_plan(document)? {
            check_format(&members)?;
            plan::instances(&members, side, sink.notices)?
        } else if let Some(values) = members.get("values") {
            check_format(&members)?;
            state::of_values(values, sink.notices)?
        } else if members.all().len() == 1 {
            // A state without resources has nothing else.
            check_format(&members)?;
            Vec::new()
        } else {
            return Ok(false);
        }
    } else if state::is_file(&members) {
        state::of_file(&members)?
    } else {
        return Ok(false);
    };
    take_all(text, &instances, sink);
    Ok(true)
}

/// Adds the roles of a configuration to their sources.
pub(crate) fn read_configuration(text: &str, configuration: &Configuration, sink: &mut Sink<'_>) {
    take_all(text, &resources::instances(text, configuration), sink);
}

/// Adds all roles among some resources to their sources.
fn take_all(text: &str, instances: &[Instance<'_>], sink: &mut Sink<'_>) {
    let policies = Policies::of(instances);
    for instance in instances {
        take(text, instance, &policies, sink);
    }
}

/// Refuses other major versions of the format than those of Terraform 0.12 to 1.x: "Reject any input which
/// reports an unsupported major version."
fn check_format(members: &Members<'_>) -> Result<(), DocumentError> {
    let Some(version) = members.text("format_version")? else {
        return Ok(());
    };
    match version.starts_with("0.") || version.starts_with("1.") {
        true => Ok(()),
        false => Err(DocumentError {
            message: "the version of this format is not known".to_owned(),
            span: version.span,
        }),
    }
}

/// Adds a resource to its source.
fn take(text: &str, instance: &Instance<'_>, policies: &Policies<'_, '_>, sink: &mut Sink<'_>) {
    match (instance.kind.as_str(), instance.is_data) {
        ("aws_iam_role", false) => sink.aws.roles.push(aws::role(text, instance, policies)),
        ("aws_iam_openid_connect_provider", _) => sink.aws.providers.extend(aws::provider(instance)),
        ("vault_jwt_auth_backend", false) => sink.vault.mounts.push(vault::mount(instance)),
        ("vault_jwt_auth_backend_role", false) => sink.vault.roles.push(vault::role(text, instance)),
        ("google_iam_workload_identity_pool_provider", false) => {
            google::provider(text, instance, sink.google);
        }
        (kind, false) if google::is_binding(kind) => google::binding(text, instance, sink.google),
        ("azuread_application" | "azurerm_user_assigned_identity", false) => {
            azure::client(instance, sink.azure);
        }
        (kind, false) => azure::credential(text, kind, instance, sink.azure),
        (_, true) => {}
    }
}

/// Returns whether a resource of a kind can have to do with trust. All others are skipped unread.
fn is_ours(kind: &str) -> bool {
    matches!(
        kind,
        "aws_iam_openid_connect_provider"
            | "aws_iam_policy_document"
            | "aws_iam_role"
            | "azuread_application"
            | "azuread_application_federated_identity_credential"
            | "azuread_application_flexible_federated_identity_credential"
            | "azurerm_federated_identity_credential"
            | "azurerm_user_assigned_identity"
            | "google_iam_workload_identity_pool_provider"
            | "vault_jwt_auth_backend"
            | "vault_jwt_auth_backend_role"
    ) || google::is_binding(kind)
}
