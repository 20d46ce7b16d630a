//! Reading of `bound_claims`.

use crate::document::{Node, Value};
use crate::fields::Fields;
use crate::notice::printable;
use crate::vault::claim::{Claim, Expected};
use crate::vault::role::BoundClaim;
use rolecall_syntax::{Span, Spanned};

/// The integers that `f64` has one by one. Vault reads the numbers of tokens as `f64`.
const EXACT_INTEGERS: std::ops::RangeInclusive<i64> = -(1 << 53)..=(1 << 53);

/// Reads `bound_claims` and their type.
pub(super) fn claims(fields: &mut Fields<'_>) -> Vec<BoundClaim> {
    let is_glob = is_glob(fields);
    let mut claims = Vec::new();
    for member in fields.map("bound_claims") {
        let claim = Claim::pointer(member.name.clone());
        check_path(fields, &claim);
        let elements = match &member.value.node {
            Value::List(elements) => elements.as_slice(),
            _ => std::slice::from_ref(&member.value),
        };
        if elements.is_empty() {
            let message = format!(
                "`{}` has no value, so no token gets in",
                printable(&claim.written)
            );
            fields.report(
                "never-matches",
                message,
                "add a value, or remove the claim",
                member.value.span,
            );
        }
        let values = elements
            .iter()
            .filter_map(|element| value(fields, element, is_glob));
        claims.push(BoundClaim {
            values: values.collect(),
            claim,
        });
    }
    claims
}

/// Refuses a JSON pointer with an index that is not decimal.
pub(super) fn check_path(fields: &mut Fields<'_>, claim: &Claim) {
    if let Some(step) = claim.odd_index() {
        let message = format!("`{}` may be the index of an element", printable(step));
        let help = "write the index in decimal digits, without a sign and leading zeros";
        fields.refuse("index-not-decimal", message, help, claim.written.span);
    }
}

/// Returns whether values are globs.
fn is_glob(fields: &mut Fields<'_>) -> bool {
    match fields.text("bound_claims_type") {
        None => false,
        Some(kind) if kind.node == "string" => false,
        Some(kind) if kind.node == "glob" => true,
        Some(kind) => {
            let message = format!("Vault refuses the type `{}` of bound claims", printable(&kind));
            fields.refuse(
                "unknown-claims-type",
                message,
                "write `string` or `glob`",
                kind.span,
            );
            false
        }
    }
}

fn value(fields: &mut Fields<'_>, element: &Node, is_glob: bool) -> Option<Spanned<Expected>> {
    let expected = match &element.node {
        Value::Text(text) => {
            report_text(fields, text, element.span, is_glob);
            match is_glob && text.contains('*') {
                true => Expected::Glob(text.split('*').map(str::to_owned).collect()),
                false => Expected::Text(text.clone()),
            }
        }
        Value::Bool(value) if !is_glob => Expected::Bool(*value),
        Value::Number(number) if !is_glob => Expected::Integer(integer(fields, number, element.span)?),
        Value::Bool(_) | Value::Number(_) => {
            let message = "Vault refuses a glob that is not a text".to_owned();
            fields.refuse(
                "value-of-wrong-kind",
                message,
                "write a text, or the type `string`",
                element.span,
            );
            return None;
        }
        _ => {
            let message = format!(
                "a value of a claim is a text, a boolean or a number, not {}",
                element.kind()
            );
            fields.refuse(
                "value-of-wrong-kind",
                message,
                "write one value or a list of values",
                element.span,
            );
            return None;
        }
    };
    Some(Spanned::new(expected, element.span))
}

/// Reports characters of a text that mean something elsewhere.
fn report_text(fields: &mut Fields<'_>, text: &str, span: Span, is_glob: bool) {
    if text.contains('*') && !is_glob {
        let message = format!(
            "the `*` in `{}` is a character: the type of the claims is `string`",
            printable(text)
        );
        let help = "write `\"bound_claims_type\": \"glob\"`";
        fields.report("wildcard-in-equality", message, help, span);
    }
    if text.contains(',') {
        let message = format!("the `,` in `{}` is a character here", printable(text));
        let help = "write a list for several values: Terraform splits texts at commas, Vault does not";
        fields.report("comma-in-value", message, help, span);
    }
}

/// Reads a number that Vault compares with numbers of tokens, as texts of integers.
fn integer(fields: &mut Fields<'_>, number: &str, span: Span) -> Option<i64> {
    let integer = number
        .parse()
        .ok()
        .filter(|integer: &i64| integer.to_string() == number);
    let integer = integer.filter(|integer| EXACT_INTEGERS.contains(integer));
    if integer.is_none() {
        let message = format!(
            "Vault compares `{}` with the text of an integer",
            printable(number)
        );
        let help = "write an integer of at most 2^53 without an exponent";
        fields.refuse("number-not-exact", message, help, span);
    }
    integer
}
