//! Values of the parts of a user: a token is accepted if each has one.

use super::claims::{self, null};
use crate::cel::ExprAt;
use crate::kubernetes::{Authenticator, Mapping};
use crate::notice::Notice;
use crate::translation::cel::{
    Case, Kind, Piece, Scope, Translated, Value, equal, exists, joined, kind, unclear,
};
use crate::translation::claim::are_texts;
use crate::translation::condition::{constant, has, not};
use rolecall_engine::ClaimType;
use rolecall_engine::ir::ClaimDefinition;
use rolecall_syntax::Span;

/// The values that a part of a user can have.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Wanted {
    /// A text that is not empty.
    Name,
    /// A text.
    Text,
    /// A text, a list of texts, or null.
    Texts,
}

/// Returns the conditions that each part of a user has a value.
pub(super) fn of_user(scope: &Scope<'_>, authenticator: &Authenticator) -> Vec<Translated> {
    let mut parts = vec![text(scope, &authenticator.username, Wanted::Name)];
    parts.extend(authenticator.groups.iter().map(|mapping| groups(scope, mapping)));
    parts.extend(
        authenticator
            .uid
            .iter()
            .map(|mapping| text(scope, mapping, Wanted::Text)),
    );
    let extra = authenticator.extra.iter();
    parts.extend(extra.map(|expr| expression(scope, expr, Wanted::Texts)));
    parts
}

/// Returns the condition that a name or an id has a value. A claim that is null is an empty text, and an empty name is one
/// here.
fn text(scope: &Scope<'_>, mapping: &Mapping, wanted: Wanted) -> Translated {
    let claim = match mapping {
        Mapping::Expression(expr) => return expression(scope, expr, wanted),
        Mapping::Claim { claim, .. } => claim,
    };
    let span = claim.span;
    each(claims::value(scope, claim)?, span, |value| match value {
        Value::Claim(claim) => match kind(claim) {
            Kind::Text => Ok(exists(claim, span)),
            Kind::Unclear => Err(unclear(claim, span)),
            Kind::Bool | Kind::List | Kind::Number => Ok(null(claim, span)),
        },
        _ => Ok(constant(true, span)),
    })
}

/// Returns the condition that groups have a value.
fn groups(scope: &Scope<'_>, mapping: &Mapping) -> Translated {
    match mapping {
        Mapping::Expression(expr) => expression(scope, expr, Wanted::Texts),
        Mapping::Claim { claim, .. } => {
            let span = claim.span;
            each(claims::value(scope, claim)?, span, |value| group(value, span))
        }
    }
}

/// Returns the condition that the groups of a claim are decoded. Without the claim, there are none.
fn group(value: &Value<'_>, span: Span) -> Translated {
    let Value::Claim(claim) = value else {
        return Ok(constant(true, span));
    };
    match kind(claim) {
        Kind::Text => Ok(constant(true, span)),
        Kind::List if is_list_of_texts(claim) => Ok(constant(true, span)),
        Kind::List | Kind::Unclear => Err(unclear(claim, span)),
        Kind::Bool | Kind::Number => {
            let absent = not(exists(claim, span));
            joined(vec![Ok(absent), Ok(null(claim, span))], span, false)
        }
    }
}

/// Returns the condition that an expression has a value.
fn expression(scope: &Scope<'_>, expr: &ExprAt, wanted: Wanted) -> Translated {
    let span = expr.span;
    each(scope.value(expr, span)?, span, |value| {
        has_value(value, wanted, span)
    })
}

fn each<'s>(cases: Vec<Case<'s>>, span: Span, test: impl Fn(&Value<'s>) -> Translated) -> Translated {
    let cases = cases.into_iter().map(|Case { when, value }| {
        let when = when.map(Ok);
        joined(when.into_iter().chain([test(&value)]).collect(), span, true)
    });
    joined(cases.collect(), span, false)
}

fn has_value(value: &Value<'_>, wanted: Wanted, span: Span) -> Translated {
    let present = match value {
        Value::Claim(claim) => match kind(claim) {
            Kind::Text => has(&claim.path, span),
            Kind::List if wanted == Wanted::Texts && is_list_of_texts(claim) => has(&claim.path, span),
            Kind::List if wanted == Wanted::Texts => return Err(unclear(claim, span)),
            Kind::Unclear => return Err(unclear(claim, span)),
            Kind::Bool | Kind::List | Kind::Number => constant(false, span),
        },
        Value::Folded { claim, .. } => has(&claim.path, span),
        Value::Joined(pieces) => {
            let claims = pieces.iter().filter_map(|piece| match piece {
                Piece::Claim(claim) => Some(Ok(has(&claim.path, span))),
                Piece::Text(_) => None,
            });
            joined(claims.collect(), span, true)?
        }
        Value::List(values) if wanted == Wanted::Texts => {
            let values = values.iter().map(|value| has_value(value, Wanted::Text, span));
            joined(values.collect(), span, true)?
        }
        Value::Text(_) => constant(true, span),
        Value::Null => constant(wanted == Wanted::Texts, span),
        Value::Bool(_) | Value::List(_) | Value::Number(_) => constant(false, span),
        Value::Assertion => return Err(not_a_value(span)),
    };
    match wanted {
        Wanted::Text => Ok(present),
        Wanted::Texts => match value {
            Value::Claim(claim) => joined(vec![Ok(present), Ok(null(claim, span))], span, false),
            _ => Ok(present),
        },
        Wanted::Name if present == constant(false, span) => Ok(present),
        Wanted::Name => {
            let not_empty = equal(value, &Value::Text(String::new()), span).fails;
            joined(vec![Ok(present), not_empty], span, true)
        }
    }
}

fn is_list_of_texts(claim: &ClaimDefinition) -> bool {
    matches!(&claim.claim_type, ClaimType::List(scalar) if are_texts(scalar) == Some(true))
}

fn not_a_value(span: Span) -> Notice {
    let message = "the mapping is not a claim, or a text of claims and literals";
    let help = "map `claims.NAME`";
    Notice::refused("mapping-not-translated", message, help, span)
}
