//! Reading of roles and of the configuration of a mount.

mod bound;
mod mount;
mod role;

use crate::document::{Node, Value};
use crate::fields::Wording;

pub use mount::mount;
pub use role::role;

/// The words about values.
static WORDING: Wording = Wording {
    expects: "Vault prints",
    help: |_| "read the role with `vault read -format=json`",
};

/// Returns whether a document is a role of the JWT auth method, as the command line prints it or on its own.
pub fn is_role(root: &Node) -> bool {
    let has = |name: &str| data(root).named(name).next().is_some();
    has("user_claim")
        && ["role_type", "bound_claims", "bound_audiences", "bound_subject"]
            .into_iter()
            .any(has)
}

/// Returns whether a document is the configuration of a mount of the JWT auth method.
pub fn is_mount(root: &Node) -> bool {
    let has = |name: &str| data(root).named(name).next().is_some();
    let sources = [
        "oidc_discovery_url",
        "jwks_url",
        "jwks_pairs",
        "jwt_validation_pubkeys",
    ];
    has("bound_issuer") && sources.into_iter().any(has)
}

/// Returns the value that the command line prints as `data`, or the document itself.
pub(super) fn data(root: &Node) -> &Node {
    let data = root.named("data").next_back();
    data.filter(|data| matches!(data.node, Value::Map(_)))
        .unwrap_or(root)
}
