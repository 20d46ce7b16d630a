//! Accepted values of comparisons, in words.

use super::readable_time::readable_time;
use crate::claim_type::{Literal, Scalar};
use crate::evaluate::ProfileView;
use crate::ir::{Atom, Order, Question};
use crate::pattern::Pattern;
use crate::value::Value;

/// The most values or patterns of a comparison that are shown.
const MAX_SHOWN: usize = 100;

/// Returns the values that a comparison accepts, in words.
pub(super) fn accepted(atom: &Atom, negated: bool, token: &ProfileView<'_>) -> String {
    let question = &atom.question;
    let is_time = *token.profile[atom.claim].claim_type.scalar() == Scalar::Time;
    let number = |number: i64| match is_time {
        true => readable_time(number),
        false => number.to_string(),
    };
    let value = |literal: &Literal| match literal.to_value() {
        Value::Int(value) => number(value),
        value => value.to_string(),
    };
    let values = |literals: &[Literal]| few(literals.iter().map(value), ", ");
    let one_of = |literals: &[Literal]| match literals.len() {
        1 => values(literals),
        _ => format!("one of {}", values(literals)),
    };
    let positive = match question {
        Question::Present => return if negated { "absent or null" } else { "present" }.to_owned(),
        Question::Fits(_) => "a value that may stand in a grant".to_owned(),
        Question::Null => return if negated { "not null" } else { "null" }.to_owned(),
        Question::ContainsAll(literals) => format!("a list with {}", values(literals)),
        Question::ContainsAny(literals) => format!("a list with {}", one_of(literals)),
        Question::OneOf(literals) => one_of(literals),
        Question::Only(literal) => format!("only {}", value(literal)),
        Question::Order(order, limit) => return format!("{} {}", sign(*order, negated), number(*limit)),
        Question::Pattern(patterns) => any_of(patterns),
        Question::ContainsPattern(patterns) => format!("a list with an element {}", any_of(patterns)),
        Question::Filled(template) => {
            let text = template.render(&|id| token.read_one(id), &|id| token.value(id).is_err());
            let written = token.profile.written(template);
            match text {
                Some(text) => format!("`{written}`, which is {}", Value::Text(text)),
                None => format!("`{written}`, which has no value"),
            }
        }
        Question::SameAs(other) => {
            let name = &token.profile[*other];
            match (token.floor(*other), token.value(*other)) {
                (Some(floor), _) => format!("the same as `{name}`, {}", number(floor)),
                (None, Ok(value)) => format!("the same as `{name}`, {value}"),
                (None, Err(_)) => format!("the same as `{name}`, which is absent"),
            }
        }
    };
    if negated {
        format!("anything but {positive}")
    } else {
        positive
    }
}

/// Returns the operator of an order, or that of its negation.
fn sign(order: Order, negated: bool) -> &'static str {
    match (order, negated) {
        (Order::Greater, false) | (Order::LessEqual, true) => ">",
        (Order::GreaterEqual, false) | (Order::Less, true) => ">=",
        (Order::Less, false) | (Order::GreaterEqual, true) => "<",
        (Order::LessEqual, false) | (Order::Greater, true) => "<=",
    }
}

/// Joins values; of many, the first ones and the number of the others.
fn few(shown: impl ExactSizeIterator<Item = String>, between: &str) -> String {
    let mut shown = shown;
    let first: Vec<String> = shown.by_ref().take(MAX_SHOWN).collect();
    let first = first.join(between);
    match shown.len() {
        0 => first,
        more => format!("{first}{between}{more} more"),
    }
}

/// Returns patterns with their operators.
fn any_of(patterns: &[Pattern]) -> String {
    let shown = patterns
        .iter()
        .map(|pattern| format!("{} {pattern}", operator(pattern)));
    few(shown, " or ")
}

fn operator(pattern: &Pattern) -> &'static str {
    match pattern {
        Pattern::Glob(_) => "glob",
        Pattern::Like(_) => "like",
        Pattern::Matches(_) => "matches",
        Pattern::Under(_) => "under",
    }
}
