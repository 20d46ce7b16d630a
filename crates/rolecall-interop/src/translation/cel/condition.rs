//! Conditions of CEL as conditions of ours.

use super::cases::{both, each};
use super::claims::{Kind, exists as is_there, kind, unclear};
use super::equality::{equal, one_of};
use super::list::{exists, within};
use super::outcome::Outcome;
use super::refusals::{function, untranslated};
use super::scope::Scope;
use super::search::search;
use super::steps::steps;
use super::value::Value;
use crate::cel::{Call, Comparison, Expr, ExprAt, Operator};
use crate::notice::Notice;
use crate::translation::condition::{compare, not};
use rolecall_engine::ir::ClaimDefinition;
use rolecall_syntax::ast::{Operand, Operator as OurOperator};
use rolecall_syntax::{Span, Spanned};

impl<'s> Scope<'s> {
    /// Returns the outcome of a condition. Its parts are located at `around` if they are of a mapping, which another part of
    /// the document uses.
    pub(in crate::translation) fn condition(&self, expr: &ExprAt, around: Span) -> Outcome {
        let span = if self.is_mapping { around } else { expr.span };
        let all = |parts: &[ExprAt]| parts.iter().map(|part| self.condition(part, span)).collect();
        match &expr.node {
            Expr::All(parts) => Outcome::all(all(parts), span),
            Expr::Any(parts) => Outcome::any(all(parts), span),
            Expr::Bool(value) => Outcome::constant(*value, span),
            Expr::Not(part) => self.condition(part, span).not(),
            Expr::Choice(parts) => {
                let [condition, then, other] = parts.as_ref();
                let condition = self.condition(condition, span);
                condition.choose(self.condition(then, span), self.condition(other, span), span)
            }
            Expr::Compare(comparison) => self.comparison(comparison, span),
            Expr::Call(call) => self.predicate(call, span),
            _ => each(self.value(expr, span), span, |value| operand(value, span)),
        }
    }

    fn comparison(&self, comparison: &Comparison, span: Span) -> Outcome {
        let Comparison {
            left,
            operator,
            right,
        } = comparison;
        let is_of_token = steps(right).is_some_and(|(root, path)| root == self.token && path.is_empty());
        match (operator.node, &left.node, &right.node) {
            (Operator::In, Expr::Text(name), _) if is_of_token => self.has(std::slice::from_ref(name), span),
            (Operator::Equal | Operator::NotEqual | Operator::In, _, _) => {
                let (left, right) = (self.value(left, span), self.value(right, span));
                match operator.node {
                    Operator::Equal => both(left, right, span, |left, right| equal(left, right, span)),
                    Operator::NotEqual => {
                        let equal = both(left, right, span, |left, right| equal(left, right, span));
                        equal.not()
                    }
                    _ => both(left, right, span, |left, right| match right {
                        Value::List(values) => one_of(left, values, span),
                        _ => within(left, right, span),
                    }),
                }
            }
            _ => {
                let message = "numbers and texts of a token have no order here";
                let help = "compare with `==` or `in`";
                Outcome::refused(Notice::refused("order-not-translated", message, help, span))
            }
        }
    }

    fn predicate(&self, call: &Call, span: Span) -> Outcome {
        match (call.name.as_str(), &call.target, call.arguments.as_slice()) {
            ("has", None, [argument]) => match (&argument.node, steps(argument)) {
                (Expr::Select(_), Some((root, path))) if root == self.token => self.has(&path, span),
                _ => Outcome::refused(untranslated(argument, span)),
            },
            ("startsWith" | "endsWith" | "contains" | "matches", Some(target), [argument])
            | ("matches", None, [target, argument]) => {
                let (target, argument) = (self.value(target, span), self.value(argument, span));
                let name = call.name.as_str();
                both(target, argument, span, |target, argument| {
                    search(name, target, argument, span)
                })
            }
            ("exists", Some(list), [variable, predicate]) => self.exists(list, variable, predicate, span),
            // All elements fulfil `!a` if none fulfils `a`.
            ("all", Some(list), [variable, predicate]) => match &predicate.node {
                Expr::Not(part) => self.exists(list, variable, part, span).not(),
                _ => Outcome::refused(function(&call.name, span)),
            },
            _ => Outcome::refused(function(&call.name, span)),
        }
    }

    fn exists(&self, list: &ExprAt, variable: &ExprAt, predicate: &ExprAt, span: Span) -> Outcome {
        match &variable.node {
            Expr::Name(variable) => each(self.value(list, span), span, |list| {
                exists(list, variable, predicate, span)
            }),
            _ => Outcome::refused(untranslated(variable, span)),
        }
    }

    /// Returns the outcome of `has(TOKEN.PATH)`, which is true for `null`.
    fn has(&self, path: &[String], span: Span) -> Outcome {
        let Some(claim) = self.profile.claim_by_path(path).map(|claim| &self.profile[claim]) else {
            return Outcome::refused(self.not_in_profile(path, span));
        };
        let there = is_there(claim, span);
        let fails = match path {
            [_] => Ok(not(there.clone())),
            // Without the object around the claim, `has` is an error.
            _ => Err(untranslated(
                &Spanned::new(Expr::Other("the absence of a part of an object"), span),
                span,
            )),
        };
        Outcome {
            holds: Ok(there),
            fails,
        }
    }
}

/// Returns the outcome of a value as a condition.
fn operand(value: &Value<'_>, span: Span) -> Outcome {
    match value {
        Value::Bool(value) => Outcome::constant(*value, span),
        Value::Claim(claim) => match kind(claim) {
            Kind::Bool => boolean(claim, span),
            Kind::Unclear => Outcome::refused(unclear(claim, span)),
            _ => Outcome::error(span),
        },
        _ => Outcome::error(span),
    }
}

/// Returns the outcome of a boolean claim.
fn boolean(claim: &ClaimDefinition, span: Span) -> Outcome {
    let side = |value| {
        let operand = Spanned::new(Operand::Bool(value), span);
        Ok(compare(&claim.path, OurOperator::Equal, operand, span))
    };
    Outcome {
        holds: side(true),
        fails: side(false),
    }
}
