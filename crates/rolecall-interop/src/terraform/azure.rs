//! Federated identity credentials of Azure.

use super::instance::Instance;
use crate::azure::{Identities, Owner, Written, credential as read};
use crate::document::{Node, Value};

/// The attributes that a credential is read from, in any of its resources.
const ATTRIBUTES: &[&str] = &[
    "audience",
    "audiences",
    "claims_matching_expression",
    "issuer",
    "subject",
];

/// Adds a credential to its identity.
pub(super) fn credential(text: &str, kind: &str, instance: &Instance<'_>, identities: &mut Identities) {
    let owner = match kind {
        "azurerm_federated_identity_credential" => managed_identity(instance),
        _ => application(instance),
    };
    // An identity that the plan makes has no identifier yet: each of its credentials is on its own.
    let owner = owner.unwrap_or_else(|| Owner {
        key: Some(instance.address.clone()),
        group: None,
        name: Some(instance.address.clone()),
    });
    let mut notices = Vec::new();
    let credential = match instance.whole(ATTRIBUTES) {
        Ok(node) => read(text, written(&node), &mut notices),
        Err(notice) => {
            notices.push(notice);
            None
        }
    };
    identities.add(owner, credential, notices, instance.visible());
}

/// Adds the client id of an application or a managed identity.
pub(super) fn client(instance: &Instance<'_>, identities: &mut Identities) {
    let id = instance.text("id");
    let key = match instance.kind.as_str() {
        "azuread_application" => id.map(|id| object(&id)),
        _ => id.and_then(|id| Owner::of_resource(&id)?.key),
    };
    let client = instance
        .text("client_id")
        .or_else(|| instance.text("application_id"));
    if let Some((key, client)) = key.zip(client) {
        identities.add_client(key, client.node);
    }
}

fn written(node: &Node) -> Written<'_> {
    let named = |name: &'static str| {
        let value = node.named(name).next_back();
        // Providers write an absent text as an empty one.
        value.filter(|value| !matches!(&value.node, Value::Null) && value.as_text() != Some(""))
    };
    Written {
        issuer: named("issuer"),
        audience: named("audiences").or_else(|| named("audience")),
        subject: named("subject"),
        expression: named("claims_matching_expression"),
        span: node.span,
    }
}

/// Returns the application of a credential: `application_id` is `/applications/ID`, and older versions of the
/// provider have `application_object_id`.
fn application(instance: &Instance<'_>) -> Option<Owner> {
    let id = instance
        .text("application_id")
        .or_else(|| instance.text("application_object_id"))?;
    let id = object(&id);
    Some(Owner {
        key: Some(id.clone()),
        group: None,
        name: Some(id),
    })
}

/// Returns the object id of an application.
fn object(id: &str) -> String {
    id.strip_prefix("/applications/").unwrap_or(id).to_owned()
}

/// Returns the managed identity of a credential.
fn managed_identity(instance: &Instance<'_>) -> Option<Owner> {
    let id = instance
        .text("user_assigned_identity_id")
        .or_else(|| instance.text("parent_id"))?;
    Owner::of_resource(&id)
}
