//! Policies with values that their documents lack: those that are for services and accounts need none of them.

use super::read::{Reading, trust};
use crate::document::{Member, Node, Value};
use rolecall_syntax::Spanned;

/// The elements of a policy that have no providers.
const WITHOUT_PROVIDERS: &[&str] = &[
    "AWS",
    "Action",
    "CanonicalUser",
    "Condition",
    "Effect",
    "NotAction",
    "Service",
    "Sid",
];

/// Returns whether a policy may have providers of tokens among its principals, which can be the value of a function
/// of CloudFormation, or an expression of Terraform.
pub(crate) fn may_be_for_tokens(node: &Node) -> bool {
    match &node.node {
        Value::Unknown(_) => true,
        Value::List(elements) => elements.iter().any(may_be_for_tokens),
        Value::Map(members) => members.iter().any(|Member { name, value }| match name.as_str() {
            "Federated" | "NotPrincipal" | "Ref" => true,
            function if function.starts_with("Fn::") => true,
            element => !WITHOUT_PROVIDERS.contains(&element) && may_be_for_tokens(value),
        }),
        _ => false,
    }
}

/// Returns the reading of a policy that is for no tokens.
pub(crate) fn not_for_tokens(policy: &Node) -> Reading {
    let name = Spanned::new("Statement".to_owned(), policy.span);
    let value = Spanned::new(Value::List(Vec::new()), policy.span);
    trust(&Spanned::new(
        Value::Map(vec![Member { name, value }]),
        policy.span,
    ))
}
