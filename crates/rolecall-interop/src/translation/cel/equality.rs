//! Equality of values (google/cel-spec `doc/langdef.md`, section "Equality and Ordering").

use super::claims::{Kind, kind, of_claim, unclear};
use super::cut::cut;
use super::outcome::Outcome;
use super::value::Value;
use crate::notice::Notice;
use crate::translation::claim::{Wanted, WantedValue, are_texts, fits};
use crate::translation::condition::{compare, constant, has, is_null, reference, text};
use rolecall_engine::ir::ClaimDefinition;
use rolecall_engine::{ClaimType, Scalar};
use rolecall_syntax::ast::{Operand, Operator};
use rolecall_syntax::{Span, Spanned};

/// Returns the outcome of `left == right`.
pub(in crate::translation) fn equal(left: &Value<'_>, right: &Value<'_>, span: Span) -> Outcome {
    match (left, right) {
        (Value::Claim(left), Value::Claim(right)) => claims(left, right, span),
        (Value::Claim(claim), value) | (value, Value::Claim(claim)) => claim_and(claim, value, span),
        (Value::Folded { claim, is_upper }, Value::Text(text))
        | (Value::Text(text), Value::Folded { claim, is_upper }) => folded(claim, *is_upper, text, span),
        (Value::Joined(pieces), Value::Text(text)) | (Value::Text(text), Value::Joined(pieces)) => {
            cut(pieces, text, span)
        }
        (Value::Text(left), Value::Text(right)) => Outcome::constant(left == right, span),
        (Value::Bool(left), Value::Bool(right)) => Outcome::constant(left == right, span),
        (Value::Number(Some(left)), Value::Number(Some(right))) => Outcome::constant(left == right, span),
        (Value::Null, Value::Null) => Outcome::constant(true, span),
        (Value::Null, Value::Text(_) | Value::Bool(_) | Value::Number(_))
        | (Value::Text(_) | Value::Bool(_) | Value::Number(_), Value::Null) => Outcome::constant(false, span),
        _ => Outcome::refused(not_compared(span)),
    }
}

/// Returns the outcome of `value in [a, b]`, where each element is compared.
pub(in crate::translation) fn one_of(value: &Value<'_>, elements: &[Value<'_>], span: Span) -> Outcome {
    let texts = elements.iter().map(|element| match element {
        Value::Text(text) => Some(text.clone()),
        _ => None,
    });
    match (value, texts.collect::<Option<Vec<_>>>()) {
        (Value::Claim(claim), Some(texts)) if kind(claim) == Kind::Text && !texts.is_empty() => {
            let wanted = texts.into_iter().map(WantedValue::Exactly);
            fitting(claim, wanted.collect(), true, span)
        }
        (Value::Claim(claim), _) if elements.is_empty() => of_claim(claim, constant(false, span), true, span),
        (Value::Folded { .. } | Value::Joined(_), _) if elements.is_empty() => {
            Outcome::refused(not_compared(span))
        }
        _ => {
            let parts = elements.iter().map(|element| equal(value, element, span));
            Outcome::any(parts.collect(), span)
        }
    }
}

/// Returns the outcome of a comparison of a claim with values. A function of a claim that is null is an error, and a
/// comparison with a text is false.
pub(in crate::translation) fn fitting(
    claim: &ClaimDefinition,
    values: Vec<WantedValue>,
    fails_for_null: bool,
    span: Span,
) -> Outcome {
    let wanted: Vec<Wanted> = values.into_iter().map(|value| Wanted { value, span }).collect();
    match fits(claim, &wanted, span) {
        Ok(holds) => of_claim(claim, holds, fails_for_null, span),
        Err(_) => Outcome::refused(not_compared(span)),
    }
}

