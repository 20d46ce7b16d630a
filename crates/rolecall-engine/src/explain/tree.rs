//! Explained conditions: a tree with the value of each part.

use super::Room;
use super::comparison::{Comparison, compare, contradicted};
use crate::certain::next;
use crate::diagnostic::Location;
use crate::evaluate::{ProfileView, Truth, Unknown};
use crate::ir::{External, Formula, TrustedIssuer};
use std::sync::Arc;

/// A condition with its value for a token, in which no conjunction stands directly in another one, and no alternatives
/// in others. Negations are pushed down to the comparisons, so that a part that is not TRUE is a cause if the whole is
/// not TRUE.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum ConditionTree {
    /// A conjunction: TRUE if all parts are.
    All(Truth, Vec<Self>),
    /// Alternatives: TRUE if one part is.
    Any(Truth, Vec<Self>),
    /// A comparison.
    Comparison(Box<Comparison>),
    /// An external condition, which no token decides: UNKNOWN.
    External(Arc<External>, Location),
    /// A part without a meaning for tokens: UNKNOWN.
    Unknown,
    /// A comparison that is not explained, because there are too many, and its value.
    LeftOut(Truth),
}

impl ConditionTree {
    /// Returns the value of the condition.
    pub fn truth(&self) -> Truth {
        match self {
            Self::All(truth, _) | Self::Any(truth, _) | Self::LeftOut(truth) => *truth,
            Self::Comparison(comparison) => comparison.truth,
            Self::External(..) | Self::Unknown => Truth::Unknown,
        }
    }

    /// Returns the parts of a conjunction or of alternatives.
    pub fn parts(&self) -> &[Self] {
        match self {
            Self::All(_, parts) | Self::Any(_, parts) => parts,
            Self::Comparison(_) | Self::External(..) | Self::LeftOut(_) | Self::Unknown => &[],
        }
    }

    /// Returns the comparisons, in the order of the text.
    pub fn comparisons(&self) -> Vec<&Comparison> {
        let mut found = Vec::new();
        self.collect(false, &mut found);
        found
    }

    /// Returns the comparisons that keep the condition from being TRUE, in the order of the text: those that are
    /// not TRUE in parts that are not TRUE.
    pub fn causes(&self) -> Vec<&Comparison> {
        let mut found = Vec::new();
        self.collect(true, &mut found);
        found
    }

    fn collect<'t>(&'t self, only_causes: bool, found: &mut Vec<&'t Comparison>) {
        if only_causes && self.truth() == Truth::True {
            return;
        }
        match self {
            Self::Comparison(comparison) => found.push(comparison),
            _ => self
                .parts()
                .iter()
                .for_each(|part| part.collect(only_causes, found)),
        }
    }
}

/// Explains a condition for a token of an issuer, or its negation.
pub(super) fn explain(
    formula: &Formula,
    negated: bool,
    issuer: &TrustedIssuer,
    token: &ProfileView<'_>,
    room: &mut Room<'_>,
) -> ConditionTree {
    match formula {
        Formula::All(parts) | Formula::Any(parts) => {
            let is_all = matches!(formula, Formula::All(_)) != negated;
            let explained = parts
                .iter()
                .map(|part| explain(part, negated, issuer, token, room));
            // A named condition is a part like others of the conjunction that it stands in.
            let parts: Vec<ConditionTree> = explained
                .flat_map(|part| match part {
                    ConditionTree::All(_, inner) if is_all => inner,
                    ConditionTree::Any(_, inner) if !is_all => inner,
                    part => vec![part],
                })
                .collect();
            let truths = parts.iter().map(ConditionTree::truth);
            if is_all {
                ConditionTree::All(truths.fold(Truth::True, Truth::min), parts)
            } else {
                ConditionTree::Any(truths.fold(Truth::False, Truth::max), parts)
            }
        }
        Formula::Atom(atom, _) if *room.left == 0 => {
            room.left_out = next(room.left_out);
            let truth = token.compare(atom).map_or(Truth::Unknown, Truth::from);
            ConditionTree::LeftOut(if negated { !truth } else { truth })
        }
        Formula::Atom(atom, location) => {
            // The last comparison is explained even if less than its price is left.
            *room.left = room.left.saturating_sub(room.price);
            let mut comparison = compare(atom, *location, negated, token);
            if comparison.unknown == Some(Unknown::Contradiction) {
                let claim = contradicted(atom, token);
                comparison.contradiction =
                    claim.map(|claim| room.contradictions.of(claim, issuer, token, room.left));
            }
            ConditionTree::Comparison(Box::new(comparison))
        }
        Formula::Not(part) => explain(part, !negated, issuer, token, room),
        Formula::External(external, location) => ConditionTree::External(Arc::clone(external), *location),
        Formula::Unknown => ConditionTree::Unknown,
    }
}
