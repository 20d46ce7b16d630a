//! Claims that the API server decodes itself, without an expression, by Go's package `encoding/json`. There, `null` leaves
//! a text empty and a boolean false.

use crate::kubernetes::Mapping;
use crate::notice::{Notice, printable};
use crate::translation::cel::{Case, Cases, Kind, Scope, Translated, Value, equal, exists, kind, unclear};
use crate::translation::condition::{any, compare, constant, is_null, not};
use rolecall_engine::ir::ClaimDefinition;
use rolecall_syntax::ast::{ExprAt, Operand, Operator};
use rolecall_syntax::{Span, Spanned};

/// Returns the value of a claim by its name.
pub(super) fn value<'s>(scope: &Scope<'s>, claim: &Spanned<String>) -> Cases<'s> {
    scope.claim(std::slice::from_ref(&claim.node), claim.span)
}

/// Returns the condition that a claim is a text that is equal.
pub(super) fn required(
    scope: &Scope<'_>,
    claim: &Spanned<String>,
    wanted: &Spanned<String>,
    notices: &mut Vec<Notice>,
) -> Translated {
    let span = wanted.span;
    let mut cases = value(scope, claim)?;
    let found = cases.pop().map(|Case { value, .. }| value);
    let found = found.unwrap_or(Value::Null);
    if let Value::Claim(claim) = &found {
        let null = match wanted.is_empty() {
            true => null(claim, span),
            false => constant(false, span),
        };
        match kind(claim) {
            Kind::Text => {}
            Kind::Unclear => return Err(unclear(claim, span)),
            Kind::Bool | Kind::List | Kind::Number => {
                let message = format!(
                    "`{}` is not a text in a token, and no other value is equal",
                    printable(&claim.path.join("."))
                );
                let help = "write an `expression` that compares the claim";
                notices.push(Notice::odd("never-matches", message, help, span));
                return Ok(null);
            }
        }
        let same = equal(&found, &Value::Text(wanted.node.clone()), span).holds?;
        return Ok(any([same, null], span));
    }
    equal(&found, &Value::Text(wanted.node.clone()), span).holds
}

/// Returns the condition that a claim is null.
pub(super) fn null(claim: &ClaimDefinition, span: Span) -> ExprAt {
    match claim.nullable {
        true => is_null(&claim.path, span),
        false => constant(false, span),
    }
}

/// Returns the condition that the claim `email_verified` is absent or true, if the name of a user is the claim `email`.
pub(super) fn verified_email(scope: &Scope<'_>, username: &Mapping) -> Option<Translated> {
    let claim = match username {
        Mapping::Claim { claim, .. } if claim.node == "email" => claim,
        _ => return None,
    };
    let span = claim.span;
    let path = ["email_verified".to_owned()];
    let Some(found) = scope.profile.claim_by_path(&path) else {
        return Some(Err(scope.not_in_profile(&path, span)));
    };
    let found = &scope.profile[found];
    let absent = not(exists(found, span));
    Some(match kind(found) {
        Kind::Bool => {
            let operand = Spanned::new(Operand::Bool(true), span);
            let verified = compare(&found.path, Operator::Equal, operand, span);
            Ok(any([absent, verified], span))
        }
        Kind::Unclear => Err(unclear(found, span)),
        Kind::List | Kind::Number | Kind::Text => Ok(absent),
    })
}
