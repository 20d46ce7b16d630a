//! Conditions of a statement.

use crate::export::alternatives::{Alternative, Demand};
use crate::export::texts::{Texts, text};
use rolecall_engine::ClaimId;
use rolecall_engine::ir::Question;
use rolecall_engine::pattern::WildcardPiece;
use serde_json::{Map, Value as Json, json};

/// The operators of a statement, each with keys and their values.
#[derive(Clone, Default, PartialEq)]
pub(super) struct Conditions(pub(super) Map<String, Json>);

impl Conditions {
    fn add(&mut self, operator: &str, key: &str, values: Vec<String>) {
        let keys = self.0.entry(operator).or_insert_with(|| json!({}));
        let value = match <[String; 1]>::try_from(values) {
            Ok([only]) => json!(only),
            Err(values) => json!(values),
        };
        if let Json::Object(keys) = keys {
            keys.insert(key.to_owned(), value);
        }
    }

    /// Adds the condition that a key has one of some texts. `not` is an empty text, or `Not`.
    pub(super) fn put(&mut self, key: &str, texts: &[Texts], not: &str) {
        let is_plain = |texts: &Texts| matches!(texts, Texts::Exactly(text) if !text.contains('$'));
        match texts.iter().all(is_plain) {
            true => {
                let values = texts.iter().filter_map(|texts| match texts {
                    Texts::Exactly(text) => Some(text.clone()),
                    Texts::Like { .. } => None,
                });
                self.add(&format!("String{not}Equals"), key, values.collect());
            }
            false => {
                let values = texts.iter().map(|texts| written(&texts.pieces()));
                self.add(&format!("String{not}Like"), key, values.collect());
            }
        }
    }

    /// Adds the demands on a claim.
    pub(super) fn compare(&mut self, key: &str, alternative: &Alternative<'_>, claim: ClaimId) {
        match alternative.texts(claim) {
            Some(texts) => self.put(key, &texts, ""),
            None => {
                let not: Vec<Texts> = alternative.demands_on(claim).flat_map(excluded).collect();
                if !not.is_empty() {
                    self.put(key, &not, "Not");
                }
                // A negated operator also holds without the key.
                match alternative.has(claim) {
                    Some(true) => self.add("Null", key, vec!["false".to_owned()]),
                    Some(false) => self.add("Null", key, vec!["true".to_owned()]),
                    None => {}
                }
            }
        }
    }
}

/// Returns the texts that a demand excludes.
fn excluded(demand: &Demand<'_>) -> Vec<Texts> {
    match demand.question {
        Question::OneOf(literals) if !demand.holds => literals
            .iter()
            .map(|literal| Texts::Exactly(text(literal)))
            .collect(),
        Question::Pattern(patterns) if !demand.holds => patterns.iter().flat_map(Texts::of).collect(),
        _ => Vec::new(),
    }
}

/// Returns a wildcard as `StringLike` has it. (IAM User Guide, "IAM policy elements: Variables and tags", "Policy variables with
/// no value" and the special characters.)
fn written(pieces: &[WildcardPiece]) -> String {
    let piece = |piece: &WildcardPiece| match piece {
        WildcardPiece::One => "?".to_owned(),
        WildcardPiece::Run => "*".to_owned(),
        WildcardPiece::Text(text) => {
            let escaped = |c: char| match c {
                '*' | '?' | '$' => format!("${{{c}}}"),
                other => other.to_string(),
            };
            text.chars().map(escaped).collect()
        }
    };
    pieces.iter().map(piece).collect()
}
