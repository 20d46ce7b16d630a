//! Evaluation of conditions in negation normal form. A comparison is false unless its claim is present and
//! well typed, so there are two values, and the first part may decide.

use super::nnf::Nnf;
use super::scalar_value::ScalarValue;
use super::view::View;
use crate::claim_type::ClaimType;
use crate::hole::Hole;
use crate::ir::{Atom, Question};
use crate::pattern::Pattern;

impl View<'_> {
    /// Returns true if a condition is TRUE.
    pub(super) fn holds(&self, condition: Nnf<'_>) -> bool {
        match condition {
            Nnf::All(parts) => parts.iter().all(|part| self.holds(part)),
            Nnf::Any(parts) => parts.iter().any(|part| self.holds(part)),
            Nnf::Is(atom) => self.comparison_holds(atom, false),
            Nnf::IsNot(atom) => self.comparison_holds(atom, true),
            Nnf::Unknown => false,
        }
    }

    /// Returns true if a comparison, or the negated one, is TRUE.
    pub(super) fn comparison_holds(&self, atom: &Atom, negated: bool) -> bool {
        if matches!(atom.question, Question::Present) {
            return self.value(atom.claim).is_some() != negated;
        }
        match atom.question {
            Question::Null => return self.is_null(atom.claim) != negated,
            Question::Fits(filter) => {
                let claim = atom.claim;
                return self.fits(Hole { claim, filter }) != negated;
            }
            _ => {}
        }
        // Whether the claims are comparable is tested last, because most comparisons are decided without it.
        self.answer(atom).is_some_and(|answer| answer != negated)
            && self.is_comparable(atom.claim)
            && match atom.question {
                Question::SameAs(other) => self.is_comparable(other),
                _ => true,
            }
    }

    /// Returns the answer to a question, for claims that are comparable.
    fn answer(&self, atom: &Atom) -> Option<bool> {
        if matches!(self.claim_type(atom.claim), ClaimType::List(_)) {
            return self.answer_of_list(atom);
        }
        let value = self.scalar(atom.claim)?;
        Some(match &atom.question {
            Question::OneOf(literals) => value.is_among(literals),
            Question::Order(order, literal) => match value {
                ScalarValue::Int(number) => order.holds(number, *literal),
                _ => false,
            },
            Question::Pattern(patterns) => accepts(patterns, &value),
            Question::Filled(template) => {
                let is_filled = value.written(|text| self.is_text_of(&template.parts, text));
                if !is_filled && !self.has_text(&template.parts) {
                    return None;
                }
                is_filled
            }
            Question::SameAs(other) => value == self.scalar(*other)?,
            // Lowering asks these of lists, or they were answered.
            Question::ContainsAll(_)
            | Question::ContainsAny(_)
            | Question::ContainsPattern(_)
            | Question::Fits(_)
            | Question::Null
            | Question::Only(_)
            | Question::Present => false,
        })
    }

    fn answer_of_list(&self, atom: &Atom) -> Option<bool> {
        let values = self.scalars(atom.claim)?;
        Some(match &atom.question {
            Question::ContainsAll(literals) => literals
                .iter()
                .all(|literal| values.clone().flatten().any(|value| value.is(literal))),
            Question::ContainsAny(literals) => values.flatten().any(|value| value.is_among(literals)),
            Question::ContainsPattern(patterns) => values.flatten().any(|value| accepts(patterns, &value)),
            Question::Only(literal) => {
                let mut values = values.flatten();
                values.next().is_some_and(|value| value.is(literal)) && values.all(|value| value.is(literal))
            }
            // Lowering asks these of single values.
            Question::Filled(_)
            | Question::Fits(_)
            | Question::Null
            | Question::OneOf(_)
            | Question::Order(..)
            | Question::Pattern(_)
            | Question::Present
            | Question::SameAs(_) => false,
        })
    }
}

/// Returns true if one of the patterns accepts the text of a value.
fn accepts(patterns: &[Pattern], value: &ScalarValue<'_>) -> bool {
    let text = value.as_text();
    text.is_some_and(|text| patterns.iter().any(|pattern| pattern.accepts(text)))
}
