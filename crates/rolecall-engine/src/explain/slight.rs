//! Slight differences of a value from an accepted text, which readers overlook.

use crate::claim_type::{Literal, Typed};
use crate::ir::Question;
use crate::value::Value;

/// A difference of a value from an accepted text that readers overlook.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Slight {
    /// Only upper and lower case differ.
    Case,
    /// Only ids after `@` differ: `acme@72/shop@4242` and `acme/shop`.
    Ids,
}

impl Slight {
    /// Returns the permanent code.
    pub fn code(self) -> &'static str {
        match self {
            Self::Case => "case",
            Self::Ids => "ids",
        }
    }
}

/// Returns the slight difference of a value that a question does not accept.
pub(super) fn slight(question: &Question, actual: Option<&Value>) -> Option<Slight> {
    let Some(Value::Text(actual)) = actual else {
        return None;
    };
    let lower = actual.to_lowercase();
    if accepts(question, &|text| text.to_lowercase() == lower, &lower) {
        return Some(Slight::Case);
    }
    let bare = without_ids(actual);
    accepts(question, &|text| without_ids(text) == bare, &bare).then_some(Slight::Ids)
}

/// Returns whether a question has such a text, or a pattern that accepts a value.
fn accepts(question: &Question, is_text: &dyn Fn(&str) -> bool, value: &str) -> bool {
    match question {
        Question::OneOf(literals) => literals.iter().any(|literal: &Literal| match literal {
            Typed::Text(text) => is_text(text),
            Typed::Bool(_) | Typed::Int(_) => false,
        }),
        Question::Pattern(patterns) => patterns.iter().any(|pattern| pattern.accepts(value)),
        _ => false,
    }
}

/// Returns a text without the ids after `@`.
fn without_ids(text: &str) -> String {
    let mut pieces = text.split('@');
    let mut bare = pieces.next().unwrap_or("").to_owned();
    for piece in pieces {
        let rest = piece.trim_start_matches(|c: char| c.is_ascii_digit());
        if rest.len() == piece.len() {
            bare.push('@');
        }
        bare.push_str(rest);
    }
    bare
}

#[cfg(test)]
mod tests {
    use super::without_ids;

    #[test]
    fn only_numbers_after_an_at_sign_are_ids() {
        assert_eq!(
            without_ids("repo:acme@72/shop@4242:ref:x"),
            "repo:acme/shop:ref:x"
        );
        assert_eq!(without_ids("a.yml@refs/heads/main"), "a.yml@refs/heads/main");
        assert_eq!(without_ids("plain"), "plain");
    }
}
