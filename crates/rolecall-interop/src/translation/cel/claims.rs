//! Claims of tokens as CEL sees them: kinds of JSON values, one of which can be null.

use super::outcome::{Outcome, joined};
use crate::notice::Notice;
use crate::translation::claim::are_texts;
use crate::translation::condition::{any, constant, has, is_null, not};
use rolecall_engine::ir::ClaimDefinition;
use rolecall_engine::{ClaimType, Scalar};
use rolecall_syntax::Span;
use rolecall_syntax::ast::ExprAt;

/// The JSON values of a claim.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::translation) enum Kind {
    Bool,
    List,
    Number,
    Text,
    /// Texts and other values, or values that are not compared.
    Unclear,
}

/// Returns the kind of a claim's values. Some may be null.
pub(in crate::translation) fn kind(claim: &ClaimDefinition) -> Kind {
    let scalar = match &claim.claim_type {
        ClaimType::List(_) => return Kind::List,
        ClaimType::Scalar(scalar) => scalar,
        _ => return Kind::Unclear,
    };
    match (scalar, are_texts(scalar)) {
        (_, Some(true)) => Kind::Text,
        (Scalar::Bool(_), Some(false)) => Kind::Bool,
        (Scalar::Int | Scalar::Id(_), Some(false)) => Kind::Number,
        _ => Kind::Unclear,
    }
}

/// Returns the condition that a token has a claim, which can be null.
pub(in crate::translation) fn exists(claim: &ClaimDefinition, span: Span) -> ExprAt {
    let null = claim.nullable.then(|| is_null(&claim.path, span));
    any([has(&claim.path, span)].into_iter().chain(null), span)
}

/// Refuses a claim whose values may be texts or not.
pub(in crate::translation) fn unclear(claim: &ClaimDefinition, span: Span) -> Notice {
    let message = format!(
        "the text and the number or boolean of `{}` differ in the source, and here they are one",
        claim.path.join(".")
    );
    let help = "compare another claim, such as one that is always a text";
    Notice::refused("number-or-text", message, help, span)
}

/// Returns the outcome of a comparison of a claim with values that are not null: with an error or not if the claim is null.
pub(in crate::translation) fn of_claim(
    claim: &ClaimDefinition,
    holds: ExprAt,
    fails_for_null: bool,
    span: Span,
) -> Outcome {
    let is_never = holds.node == constant(false, span).node;
    let fails = match is_never {
        // A value that no token has equals no claim, but the claim has to be there.
        true => has(&claim.path, span),
        false => not(holds.clone()),
    };
    let null = (claim.nullable && fails_for_null).then(|| Ok(is_null(&claim.path, span)));
    Outcome {
        holds: Ok(holds),
        fails: joined([Ok(fails)].into_iter().chain(null).collect(), span, false),
    }
}
