//! Explained comparisons: the token's value beside the accepted ones.

use super::accepted::accepted;
use super::contradiction::Contradiction;
use super::slight::{Slight, slight};
use crate::diagnostic::Location;
use crate::evaluate::{ProfileView, Truth, Unknown, lookup};
use crate::id::ClaimId;
use crate::ir::Atom;
use crate::value::Value;
use std::collections::HashSet;
use std::sync::Arc;

/// The outcome of a comparison.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Comparison {
    /// The location of the comparison.
    pub location: Location,
    /// The claim, as it is written in policies.
    pub claim: String,
    /// The value of the comparison. Under a `!` it is already negated.
    pub truth: Truth,
    /// The reason that it is UNKNOWN, if it is.
    pub unknown: Option<Unknown>,
    /// The token's value; `None` if it does not have the claim.
    pub actual: Option<Value>,
    /// The value that is compared, if it is not what the token writes: the floor of a time.
    pub floor: Option<i64>,
    /// The accepted values, in words.
    pub accepted: String,
    /// The slight difference of a FALSE comparison's value from an accepted one.
    pub slight: Option<Slight>,
    /// The values that the claim could have by its derivations, if it contradicts them.
    pub derived: Vec<String>,
    /// The reason that it contradicts them, if it does.
    pub contradiction: Option<Arc<Contradiction>>,
}

/// Explains a comparison, without the cause of a contradiction.
pub(super) fn compare(atom: &Atom, location: Location, negated: bool, token: &ProfileView<'_>) -> Comparison {
    let outcome = token.compare(atom);
    let truth = outcome.map_or(Truth::Unknown, Truth::from);
    let definition = &token.profile[atom.claim];
    let unknown = outcome.err();
    let is_contradiction = unknown == Some(Unknown::Contradiction);
    let derived = if is_contradiction {
        let own = token
            .derivations
            .iter()
            .filter(|derivation| derivation.claim == atom.claim);
        // Optional parts make derivations that give the same text.
        let mut seen = HashSet::new();
        own.filter_map(|derivation| token.derive(derivation))
            .filter(|text| seen.insert(text.clone()))
            .collect()
    } else {
        Vec::new()
    };
    let actual = lookup(token.claims, &definition.path).map(Value::from);
    let is_false = outcome == Ok(false) && !negated;
    let slight = slight(&atom.question, actual.as_ref().filter(|_| is_false));
    Comparison {
        location,
        claim: definition.to_string(),
        truth: if negated { !truth } else { truth },
        unknown,
        actual,
        slight,
        floor: token.floor(atom.claim),
        accepted: accepted(atom, negated, token),
        derived,
        contradiction: None,
    }
}

/// Returns the claim of a comparison that contradicts the claims that it is derived from.
pub(super) fn contradicted(atom: &Atom, token: &ProfileView<'_>) -> Option<ClaimId> {
    let mut claims = std::iter::once(atom.claim).chain(atom.question.other_claims());
    claims.find(|claim| token.read(*claim).err() == Some(Unknown::Contradiction))
}
