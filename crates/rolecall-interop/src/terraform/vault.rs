//! Roles and mounts of Vault's JWT auth method.

mod commas;

use super::instance::Instance;
use crate::notice::{Notice, Reading};
use crate::vault::{FoundMount, FoundRole, mount as read_mount, role as read_role};

/// The attributes that decide who gets a role. The others are of the Vault token.
const ROLE: &[&str] = &[
    "backend",
    "bound_audiences",
    "bound_cidrs",
    "bound_claims",
    "bound_claims_type",
    "bound_subject",
    "claim_mappings",
    "clock_skew_leeway",
    "disable_bound_claims_parsing",
    "expiration_leeway",
    "groups_claim",
    "namespace",
    "not_before_leeway",
    "role_type",
    "token_bound_cidrs",
    "user_claim",
    "user_claim_json_pointer",
];

/// The attributes that decide whose tokens a mount takes.
const MOUNT: &[&str] = &[
    "bound_issuer",
    "jwks_pairs",
    "jwks_url",
    "jwt_validation_pubkeys",
    "namespace",
    "oidc_discovery_url",
    "path",
    "provider_config",
];

/// Returns a role. Without a known name, it is called by its address.
pub(super) fn role(text: &str, instance: &Instance<'_>) -> FoundRole {
    let reading = instance.whole(ROLE).and_then(|mut node| {
        commas::split(text, &mut node)?;
        Ok(read_role(&node))
    });
    FoundRole {
        namespace: namespace(instance),
        mount: path(instance, "backend"),
        name: Some(instance.name("role_name")),
        reading: reading.unwrap_or_else(refused),
        span: instance.visible(),
    }
}

/// Returns the configuration of a mount.
pub(super) fn mount(instance: &Instance<'_>) -> FoundMount {
    let reading = instance.node(MOUNT).map(|node| read_mount(&node));
    FoundMount {
        path: path(instance, "path"),
        reading: reading.unwrap_or_else(refused),
    }
}

/// Returns the path of a mount with its namespace.
fn path(instance: &Instance<'_>, attribute: &str) -> Option<String> {
    let path = instance.text(attribute)?;
    let path = path.trim_matches('/');
    Some(match namespace(instance) {
        Some(namespace) => format!("{namespace}/{path}"),
        None => path.to_owned(),
    })
}

fn namespace(instance: &Instance<'_>) -> Option<String> {
    let namespace = instance.text("namespace")?;
    Some(namespace.trim_matches('/').to_owned()).filter(|namespace| !namespace.is_empty())
}

fn refused<T>(notice: Notice) -> Reading<T> {
    Reading::new(None, vec![notice])
}
