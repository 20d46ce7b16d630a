//! Requirements: what every token that a clause admits fulfils.

use crate::clause::{ClauseView, Constraint};
use rolecall_engine::ClaimId;
use rolecall_engine::ir::{Formula, Question};

impl ClauseView<'_> {
    /// Returns whether the clause requires one of some claims to be one of some literals, or to match a
    /// pattern.
    pub(crate) fn narrows_any(&self, names: &[&str]) -> bool {
        let mut claims = names.iter().filter_map(|name| self.claim(name));
        claims.any(|claim| self.narrows(claim))
    }

    /// Returns whether the clause requires a claim to be one of some literals, or to match a pattern.
    pub(crate) fn narrows(&self, claim: ClaimId) -> bool {
        self.constraints_on(claim).any(Constraint::narrows)
    }

    /// Returns whether the clause requires a bool to be true.
    pub(crate) fn requires(&self, claim: ClaimId) -> bool {
        let mut constraints = self.constraints_on(claim).filter(|one| one.required);
        constraints.any(|one| match &one.atom.question {
            Question::OneOf(literals) => literals
                .iter()
                .all(|value| (value.to_string() == "true") == one.wanted),
            _ => false,
        })
    }

    /// Returns whether the clause requires a protected ref.
    pub(crate) fn requires_protected_ref(&self) -> bool {
        self.claim("ref_protected")
            .is_some_and(|claim| self.requires(claim))
    }
}

impl Constraint<'_> {
    /// Returns whether every admitted token has one of some literals, or matches a pattern.
    pub(crate) fn narrows(&self) -> bool {
        self.required && self.names()
    }

    /// Returns whether the constraint is one of some literals, or a pattern.
    pub(crate) fn names(&self) -> bool {
        self.wanted && matches!(self.atom.question, Question::OneOf(_) | Question::Pattern(_))
    }

    /// Returns the comparison as a condition, whether it must hold or not.
    pub(crate) fn formula(&self) -> Formula {
        Formula::compare(self.atom.claim, self.atom.question.clone())
    }

    /// Returns the literals that it allows.
    pub(crate) fn literals(&self) -> Vec<String> {
        match &self.atom.question {
            Question::OneOf(literals) if self.wanted => literals.iter().map(ToString::to_string).collect(),
            _ => Vec::new(),
        }
    }
}
