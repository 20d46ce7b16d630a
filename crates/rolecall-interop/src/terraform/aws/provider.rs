//! Providers that are known by their issuers alone.
//!
//! A plan or a configuration that makes a role together with its provider has all of the policy but the ARN of the
//! provider. The condition keys have the issuer, which is all that the ARN says of the tokens.

use crate::aws::Key;
use crate::document::{Member, Node, Value};
use std::slice;

/// Gives the providers in a policy that are unknown the issuer of the condition keys. Returns whether there are any.
pub(super) fn fill(policy: &mut Node) -> bool {
    let mut is_filled = false;
    let Some(statements) = named_mut(policy, "Statement") else {
        return false;
    };
    let statements = match statements {
        Node {
            node: Value::List(statements),
            ..
        } => statements.as_mut_slice(),
        only => slice::from_mut(only),
    };
    for statement in statements {
        let effect = statement.named("Effect").next_back();
        let is_allowed = effect.and_then(|effect| effect.as_text()) == Some("Allow");
        let conditions = statement.named("Condition").next_back();
        let issuer = conditions.and_then(|conditions| issuer(conditions.as_map()?));
        let (Some(issuer), true) = (issuer.map(str::to_owned), is_allowed) else {
            continue;
        };
        let federated =
            named_mut(statement, "Principal").and_then(|principal| named_mut(principal, "Federated"));
        let only = match federated {
            Some(Node {
                node: Value::List(providers),
                ..
            }) => match providers.as_mut_slice() {
                [only] => Some(only),
                _ => None,
            },
            other => other,
        };
        if let Some(only) = only.filter(|only| matches!(only.node, Value::Unknown(_))) {
            only.node = Value::Text(arn(&issuer));
            is_filled = true;
        }
    }
    is_filled
}

/// Returns the ARN of a provider in an account that is not known.
pub(super) fn arn(issuer: &str) -> String {
    format!("arn:aws:iam::unknown:oidc-provider/{issuer}")
}

/// Returns the last member of a map with a name.
fn named_mut<'n>(node: &'n mut Node, name: &str) -> Option<&'n mut Node> {
    let Value::Map(members) = &mut node.node else {
        return None;
    };
    let mut found = members.iter_mut().filter(|member| member.name.node == name);
    found.next_back().map(|member| &mut member.value)
}

/// Returns the issuer of the condition keys, if they agree. One of them must be a comparison that fails without
/// the key: then no token of another issuer fits.
fn issuer(operators: &[Member]) -> Option<&str> {
    let mut issuer: Option<&str> = None;
    let mut is_required = false;
    for operator in operators {
        let fails_without = matches!(
            operator.name.as_str(),
            "StringEquals" | "StringLike" | "StringEqualsIgnoreCase"
        );
        for key in operator.value.as_map().unwrap_or_default() {
            if !matches!(Key::parse(&key.name), Some(Key::Claim { .. })) {
                continue;
            }
            // Keys have no case, but issuers have one.
            let (found, _) = key.name.split_once(':')?;
            if issuer.is_some_and(|known| !known.eq_ignore_ascii_case(found)) {
                return None;
            }
            issuer = issuer.or(Some(found));
            is_required |= fails_without;
        }
    }
    issuer.filter(|_| is_required)
}
