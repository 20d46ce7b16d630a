//! What a clause asks for without fail.

use crate::clause::{ClauseView, Constraint};
use rolecall_engine::ClaimId;
use rolecall_engine::ir::Question;

impl ClauseView<'_> {
    /// Whether one of some claims must be one of some literals, or fit a pattern.
    pub(crate) fn narrows_any(&self, names: &[&str]) -> bool {
        let mut claims = names.iter().filter_map(|name| self.claim(name));
        claims.any(|claim| self.narrows(claim))
    }

    /// Whether a claim must be one of some literals, or fit a pattern.
    pub(crate) fn narrows(&self, claim: ClaimId) -> bool {
        self.constraints_on(claim).any(Constraint::narrows)
    }

    /// Whether a bool must be true.
    pub(crate) fn requires(&self, claim: ClaimId) -> bool {
        let mut constraints = self.constraints_on(claim).filter(|one| one.required);
        constraints.any(|one| match &one.atom.question {
            Question::OneOf(literals) => literals
                .iter()
                .all(|value| (value.to_string() == "true") == one.wanted),
            _ => false,
        })
    }

    /// Whether the ref must be protected.
    pub(crate) fn requires_protected_ref(&self) -> bool {
        self.claim("ref_protected")
            .is_some_and(|claim| self.requires(claim))
    }
}

impl Constraint<'_> {
    /// Whether nobody gets in whose claim is not one of some literals, or does not fit a pattern.
    pub(crate) fn narrows(&self) -> bool {
        self.required && self.names()
    }

    /// Whether it asks for one of some literals, or a pattern.
    pub(crate) fn names(&self) -> bool {
        self.wanted && matches!(self.atom.question, Question::OneOf(_) | Question::Pattern(_))
    }

    /// The literals that it asks for.
    pub(crate) fn literals(&self) -> Vec<String> {
        match &self.atom.question {
            Question::OneOf(literals) if self.wanted => literals.iter().map(ToString::to_string).collect(),
            _ => Vec::new(),
        }
    }
}
