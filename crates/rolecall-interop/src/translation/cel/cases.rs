//! Values that an expression has under conditions.

use super::outcome::{Outcome, Translated, joined};
use super::value::{Case, Value};
use crate::notice::Notice;
use rolecall_syntax::Span;
use rolecall_syntax::ast::ExprAt;

/// The cases of a value, or the reason why it is not known. A token in none of the cases makes the expression an error.
pub(in crate::translation) type Cases<'s> = Result<Vec<Case<'s>>, Notice>;

/// Returns the outcome of a test of a value.
pub(in crate::translation) fn each<'s>(
    cases: Cases<'s>,
    span: Span,
    test: impl Fn(&Value<'s>) -> Outcome,
) -> Outcome {
    match cases {
        Ok(cases) => {
            let outcomes = cases.into_iter().map(|case| (case.when, test(&case.value)));
            either(&outcomes.collect::<Vec<_>>(), span)
        }
        Err(notice) => Outcome::refused(notice),
    }
}

/// Returns the outcome of a test of two values.
pub(in crate::translation) fn both<'s>(
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
    either(&outcomes, span)
}

/// Returns whether one of the values has several cases.
fn when_is_needed(left: &[Case<'_>], right: &[Case<'_>]) -> bool {
    left.iter().chain(right).any(|case| case.when.is_some())
}

/// Returns the outcome of a value with cases.
fn either(outcomes: &[(Option<ExprAt>, Outcome)], span: Span) -> Outcome {
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
