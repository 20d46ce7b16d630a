//! Reading of the mappings of claims to the parts of a user.

use super::expressions::expression;
use super::fields::{inner, object};
use crate::cel::ExprAt;
use crate::fields::Fields;
use crate::kubernetes::configuration::Mapping;
use crate::notice::printable;
use rolecall_syntax::{Span, Spanned};
use std::collections::HashSet;

/// The mappings of an authenticator.
pub(super) struct Mappings {
    /// Absent only with a notice.
    pub(super) username: Option<Mapping>,
    pub(super) groups: Option<Mapping>,
    pub(super) uid: Option<Mapping>,
    pub(super) extra: Vec<ExprAt>,
    pub(super) span: Span,
}

/// Reads the member `claimMappings`.
pub(super) fn mappings(fields: &mut Fields<'_>) -> Option<Mappings> {
    let Some(mut inner) = object(fields, "claimMappings", &["extra", "groups", "uid", "username"]) else {
        let message = "an authenticator has `claimMappings`";
        fields.invalid(message, "add `claimMappings` with `username`", fields.span);
        return None;
    };
    let username = mapping(&mut inner, "username", true);
    if username.is_none() && inner.notices.is_empty() {
        let message = "the user has a name: `username` has a `claim` or an `expression`";
        inner.invalid(message, "add `username: {claim: sub, prefix: \"…\"}`", inner.span);
    }
    let groups = mapping(&mut inner, "groups", true);
    let uid = mapping(&mut inner, "uid", false);
    let extra = extra(&mut inner);
    let span = inner.span;
    fields.absorb(inner);
    Some(Mappings {
        username,
        groups,
        uid,
        extra,
        span,
    })
}

fn mapping(fields: &mut Fields<'_>, name: &str, has_prefix: bool) -> Option<Mapping> {
    let known: &[&str] = match has_prefix {
        true => &["claim", "expression", "prefix"],
        false => &["claim", "expression"],
    };
    let mut inner = object(fields, name, known)?;
    let (claim, written) = (inner.text("claim"), inner.text("expression"));
    let prefix = inner.any_text("prefix");
    let found = match (claim, written) {
        (Some(claim), None) => {
            if has_prefix && prefix.is_none() {
                let message = format!("`{name}` with a `claim` has a `prefix`");
                inner.invalid(message, "add `prefix: \"\"`, or another one", inner.span);
            }
            let prefix = prefix.map(|prefix| prefix.node).unwrap_or_default();
            Some(Mapping::Claim { claim, prefix })
        }
        (None, Some(written)) => {
            if let Some(prefix) = prefix {
                let message = "an `expression` has no `prefix`";
                inner.invalid(
                    message,
                    "write the prefix in the expression: `'…' +`",
                    prefix.span,
                );
            }
            expression(&mut inner, &written).map(Mapping::Expression)
        }
        (Some(_), Some(written)) => {
            let message = format!("`{name}` has a `claim` or an `expression`");
            inner.invalid(message, "remove one of them", written.span);
            None
        }
        (None, None) => None,
    };
    fields.absorb(inner);
    found
}

fn extra(fields: &mut Fields<'_>) -> Vec<ExprAt> {
    let (mut values, mut seen) = (Vec::new(), HashSet::new());
    for node in fields.list("extra") {
        let mut inner = inner(fields, node, &["key", "valueExpression"]);
        let key = inner.any_text("key");
        let key = key.unwrap_or_else(|| Spanned::new(String::new(), inner.span));
        if !is_key(&key) || !seen.insert(key.node.clone()) {
            let message = format!("the API server refuses the key `{}`", printable(&key));
            let help = "write another one in small letters, with a domain of yours: `acme.example/name`";
            inner.invalid(message, help, key.span);
        }
        match inner.text("valueExpression") {
            Some(written) => values.extend(expression(&mut inner, &written)),
            None => inner.invalid("`extra` has a `valueExpression`", "add it", inner.span),
        }
        fields.absorb(inner);
    }
    values
}

/// Returns whether a key has a domain that is not one of Kubernetes, and a path, in small letters.
fn is_key(key: &str) -> bool {
    let Some((domain, path)) = key.split_once('/') else {
        return false;
    };
    let is_label = |label: &str| {
        let is_inner = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
        !label.is_empty() && label.bytes().all(is_inner) && !label.starts_with('-') && !label.ends_with('-')
    };
    let is_path =
        |byte: u8| byte.is_ascii_graphic() && !byte.is_ascii_uppercase() && !b"\"<>\\^`{|}#?".contains(&byte);
    let is_reserved = ["k8s.io", "kubernetes.io"]
        .iter()
        .any(|own| domain == *own || domain.ends_with(&format!(".{own}")));
    domain.split('.').all(is_label) && !is_reserved && !path.is_empty() && path.bytes().all(is_path)
}
