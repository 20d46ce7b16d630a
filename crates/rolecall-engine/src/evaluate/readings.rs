//! Readings of one token for many comparisons: its derived claims are made once.

use super::{ProfileView, Reading, Unknown};
use crate::document::Json;
use crate::id::ClaimId;
use crate::ir::{Atom, Question};
use std::collections::HashMap;

/// A token as an issuer's profile reads it, with the texts of its derived claims.
pub(crate) struct Readings<'a> {
    pub(crate) token: ProfileView<'a>,
    derived: HashMap<ClaimId, Derived>,
}

/// A derived claim.
struct Derived {
    /// The texts that the derivations make of the token's other claims.
    texts: Vec<String>,
    /// True if a derivation is made of other derived claims, so that other texts are possible.
    is_chained: bool,
    /// True if the token's value equals none of the texts.
    is_contradicted: bool,
}

impl<'a> Readings<'a> {
    pub(crate) fn new(token: ProfileView<'a>) -> Self {
        let mut derived: HashMap<ClaimId, Derived> = HashMap::new();
        for derivation in token.derivations {
            let claim = derivation.claim;
            let known = derived.entry(claim).or_insert_with(|| Derived {
                texts: Vec::new(),
                is_chained: false,
                is_contradicted: token.read(claim) == Err(Unknown::Contradiction),
            });
            known.texts.extend(token.derive(derivation));
            let mut parts = derivation.template.claims();
            known.is_chained |= parts.any(|(claim, _)| token.is_derived(claim));
        }
        Self { token, derived }
    }

    /// Returns true if the issuer derives a claim.
    pub(crate) fn is_derived(&self, claim: ClaimId) -> bool {
        self.derived.contains_key(&claim)
    }

    /// Compares as [`ProfileView::compare`] does, in less time for a derived claim.
    pub(crate) fn compare(&self, atom: &Atom) -> Result<bool, Unknown> {
        let derived = match atom.question {
            Question::Fits(_) | Question::Null | Question::Present | Question::SameAs(_) => None,
            Question::Filled(_) => None,
            _ => self.derived.get(&atom.claim),
        };
        let Some(derived) = derived else {
            return self.token.compare(atom);
        };
        let reading = self.token.typed(atom.claim)?;
        if derived.is_contradicted {
            return Err(Unknown::Contradiction);
        }
        self.token.answer(&atom.question, &reading)
    }

    /// Returns true if a comparison of a derived claim would have an answer with another text that the token's other
    /// claims allow.
    pub(crate) fn may_follow(&self, atom: &Atom, answer: bool) -> bool {
        let Some(derived) = self.derived.get(&atom.claim) else {
            return false;
        };
        // Whether the claim is there, or fits, is up to its derivation.
        if derived.is_chained
            || matches!(
                atom.question,
                Question::Fits(_) | Question::Null | Question::Present
            )
        {
            return true;
        }
        let scalar = self.token.profile[atom.claim].claim_type.scalar();
        derived.texts.iter().any(|text| {
            let value = scalar.read(Json::Text(text));
            value.is_some_and(|value| self.token.answer(&atom.question, &Reading::One(value)) == Ok(answer))
        })
    }
}
