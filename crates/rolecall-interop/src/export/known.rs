//! Facts about the tokens of an alternative, which follow from its demands.

use super::alternatives::{Alternative, Demand};
use super::texts::{Texts, text, texts};
use rolecall_engine::ir::{Formula, Question};
use rolecall_engine::{ClaimId, Scalar};

impl Alternative<'_> {
    /// Returns the texts that a claim may have, if its demands say it. They are all of those texts, and can be more.
    pub(super) fn texts(&self, claim: ClaimId) -> Option<Vec<Texts>> {
        let (mut exact, mut patterns, mut filled) = (None, None, None);
        let mut is_asked = false;
        for demand in self.demands_on(claim) {
            match demand.question {
                Question::OneOf(literals) | Question::ContainsAny(literals) if demand.holds => {
                    let texts: Vec<String> = texts(literals);
                    let both =
                        |exact: Vec<String>| exact.into_iter().filter(|text| texts.contains(text)).collect();
                    exact = Some(exact.map_or_else(|| texts.clone(), both));
                }
                Question::Only(literal) if demand.holds => exact = Some(vec![text(literal)]),
                Question::Pattern(group) | Question::ContainsPattern(group) if demand.holds => {
                    patterns.get_or_insert(group);
                }
                Question::Filled(template) if demand.holds => {
                    filled.get_or_insert(template);
                }
                Question::OneOf(_) | Question::Pattern(_) => is_asked = true,
                _ => {}
            }
        }
        let all =
            || all(self.profile()[claim].claim_type.scalar()).filter(|_| is_asked || patterns.is_some());
        let Some(mut exact) = exact.or_else(all) else {
            let of_template = |parts| self.filled(parts).into_iter().map(Texts::of_pieces).collect();
            return match (patterns, filled) {
                (Some(patterns), _) => Some(patterns.iter().flat_map(Texts::of).collect()),
                (None, filled) => filled.map(|template| of_template(&template.parts)),
            };
        };
        exact.retain(|text| {
            self.demands_on(claim)
                .all(|demand| demand.fits(text) != Some(!demand.holds))
        });
        Some(exact.into_iter().map(Texts::Exactly).collect())
    }

    /// Returns whether tokens have a claim, if the demands say it.
    pub(super) fn has(&self, claim: ClaimId) -> Option<bool> {
        let mut has = (!self.profile()[claim].optional).then_some(true);
        for demand in self.demands_on(claim) {
            has = match demand.question {
                Question::Present => return Some(demand.holds),
                Question::Null | Question::Fits(_) => has,
                // A comparison is neither true nor false without the claim.
                _ => Some(true),
            };
        }
        has
    }

    /// Returns the value of a condition, if the demands say it.
    pub(super) fn truth(&self, condition: &Formula) -> Option<bool> {
        match condition {
            Formula::All(parts) => self.joined(parts, true),
            Formula::Any(parts) => self.joined(parts, false),
            Formula::Not(part) => self.truth(part).map(|value| !value),
            Formula::Atom(atom, _) => match &atom.question {
                Question::Present => self.has(atom.claim),
                Question::OneOf(literals) => {
                    let known = self.texts(atom.claim)?;
                    let wanted = texts(literals);
                    let is_wanted = |texts: &Texts| match texts {
                        Texts::Exactly(text) => Some(wanted.contains(text)),
                        Texts::Like { .. } => None,
                    };
                    let first = is_wanted(known.first()?)?;
                    known
                        .iter()
                        .all(|texts| is_wanted(texts) == Some(first))
                        .then_some(first)
                }
                _ => None,
            },
            Formula::External(..) | Formula::Unknown => None,
        }
    }

    fn joined(&self, parts: &[Formula], unit: bool) -> Option<bool> {
        let mut value = Some(unit);
        for part in parts {
            match self.truth(part) {
                Some(part) if part != unit => return Some(part),
                Some(_) => {}
                None => value = None,
            }
        }
        value
    }
}

impl Demand<'_> {
    /// Returns whether a text fulfils the question, if it is about single texts.
    fn fits(&self, value: &str) -> Option<bool> {
        match self.question {
            Question::OneOf(literals) => Some(literals.iter().any(|literal| text(literal) == value)),
            Question::Pattern(patterns) => Some(patterns.iter().any(|pattern| pattern.accepts(value))),
            _ => None,
        }
    }
}

/// Returns the texts of all values of a type, if they are few.
fn all(scalar: &Scalar) -> Option<Vec<String>> {
    match scalar {
        Scalar::Bool(_) => Some(vec!["true".to_owned(), "false".to_owned()]),
        Scalar::Enum { values, open: false } => Some(values.to_vec()),
        _ => None,
    }
}
