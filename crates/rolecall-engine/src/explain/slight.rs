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
    /// Only the prefix of a full ref differs: `refs/heads/main` and `main`.
    RefPrefix,
}

impl Slight {
    /// Returns the permanent code.
    pub fn code(self) -> &'static str {
        match self {
            Self::Case => "case",
            Self::Ids => "ids",
            Self::RefPrefix => "ref_prefix",
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
    if accepts(question, &|text| without_ids(text) == bare, &bare) {
        return Some(Slight::Ids);
    }
    let short = short(actual);
    let is_accepted = |value: &str| accepts(question, &|text| self::short(text) == short, value);
    let fulls = REF_PREFIXES.map(|prefix| format!("{prefix}{actual}"));
    let differs = is_accepted(&short) || fulls.iter().any(|full| is_accepted(full));
    differs.then_some(Slight::RefPrefix)
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

/// The prefixes of full refs.
const REF_PREFIXES: [&str; 2] = ["refs/heads/", "refs/tags/"];

/// Returns a text with short refs instead of full ones.
fn short(text: &str) -> String {
    let [heads, tags] = REF_PREFIXES;
    text.replace(heads, "").replace(tags, "")
}

/// Returns a `sub` without the ids that follow its names: `acme@72/shop@4242` is `acme/shop`.
pub fn without_ids(subject: &str) -> String {
    let Some((first, rest)) = subject.split_once('@') else {
        return subject.to_owned();
    };
    rest.split('@').fold(first.to_owned(), |start, part| {
        let rest = part.trim_start_matches(|c: char| c.is_ascii_digit());
        let is_id = rest.len() < part.len() && (rest.is_empty() || rest.starts_with(['/', ':']));
        if is_id {
            start + rest
        } else {
            format!("{start}@{part}")
        }
    })
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
        assert_eq!(without_ids("a@1.yml"), "a@1.yml");
        assert_eq!(without_ids("plain"), "plain");
    }
}
