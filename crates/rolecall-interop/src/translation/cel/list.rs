//! Claims that are lists: `'x' in claim` and `claim.exists(…)`.

use super::claims::{Kind, kind, of_claim, unclear};
use super::equality::not_compared;
use super::outcome::Outcome;
use super::refusals::function;
use super::search::wanted;
use super::value::Value;
use crate::cel::{Expr, ExprAt, Operator};
use crate::notice::Notice;
use crate::translation::claim::{Wanted, WantedValue, contains};
use rolecall_engine::ClaimType;
use rolecall_engine::ir::ClaimDefinition;
use rolecall_syntax::Span;

/// Returns the outcome of `value in list`, where the list is not written out.
pub(in crate::translation) fn within(value: &Value<'_>, list: &Value<'_>, span: Span) -> Outcome {
    let claim = match list {
        Value::Claim(claim) => claim,
        Value::Bool(_) | Value::Null | Value::Number(_) | Value::Text(_) => return Outcome::error(span),
        _ => return Outcome::refused(not_compared(span)),
    };
    match (kind(claim), value) {
        (Kind::List, Value::Text(text)) => containing(claim, vec![WantedValue::Exactly(text.clone())], span),
        (Kind::Bool | Kind::Number | Kind::Text, _) => Outcome::error(span),
        (Kind::Unclear, _) => Outcome::refused(unclear(claim, span)),
        _ => Outcome::refused(not_compared(span)),
    }
}

/// Returns the outcome of `list.exists(variable, predicate)`.
pub(in crate::translation) fn exists(
    list: &Value<'_>,
    variable: &str,
    predicate: &ExprAt,
    span: Span,
) -> Outcome {
    let claim = match list {
        Value::Claim(claim) if kind(claim) == Kind::List => claim,
        Value::List(elements) if elements.is_empty() => return Outcome::constant(false, span),
        _ => return Outcome::refused(function("exists", span)),
    };
    match elements(variable, predicate, span) {
        Ok(values) => containing(claim, values, span),
        Err(notice) => Outcome::refused(notice),
    }
}

fn containing(claim: &ClaimDefinition, values: Vec<WantedValue>, span: Span) -> Outcome {
    let ClaimType::List(scalar) = &claim.claim_type else {
        return Outcome::error(span);
    };
    let wanted: Vec<Wanted> = values.into_iter().map(|value| Wanted { value, span }).collect();
    match contains(claim, scalar, &wanted, span) {
        Ok(holds) => of_claim(claim, holds, false, span),
        Err(_) => Outcome::refused(not_compared(span)),
    }
}

/// Returns the texts for which a predicate about an element is true. It is false for all others.
fn elements(variable: &str, predicate: &ExprAt, span: Span) -> Result<Vec<WantedValue>, Notice> {
    let is_variable = |expr: &ExprAt| matches!(&expr.node, Expr::Name(name) if name == variable);
    let refused = || Err(function("exists", span));
    match &predicate.node {
        Expr::Any(parts) => {
            let mut all = Vec::new();
            for part in parts {
                all.extend(elements(variable, part, span)?);
            }
            Ok(all)
        }
        Expr::Compare(comparison) => {
            let (left, right) = (&comparison.left, &comparison.right);
            match (comparison.operator.node, &left.node, &right.node) {
                (Operator::Equal, _, Expr::Text(text)) if is_variable(left) => {
                    Ok(vec![WantedValue::Exactly(text.clone())])
                }
                (Operator::Equal, Expr::Text(text), _) if is_variable(right) => {
                    Ok(vec![WantedValue::Exactly(text.clone())])
                }
                (Operator::In, _, Expr::List(texts)) if is_variable(left) => {
                    let texts = texts.iter().map(|text| match &text.node {
                        Expr::Text(text) => Some(WantedValue::Exactly(text.clone())),
                        _ => None,
                    });
                    texts.collect::<Option<Vec<_>>>().map_or_else(refused, Ok)
                }
                _ => refused(),
            }
        }
        Expr::Call(call) => match (call.name.as_str(), &call.target, call.arguments.as_slice()) {
            ("startsWith" | "endsWith" | "contains", Some(target), [argument]) if is_variable(target) => {
                match &argument.node {
                    Expr::Text(part) => Ok(vec![wanted(&call.name, part, span)?]),
                    _ => refused(),
                }
            }
            _ => refused(),
        },
        _ => refused(),
    }
}
