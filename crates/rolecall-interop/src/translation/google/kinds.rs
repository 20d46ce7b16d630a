//! Kinds of expressions: those that are texts or conditions for each token that has their claims.

use crate::cel::{Call, Comparison, Expr, ExprAt, Operator};
use crate::translation::cel::{Kind, Scope, kind, steps};

/// Returns whether an expression is a text for each token that has its claims.
pub(super) fn is_text(scope: &Scope<'_>, expr: &ExprAt) -> bool {
    match &expr.node {
        Expr::Text(_) => true,
        Expr::Name(_) | Expr::Select(_) | Expr::Index(_) => match steps(expr) {
            Some(("assertion", path)) => {
                let claim = scope
                    .profile
                    .claim_by_path(&path)
                    .map(|claim| &scope.profile[claim]);
                claim.is_some_and(|claim| kind(claim) == Kind::Text)
            }
            _ => false,
        },
        Expr::Sum(parts) => parts.iter().all(|part| is_text(scope, part)),
        Expr::Call(call) => {
            let is_known = matches!(
                call.name.as_str(),
                "extract" | "lowerAscii" | "replace" | "upperAscii"
            );
            is_known && is_function_of_text(scope, call)
        }
        Expr::Choice(parts) => {
            let [condition, then, other] = parts.as_ref();
            is_condition(scope, condition) && is_text(scope, then) && is_text(scope, other)
        }
        _ => false,
    }
}

/// Returns whether an expression is true or false for each token that has its claims.
fn is_condition(scope: &Scope<'_>, expr: &ExprAt) -> bool {
    match &expr.node {
        Expr::Bool(_) => true,
        Expr::All(parts) | Expr::Any(parts) => parts.iter().all(|part| is_condition(scope, part)),
        Expr::Not(part) => is_condition(scope, part),
        Expr::Compare(comparison) => {
            let Comparison {
                left,
                operator,
                right,
            } = comparison.as_ref();
            match (operator.node, &right.node) {
                (Operator::Equal | Operator::NotEqual, _) => is_text(scope, left) && is_text(scope, right),
                (Operator::In, Expr::List(texts)) => {
                    is_text(scope, left) && texts.iter().all(|text| is_text(scope, text))
                }
                (Operator::In, Expr::Name(name)) => name == "assertion" && is_text(scope, left),
                _ => false,
            }
        }
        Expr::Call(call) => match call.name.as_str() {
            "has" => call.target.is_none(),
            "contains" | "endsWith" | "startsWith" => is_function_of_text(scope, call),
            _ => false,
        },
        _ => false,
    }
}

/// Returns whether a function has texts alone.
fn is_function_of_text(scope: &Scope<'_>, call: &Call) -> bool {
    let is_literal = |argument: &ExprAt| matches!(argument.node, Expr::Text(_));
    let target = call.target.as_ref();
    target.is_some_and(|target| is_text(scope, target)) && call.arguments.iter().all(is_literal)
}
