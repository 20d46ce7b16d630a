//! Members of a credential in JSON.

use crate::azure::read::Written;
use crate::document::{DocumentError, Json, Members, Node, Value, repeated};
use crate::notice::{Notice, printable};

/// The members that no token is tested with, and those that are read.
const KNOWN: &[&str] = &[
    "audiences",
    "claimsMatchingExpression",
    "description",
    "id",
    "issuer",
    "name",
    "properties",
    "resourceGroup",
    "subject",
    "systemData",
    "type",
];

/// Returns whether an object with these members is a credential.
pub(super) fn is_credential(members: &Members<'_>) -> Result<bool, DocumentError> {
    if has_parts(members) {
        return Ok(true);
    }
    let properties = members.get("properties").filter(|inner| Json::is_map(*inner));
    properties.map_or(Ok(false), |inner| Ok(has_parts(&Members::of(inner)?)))
}

fn has_parts(members: &Members<'_>) -> bool {
    let has = |name: &str| members.get(name).is_some();
    has("issuer") && has("audiences") && (has("subject") || has("claimsMatchingExpression"))
}

/// Returns the parts of a credential.
pub(super) fn written<'a>(credential: &'a Node, notices: &mut Vec<Notice>) -> Written<'a> {
    check(credential, KNOWN, notices);
    let properties = named(credential, "properties").filter(|inner| inner.as_map().is_some());
    let inner = properties.unwrap_or(credential);
    if properties.is_some() {
        check(inner, KNOWN, notices);
    }
    let expression = named(inner, "claimsMatchingExpression").filter(|found| found.node != Value::Null);
    Written {
        issuer: named(inner, "issuer"),
        audience: named(inner, "audiences"),
        subject: named(inner, "subject"),
        expression: expression.map(|expression| value_of(expression, notices)),
        span: credential.span,
    }
}

/// Returns the text of an expression, if its language is known.
fn value_of<'a>(expression: &'a Node, notices: &mut Vec<Notice>) -> &'a Node {
    check(expression, &["languageVersion", "value"], notices);
    let version = named(expression, "languageVersion");
    if version.is_none_or(|version| version.node != Value::Number("1".to_owned())) {
        let message = "Entra documents the version 1 of the language alone";
        let span = version.map_or(expression.span, |version| version.span);
        let help = "write `\"languageVersion\": 1`";
        notices.push(Notice::refused("unknown-language-version", message, help, span));
    }
    // An expression that is not an object, or has no text, is refused where texts are read.
    named(expression, "value").unwrap_or(expression)
}

fn named<'a>(node: &'a Node, name: &'a str) -> Option<&'a Node> {
    node.named(name).next_back()
}

/// Refuses members that are given twice or unknown. Annotations of OData begin with `@`.
fn check(node: &Node, known: &[&str], notices: &mut Vec<Notice>) {
    let members = node.as_map().unwrap_or_default();
    for name in repeated(members, false) {
        let message = format!("`{}` is given twice", printable(name));
        notices.push(Notice::refused(
            "member-given-twice",
            message,
            "remove one of them",
            name.span,
        ));
    }
    let is_unknown = |name: &str| !known.contains(&name) && !name.starts_with('@');
    for member in members {
        if is_unknown(&member.name) && member.value.node != Value::Null {
            let message = format!(
                "the member `{}` of a credential is not known",
                printable(&member.name)
            );
            let help = "remove it, if the credential means the same without it";
            notices.push(Notice::refused("unknown-member", message, help, member.name.span));
        }
    }
}