/// Compares a claim with a value that is not a claim.
fn claim_and(claim: &ClaimDefinition, value: &Value<'_>, span: Span) -> Outcome {
    let kind = kind(claim);
    match (kind, value) {
        (Kind::Unclear, Value::Text(_) | Value::Bool(_) | Value::Number(_)) => {
            Outcome::refused(unclear(claim, span))
        }
        (_, Value::Null) => Outcome {
            holds: Ok(match claim.nullable {
                true => is_null(&claim.path, span),
                false => constant(false, span),
            }),
            fails: Ok(has(&claim.path, span)),
        },
        (Kind::Text, Value::Text(text)) => {
            fitting(claim, vec![WantedValue::Exactly(text.clone())], true, span)
        }
        (Kind::Bool, Value::Bool(value)) => {
            let operand = Spanned::new(Operand::Bool(*value), span);
            of_claim(
                claim,
                compare(&claim.path, Operator::Equal, operand, span),
                true,
                span,
            )
        }
        (Kind::Number, Value::Number(Some(number))) => number_claim(claim, *number, span),
        (Kind::Number, Value::Number(None)) => Outcome::refused(not_compared(span)),
        (_, Value::Text(_) | Value::Bool(_) | Value::Number(_)) => Outcome::never(kinds(claim, kind, span)),
        _ => Outcome::refused(not_compared(span)),
    }
}

/// Compares a claim that is a number.
fn number_claim(claim: &ClaimDefinition, number: i64, span: Span) -> Outcome {
    let (is_id, can_be) = match &claim.claim_type {
        ClaimType::Scalar(Scalar::Id(_)) => (true, number >= 0),
        _ => (false, true),
    };
    let holds = match (can_be, is_id) {
        (false, _) => constant(false, span),
        (true, true) => compare(
            &claim.path,
            Operator::Equal,
            text(&number.to_string(), span),
            span,
        ),
        (true, false) => {
            let operand = Spanned::new(Operand::Int(number), span);
            compare(&claim.path, Operator::Equal, operand, span)
        }
    };
    of_claim(claim, holds, true, span)
}

/// Compares two claims.
fn claims(left: &ClaimDefinition, right: &ClaimDefinition, span: Span) -> Outcome {
    // In our language an id is not compared with another text.
    let word = |claim: &ClaimDefinition| match &claim.claim_type {
        ClaimType::Scalar(scalar) if scalar.has_text() && are_texts(scalar) == Some(true) => {
            Some(matches!(scalar, Scalar::Id(_)))
        }
        _ => None,
    };
    let is_one = left.path == right.path;
    if is_one || left.nullable || right.nullable || word(left).is_none() || word(left) != word(right) {
        return Outcome::refused(not_compared(span));
    }
    let holds = compare(&left.path, Operator::Equal, reference(&right.path, span), span);
    of_claim(left, holds, false, span)
}

/// Compares a claim whose letters are small, or capital.
fn folded(claim: &ClaimDefinition, is_upper: bool, text: &str, span: Span) -> Outcome {
    let other_case = |byte: u8| match is_upper {
        true => byte.is_ascii_lowercase(),
        false => byte.is_ascii_uppercase(),
    };
    match text.bytes().any(other_case) {
        true => of_claim(claim, constant(false, span), false, span),
        false => fitting(
            claim,
            vec![WantedValue::IgnoringCase(text.to_owned())],
            false,
            span,
        ),
    }
}

/// Returns the notice about a comparison of values of different kinds.
fn kinds(claim: &ClaimDefinition, kind: Kind, span: Span) -> Notice {
    let kind = match kind {
        Kind::Bool => "a boolean",
        Kind::List => "a list",
        Kind::Number => "a number",
        Kind::Text | Kind::Unclear => "a text",
    };
    let message = format!(
        "`{}` is {kind} in a token, so this is never true, and may be false or an error",
        claim.path.join(".")
    );
    let help = match kind {
        "a list" => "write `'…' in` before the claim",
        _ => "write the value as the tokens have it",
    };
    Notice::refused("kinds-compared", message, help, span)
}

pub(in crate::translation) fn not_compared(span: Span) -> Notice {
    let message = "these values are not compared here";
    let help = "compare a claim with texts by `==` or `in`";
    Notice::refused("expression-not-translated", message, help, span)
}
