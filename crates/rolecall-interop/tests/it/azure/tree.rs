//! Evaluator over our tree.

use rolecall_interop::azure::{Comparison, Identities, Subject, Test};
use serde_json::Value as Json;

/// Decides whether a token gets one of the identities.
pub(super) fn allows(identities: &Identities, token: &Json) -> bool {
    let trees = identities
        .identities
        .iter()
        .map(|identity| &identity.reading.tree);
    trees.flatten().flatten().any(|credential| {
        token["iss"] == credential.issuer.node.as_str()
            && token["aud"] == credential.audience.node.as_str()
            && match &credential.subject {
                Subject::Exact(subject) => token["sub"] == subject.node.as_str(),
                Subject::Flexible(expression) => expression
                    .comparisons
                    .iter()
                    .all(|comparison| holds(comparison, token)),
            }
    })
}

fn holds(comparison: &Comparison, token: &Json) -> bool {
    let text = comparison.text.as_str();
    token[comparison.claim.as_str()]
        .as_str()
        .is_some_and(|value| match comparison.test {
            Test::Equals => value == text,
            Test::Matches => fits(text, value),
        })
}

fn fits(pattern: &str, value: &str) -> bool {
    let Some(first) = pattern.chars().next() else {
        return value.is_empty();
    };
    let rest = &pattern[first.len_utf8()..];
    let after = |value: &str| value.chars().next().map(|c| value[c.len_utf8()..].to_owned());
    match first {
        '*' => fits(rest, value) || after(value).is_some_and(|value| fits(pattern, &value)),
        '?' => after(value).is_some_and(|value| fits(rest, &value)),
        c => value.strip_prefix(c).is_some_and(|value| fits(rest, value)),
    }
}
