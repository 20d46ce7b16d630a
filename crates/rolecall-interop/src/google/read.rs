//! Reading of providers and allow policies.

mod expressions;
mod policy;
mod provider;

use crate::document::{Node, Value};
use crate::fields::Wording;

pub use policy::policy;
pub use provider::providers;

/// The words about values.
static WORDING: Wording = Wording {
    expects: "`gcloud` prints",
    help: |_| "print the document with `gcloud … --format=json`",
};

/// The members of an allow policy.
const OF_POLICY: &[&str] = &[
    "auditConfigs",
    "bindings",
    "etag",
    "kind",
    "resourceId",
    "version",
];

/// Returns whether a document is a provider of a pool, or a list of providers.
pub fn is_provider(root: &Node) -> bool {
    let elements = elements(root);
    let is_one = |node: &Node| {
        let name = node.named("name").next_back().and_then(|name| name.as_text());
        name.is_some_and(|name| {
            let pool = name.split_once("/workloadIdentityPools/");
            pool.is_some_and(|(_, rest)| rest.contains("/providers/"))
        })
    };
    !elements.is_empty() && elements.iter().all(is_one)
}

/// Returns whether a document is an allow policy. One without bindings has an `etag` alone.
pub fn is_policy(root: &Node) -> bool {
    let Some(members) = root.as_map() else {
        return false;
    };
    let has = |node: &Node, name: &str| node.named(name).next().is_some();
    let is_known = members
        .iter()
        .all(|member| OF_POLICY.contains(&member.name.as_str()));
    let bindings = root.named("bindings").next_back();
    match bindings.map(|bindings| &bindings.node) {
        Some(Value::List(bindings)) => {
            let is_binding = |node: &Node| has(node, "role") && has(node, "members");
            is_known && bindings.iter().all(is_binding)
        }
        Some(_) => false,
        None => is_known && has(root, "etag"),
    }
}

/// Returns the providers of a document, or the document itself.
fn elements(root: &Node) -> &[Node] {
    // `list` of the API has an object around the list that `gcloud` prints.
    let inner = root.named("workloadIdentityPoolProviders").next_back();
    match &inner.unwrap_or(root).node {
        Value::List(elements) => elements,
        _ => std::slice::from_ref(root),
    }
}
