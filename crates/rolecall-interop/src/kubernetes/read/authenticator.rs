//! Reading of an authenticator.

use super::Seen;
use super::expressions::{has_claim, has_name, rule};
use super::fields::{fields, inner};
use super::issuer::issuer;
use super::mappings::{Mappings, mappings};
use crate::cel::ExprAt;
use crate::document::Node;
use crate::fields::Fields;
use crate::kubernetes::configuration::{Authenticator, ClaimRule, Mapping};
use rolecall_syntax::Spanned;
use std::collections::HashSet;

const KNOWN: &[&str] = &[
    "claimMappings",
    "claimValidationRules",
    "issuer",
    "userValidationRules",
];

/// Reads an entry of `jwt`: its notices, the URL of its issuer, and the authenticator, which is absent only with a notice.
pub(super) fn authenticator<'a>(
    source: &'a str,
    entry: &'a Node,
    seen: &mut Seen,
) -> (Fields<'a>, Option<Spanned<String>>, Option<Authenticator>) {
    let mut fields = fields(source, entry, KNOWN);
    let (url, audiences) = issuer(&mut fields, seen);
    let claim_rules = claim_rules(&mut fields);
    let mappings = mappings(&mut fields);
    let user_rules = user_rules(&mut fields);
    if let Some(mappings) = &mappings {
        check_email(&mut fields, mappings, &claim_rules);
    }
    let found = url.clone().zip(mappings).and_then(|(issuer, mappings)| {
        Some(Authenticator {
            issuer,
            audiences,
            claim_rules,
            username: mappings.username?,
            groups: mappings.groups,
            uid: mappings.uid,
            extra: mappings.extra,
            user_rules,
            span: entry.span,
        })
    });
    (fields, url, found)
}

fn claim_rules(fields: &mut Fields<'_>) -> Vec<ClaimRule> {
    let mut rules = Vec::new();
    let mut seen = [HashSet::new(), HashSet::new()];
    for node in fields.list("claimValidationRules") {
        let known = ["claim", "expression", "message", "requiredValue"];
        let mut inner = inner(fields, node, &known);
        let (claim, written) = (inner.text("claim"), inner.text("expression"));
        let (value, message) = (inner.any_text("requiredValue"), inner.text("message"));
        let [claims, expressions] = &mut seen;
        match (claim, written) {
            (Some(claim), None) => {
                if let Some(message) = message {
                    let help = "remove it, or write an `expression`";
                    inner.invalid("a rule about a `claim` has no `message`", help, message.span);
                }
                if !claims.insert(claim.node.clone()) {
                    inner.invalid("another rule has this claim", "remove one of them", claim.span);
                }
                let value = value.unwrap_or_else(|| Spanned::new(String::new(), claim.span));
                rules.push(ClaimRule::Required { claim, value });
            }
            (None, Some(written)) => {
                if let Some(value) = value.filter(|value| !value.is_empty()) {
                    let help = "remove it, and compare in the expression";
                    inner.invalid("an `expression` has no `requiredValue`", help, value.span);
                }
                if !expressions.insert(written.node.clone()) {
                    let help = "remove one of them";
                    inner.invalid("another rule has this expression", help, written.span);
                }
                rules.extend(rule(&mut inner, &written).map(ClaimRule::Holds));
            }
            _ => {
                let message = "a rule has either a `claim` or an `expression`";
                inner.invalid(message, "write one of them", inner.span);
            }
        }
        fields.absorb(inner);
    }
    rules
}

fn user_rules(fields: &mut Fields<'_>) -> Vec<ExprAt> {
    let (mut rules, mut seen) = (Vec::new(), HashSet::new());
    for node in fields.list("userValidationRules") {
        let mut inner = inner(fields, node, &["expression", "message"]);
        inner.text("message");
        match inner.text("expression") {
            Some(written) => {
                if !seen.insert(written.node.clone()) {
                    let help = "remove one of them";
                    inner.invalid("another rule has this expression", help, written.span);
                }
                if let Some(rule) = rule(&mut inner, &written) {
                    if has_name(&rule, "claims") {
                        let message = "a rule about the user has no `claims`";
                        let help = "write it in `claimValidationRules`";
                        inner.invalid(message, help, written.span);
                    }
                    rules.push(rule);
                }
            }
            None => inner.invalid("a rule has an `expression`", "add it", inner.span),
        }
        fields.absorb(inner);
    }
    rules
}

/// Refuses a name made of `claims.email` if no expression has `claims.email_verified`.
fn check_email(fields: &mut Fields<'_>, mappings: &Mappings, rules: &[ClaimRule]) {
    let Some(Mapping::Expression(username)) = &mappings.username else {
        return;
    };
    let rules = rules.iter().filter_map(|rule| match rule {
        ClaimRule::Holds(expr) => Some(expr),
        ClaimRule::Required { .. } => None,
    });
    let mut verifying = [username].into_iter().chain(&mappings.extra).chain(rules);
    if has_claim(username, "email") && !verifying.any(|expr| has_claim(expr, "email_verified")) {
        let message = "a name made of `claims.email` needs an expression with `claims.email_verified`";
        let help = "add the rule `claims.email_verified == true`";
        fields.invalid(message, help, mappings.span);
    }
}
