//! Audiences of the tokens that a statement is for.

use super::comparison::wanted;
use crate::aws::{Provider, Published, Statement, Test};
use crate::translation::claim::WantedValue;

/// The audience of tokens for AWS STS, which the clients of AWS and the actions of CI systems ask for.
const USUAL: &str = "sts.amazonaws.com";

/// Returns the audiences that the tokens of a provider can have: the listed ones of the provider, or else those that the
/// statement names, or else the usual one.
pub(super) fn of(statement: &Statement, provider: &Provider, listed: Option<&[String]>) -> Vec<String> {
    if let Some(listed) = listed {
        return listed.to_vec();
    }
    let mut named = Vec::new();
    for condition in &statement.conditions {
        let operator = condition.operator.node;
        let is_audience = provider.claim(&condition.key) == Some(Published::Audience);
        if operator.negated || operator.test == Test::Null || !is_audience {
            continue;
        }
        for value in &condition.values {
            let wanted = wanted(operator.test, value);
            if let WantedValue::Exactly(text) | WantedValue::IgnoringCase(text) = wanted
                && !named.contains(&text)
            {
                named.push(text);
            }
        }
    }
    if named.is_empty() {
        named.push(USUAL.to_owned());
    }
    named
}
