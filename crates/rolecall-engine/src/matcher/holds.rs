//! Whether a condition holds: with `!` pushed to the comparisons, each of which is plainly false unless its claim is there
//! and well typed. So there are two values, and what comes first may decide.

use super::nnf::Nnf;
use super::view::View;
use super::word::Word;
use crate::claim_type::ClaimType;
use crate::ir::{Atom, Question};

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

    /// Whether a comparison, or its opposite, is TRUE.
    pub(super) fn comparison_holds(&self, atom: &Atom, negated: bool) -> bool {
        if matches!(atom.question, Question::Present) {
            return self.value(atom.claim).is_some() != negated;
        }
        // Whether the claims can be compared is asked last: most comparisons are decided without.
        self.answer(atom).is_some_and(|answer| answer != negated)
            && self.is_known(atom.claim)
            && match atom.question {
                Question::SameAs(other) => self.is_known(other),
                _ => true,
            }
    }

    /// The answer to a question, if the claims can be compared.
    fn answer(&self, atom: &Atom) -> Option<bool> {
        if matches!(self.claim_type(atom.claim)?, ClaimType::List(_)) {
            return self.answer_of_list(atom);
        }
        let word = self.word(atom.claim)?;
        Some(match &atom.question {
            Question::OneOf(literals) => word.is_among(literals),
            Question::Order(order, literal) => match word {
                Word::Int(number) => order.holds(number, *literal),
                _ => false,
            },
            Question::Pattern(patterns) => {
                let text = word.as_text()?;
                patterns.iter().any(|pattern| pattern.accepts(text))
            }
            Question::SameAs(other) => word == self.word(*other)?,
            // Lowering asks these of lists, or they were answered.
            Question::ContainsAll(_) | Question::ContainsAny(_) | Question::Only(_) | Question::Present => {
                false
            }
        })
    }

    fn answer_of_list(&self, atom: &Atom) -> Option<bool> {
        let words = self.words(atom.claim)?;
        Some(match &atom.question {
            Question::ContainsAll(literals) => literals
                .iter()
                .all(|literal| words.clone().flatten().any(|word| word.is(literal))),
            Question::ContainsAny(literals) => words.flatten().any(|word| word.is_among(literals)),
            Question::Only(literal) => {
                let mut words = words.flatten();
                words.next().is_some_and(|word| word.is(literal)) && words.all(|word| word.is(literal))
            }
            // Lowering asks these of single values.
            Question::OneOf(_)
            | Question::Order(..)
            | Question::Pattern(_)
            | Question::Present
            | Question::SameAs(_) => false,
        })
    }
}
