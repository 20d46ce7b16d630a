//! Values of bound claims, which the provider splits at commas.
//!
//! Since it has `disable_bound_claims_parsing` (pull request 1200), the provider trims each value, and before
//! that it trimmed the values of a list alone. It prints a list of Vault as one text with commas, also one
//! that other tools wrote.

use crate::document::{Embedded, Node, Value};
use crate::notice::{Notice, printable};
use rolecall_syntax::{Span, Spanned};

/// Replaces the values of `bound_claims` by those that Vault has.
///
/// # Errors
///
/// The notice about the first value that versions of the provider write differently.
pub(super) fn split(text: &str, role: &mut Node) -> Result<(), Notice> {
    let disabled = role.named("disable_bound_claims_parsing").next_back();
    let is_disabled = disabled.and_then(|flag| match flag.node {
        Value::Bool(flag) => Some(flag),
        _ => None,
    });
    let Value::Map(members) = &mut role.node else {
        return Ok(());
    };
    let claims = members
        .iter_mut()
        .filter(|member| member.name.node == "bound_claims");
    for member in claims {
        let Value::Map(claims) = &mut member.value.node else {
            continue;
        };
        for claim in claims {
            let Value::Text(written) = &claim.value.node else {
                continue;
            };
            let span = claim.value.span;
            if let Some(values) = values(text, written, span, is_disabled)? {
                claim.value = Spanned::new(Value::List(values), span);
            }
        }
    }
    Ok(())
}

/// Returns the values of a text with commas, or nothing for one value.
fn values(
    text: &str,
    written: &str,
    span: Span,
    is_disabled: Option<bool>,
) -> Result<Option<Vec<Node>>, Notice> {
    let pieces: Vec<&str> = match is_disabled {
        Some(true) => vec![written],
        _ => written.split(',').collect(),
    };
    if pieces.iter().any(|piece| piece.trim() != *piece) {
        let message = format!(
            "versions of the provider write `{}` differently",
            printable(written)
        );
        let help = "remove the blanks around the values";
        return Err(Notice::refused("blank-around-value", message, help, span));
    }
    if pieces.len() < 2 {
        return Ok(None);
    }
    if is_disabled.is_none() {
        // Terraform has imported the role, and does not say whether Vault has a list or a text.
        let message = format!("`{}` is one value or several", printable(written));
        let help = "set `disable_bound_claims_parsing` and apply, or read the role with `vault read`";
        return Err(Notice::refused("comma-in-value", message, help, span));
    }
    let literal = Embedded::of(text, &Spanned::new(written.to_owned(), span));
    let mut start = 0_usize;
    let pieces = pieces.into_iter().map(|piece| {
        let end = start.saturating_add(piece.len());
        let place = literal.place(Span::new(start, end));
        start = end.saturating_add(1);
        Spanned::new(Value::Text(piece.to_owned()), place)
    });
    Ok(Some(pieces.collect()))
}
