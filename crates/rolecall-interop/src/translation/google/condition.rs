//! Conditions of CEL as conditions of ours.

use super::claims::{Kind, exists as is_there, kind, unclear};
use super::equality::{equal, one_of};
use super::list::{exists, within};
use super::outcome::{Outcome, Translated, joined};
use super::scope::{Cases, Scope, function, steps, untranslated};
use super::search::search;
use super::value::{Case, Value};
use crate::cel::{Call, Comparison, Expr, ExprAt, Operator};
use crate::notice::Notice;
use crate::translation::condition::{compare, not};
use rolecall_engine::ir::ClaimDefinition;
use rolecall_syntax::ast::{ExprAt as OurExprAt, Operand, Operator as OurOperator};
use rolecall_syntax::{Span, Spanned};

impl<'s> Scope<'s> {
    /// Returns the outcome of a condition. Its parts are located at `around` if they are of a mapping, which another part of
    /// the document uses.
    pub(super) fn condition(&self, expr: &ExprAt, around: Span) -> Outcome {
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
            _ => self.each(self.value(expr, span), span, |value| operand(value, span)),
        }
    }

    /// Returns the outcome of a test of a value.
    fn each(&self, cases: Cases<'s>, span: Span, test: impl Fn(&Value<'s>) -> Outcome) -> Outcome {
        match cases {
            Ok(cases) => {
                let outcomes = cases.into_iter().map(|case| (case.when, test(&case.value)));
                either(outcomes.collect(), span)
            }
            Err(notice) => Outcome::refused(notice),
        }
    }

    /// Returns the outcome of a test of two values.
    fn both(
        &self,
        left: Cases<'s>,
        right: Cases<'s>,
        span: Span,
        test: impl Fn(&Value<'s>, &Value<'s>) -> Outcome,
    ) -> Outcome {
        let (left, right) = match (left, right) {
            (Ok(left), Ok(right)) => (left, right),
            (Err(notice), _) | (_, Err(notice)) => return Outcome::refused(notice),
        };
        let mut outcomes = Vec::new();
        for Case { when, value } in &left {
            for other in &right {
                let whens: Vec<_> = when.iter().chain(&other.when).cloned().map(Ok).collect();
                let when = match joined(whens, span, true) {
                    Ok(when) => Some(when).filter(|_| when_is_needed(&left, &right)),
                    Err(notice) => return Outcome::refused(notice),
                };
                outcomes.push((when, test(value, &other.value)));
            }
        }
        either(outcomes, span)
    }

    fn comparison(&self, comparison: &Comparison, span: Span) -> Outcome {
        let Comparison {
            left,
            operator,
            right,
        } = comparison;
        let is_of_token = steps(right).is_some_and(|(root, path)| root == "assertion" && path.is_empty());
        match (operator.node, &left.node, &right.node) {
            (Operator::In, Expr::Text(name), _) if is_of_token => self.has(&[name.clone()], span),
            (Operator::Equal | Operator::NotEqual | Operator::In, _, _) => {
                let (left, right) = (self.value(left, span), self.value(right, span));
                match operator.node {
                    Operator::Equal => self.both(left, right, span, |left, right| equal(left, right, span)),
                    Operator::NotEqual => {
                        let equal = self.both(left, right, span, |left, right| equal(left, right, span));
                        equal.not()
                    }
                    _ => self.both(left, right, span, |left, right| match right {
                        Value::List(values) => one_of(left, values, span),
                        _ => within(left, right, span),
                    }),
                }
            }
            _ => {
                let message = "Google does not say how it orders numbers and texts of a token";
                let help = "compare with `==` or `in`";
                Outcome::refused(Notice::refused("order-not-translated", message, help, span))
            }
        }
    }

    fn predicate(&self, call: &Call, span: Span) -> Outcome {
        match (call.name.as_str(), &call.target, call.arguments.as_slice()) {
            ("has", None, [argument]) => match (&argument.node, steps(argument)) {
                (Expr::Select(_), Some(("assertion", path))) => self.has(&path, span),
                _ => Outcome::refused(untranslated(argument, span)),
            },
            ("startsWith" | "endsWith" | "contains" | "matches", Some(target), [argument])
            | ("matches", None, [target, argument]) => {
                let (target, argument) = (self.value(target, span), self.value(argument, span));
                let name = call.name.as_str();
                self.both(target, argument, span, |target, argument| {
                    search(name, target, argument, span)
                })
            }
            ("exists", Some(list), [variable, predicate]) => match &variable.node {
                Expr::Name(variable) => {
                    let list = self.value(list, span);
                    self.each(list, span, |list| exists(list, variable, predicate, span))
                }
                _ => Outcome::refused(untranslated(variable, span)),
            },
            _ => Outcome::refused(function(&call.name, span)),
        }
    }

    /// Returns the outcome of `has(assertion.PATH)`, which is true for `null`.
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

/// Returns whether one of the values has several cases.
fn when_is_needed(left: &[Case<'_>], right: &[Case<'_>]) -> bool {
    left.iter().chain(right).any(|case| case.when.is_some())
}

/// Returns the outcome of a value with cases.
fn either(outcomes: Vec<(Option<OurExprAt>, Outcome)>, span: Span) -> Outcome {
    let side = |pick: fn(&Outcome) -> Translated| {
        let cases = outcomes.iter().map(|(when, outcome)| {
            let whens = when.iter().cloned().map(Ok);
            joined(whens.chain([pick(outcome)]).collect(), span, true)
        });
        joined(cases.collect(), span, false)
    };
    Outcome {
        holds: side(|outcome| outcome.holds.clone()),
        fails: side(|outcome| outcome.fails.clone()),
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
