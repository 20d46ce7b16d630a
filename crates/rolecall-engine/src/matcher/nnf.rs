//! Conditions in negation normal form: `!` is pushed to the comparisons.

use crate::ir::{Atom, Formula};
use std::sync::Arc;

/// A condition without `!` around more than one comparison. It borrows a formula, and is made level by level.
#[derive(Clone, Copy)]
pub(super) enum Nnf<'f> {
    /// Every part holds.
    All(Parts<'f>),
    /// One of the parts holds.
    Any(Parts<'f>),
    /// The comparison is TRUE.
    Is(&'f Arc<Atom>),
    /// The comparison is FALSE.
    IsNot(&'f Arc<Atom>),
    /// Neither the condition nor its opposite ever holds.
    Unknown,
}

/// The parts of a condition.
#[derive(Clone, Copy)]
pub(super) struct Parts<'f> {
    formulas: &'f [Formula],
    negated: bool,
}

impl<'f> Nnf<'f> {
    /// Returns the normal form of a condition.
    #[inline]
    pub(super) fn new(formula: &'f Formula) -> Self {
        Self::of(formula, false)
    }

    /// Returns the normal form of a condition, or of its opposite.
    #[inline]
    fn of(mut formula: &'f Formula, mut negated: bool) -> Self {
        while let Formula::Not(inner) = formula {
            (formula, negated) = (inner, !negated);
        }
        let parts = |formulas| Parts { formulas, negated };
        match (formula, negated) {
            (Formula::All(formulas), false) | (Formula::Any(formulas), true) => Self::All(parts(formulas)),
            (Formula::Any(formulas), false) | (Formula::All(formulas), true) => Self::Any(parts(formulas)),
            (Formula::Atom(atom, _), false) => Self::Is(atom),
            (Formula::Atom(atom, _), true) => Self::IsNot(atom),
            (Formula::External(..) | Formula::Not(_) | Formula::Unknown, _) => Self::Unknown,
        }
    }
}

impl<'f> Parts<'f> {
    /// Returns the parts in order.
    #[inline]
    pub(super) fn iter(self) -> impl Iterator<Item = Nnf<'f>> {
        self.formulas
            .iter()
            .map(move |formula| Nnf::of(formula, self.negated))
    }
}

#[cfg(test)]
mod tests {
    use super::Nnf;
    use crate::claim_type::Typed;
    use crate::id::ClaimId;
    use crate::ir::{Formula, Literals, Question};
    use std::sync::Arc;

    fn atom(claim: u32) -> Formula {
        let question = Question::OneOf(Literals::from(Typed::Bool(true)));
        Formula::compare(ClaimId::of_number(claim), question)
    }

    fn text(condition: Nnf<'_>) -> String {
        let join = |parts: super::Parts<'_>, word: &str| {
            let parts: Vec<String> = parts.iter().map(text).collect();
            format!("({})", parts.join(word))
        };
        match condition {
            Nnf::All(parts) => join(parts, " && "),
            Nnf::Any(parts) => join(parts, " || "),
            Nnf::Is(atom) => atom.claim.number().to_string(),
            Nnf::IsNot(atom) => format!("!{}", atom.claim.number()),
            Nnf::Unknown => "?".to_owned(),
        }
    }

    #[test]
    fn opposites_are_pushed_to_the_comparisons() {
        let not = |formula| Formula::Not(Arc::new(formula));
        let both = Formula::All([atom(1), not(atom(2))].into());
        let either = Formula::Any([atom(3), both, Formula::Unknown].into());
        assert_eq!(text(Nnf::new(&either)), "(3 || (1 && !2) || ?)");
        assert_eq!(text(Nnf::new(&not(either.clone()))), "(!3 && (!1 || 2) && ?)");
        assert_eq!(text(Nnf::new(&not(not(not(either))))), "(!3 && (!1 || 2) && ?)");
    }
}
