//! Texts of credentials.

use crate::document::{Node, Value};
use crate::notice::{Notice, printable};
use rolecall_syntax::{Span, Spanned};

/// The audiences for Entra in its clouds, which the clients and the actions of CI systems ask for.
const USUAL: &[&str] = &[
    "api://AzureADTokenExchange",
    "api://AzureADTokenExchangeChina",
    "api://AzureADTokenExchangeUSGov",
];

/// The limit of issuers, subjects and audiences: "600 characters".
const MAX_CHARACTERS: usize = 600;

/// Returns whether a document gives a part, which is not `null`.
pub(super) fn is_given(node: &Node) -> bool {
    node.node != Value::Null
}

/// Reads a required text. Nothing is returned without a notice.
pub(super) fn text(
    node: Option<&Node>,
    name: &str,
    credential: Span,
    notices: &mut Vec<Notice>,
) -> Option<Spanned<String>> {
    let Some(node) = node.filter(|node| is_given(node)) else {
        let message = format!("a credential has the member `{name}`");
        notices.push(Notice::refused("no-value", message, "add it", credential));
        return None;
    };
    let refusal = match &node.node {
        Value::Text(text) if text.is_empty() => {
            let message = format!("Entra refuses a credential with an empty `{name}`");
            Notice::refused("no-value", message, "write the value", node.span)
        }
        Value::Text(text) if text.chars().nth(MAX_CHARACTERS).is_some() => {
            let message = format!("Entra refuses a `{name}` of more than {MAX_CHARACTERS} characters");
            Notice::refused("value-too-long", message, "write a shorter one", node.span)
        }
        Value::Text(text) => return Some(Spanned::new(text.clone(), node.span)),
        value => {
            let message = format!("`{name}` has {} where Entra prints a text", value.kind());
            let help = "print the credential with `az rest`";
            Notice::refused("value-of-wrong-kind", message, help, node.span)
        }
    };
    notices.push(refusal);
    None
}

/// Reads a text, or a list of exactly one text.
pub(super) fn one_text(
    node: Option<&Node>,
    name: &str,
    credential: Span,
    notices: &mut Vec<Notice>,
) -> Option<Spanned<String>> {
    match node.and_then(|node| Some((node.as_list()?, node.span))) {
        None => text(node, name, credential, notices),
        Some(([only], _)) => text(Some(only), name, credential, notices),
        Some((_, span)) => {
            // "Federated identity credentials must have exactly one audience."
            let message = format!("Entra refuses `{name}` without exactly one element");
            let help = "write one audience, and a credential for each other one";
            notices.push(Notice::refused("not-one-audience", message, help, span));
            None
        }
    }
}

/// Returns the notice about an audience that is not the usual one.
pub(super) fn odd_audience(audience: &Spanned<String>) -> Option<Notice> {
    if USUAL.contains(&audience.as_str()) {
        return None;
    }
    let message = format!(
        "the audience `{}` is not the one of tokens for Entra",
        printable(audience)
    );
    let help = "write `api://AzureADTokenExchange`, unless the job asks for this audience";
    Some(Notice::odd("unusual-audience", message, help, audience.span))
}
