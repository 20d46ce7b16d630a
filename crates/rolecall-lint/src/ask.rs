//! Conditions for questions to the analysis.

use rolecall_engine::ir::{Clause, Formula, Question};
use rolecall_engine::pattern::Pattern;
use rolecall_engine::{ClaimId, Literal, Scalar};
use std::sync::Arc;

fn comparison(claim: ClaimId, question: Question) -> Formula {
    Formula::compare(claim, question)
}

/// The claim is one of these texts.
pub(crate) fn one_of<T: Into<String>>(claim: ClaimId, texts: impl IntoIterator<Item = T>) -> Formula {
    let literals = texts.into_iter().map(|text| Literal::Text(text.into().into()));
    comparison(claim, Question::OneOf(literals.collect()))
}

/// The claim is this bool.
pub(crate) fn is(claim: ClaimId, value: bool) -> Formula {
    comparison(claim, Question::OneOf(Literal::Bool(value).into()))
}

/// The claim is one of these paths, or below one of them.
pub(crate) fn under<T: Into<Box<str>>>(claim: ClaimId, paths: impl IntoIterator<Item = T>) -> Formula {
    let patterns: Vec<Pattern> = paths
        .into_iter()
        .map(|path| Pattern::Under(path.into()))
        .collect();
    comparison(claim, Question::Pattern(patterns.into()))
}

/// The claim matches a pattern.
pub(crate) fn fits(claim: ClaimId, pattern: Pattern) -> Formula {
    comparison(claim, Question::Pattern([pattern].into()))
}

/// The token has the claim.
pub(crate) fn has(claim: ClaimId) -> Formula {
    comparison(claim, Question::Present)
}

/// Two claims are equal.
pub(crate) fn same(left: ClaimId, right: ClaimId) -> Formula {
    comparison(left, Question::SameAs(right))
}

/// The formula is FALSE. If a claim is absent, neither this nor the formula holds.
pub(crate) fn not(formula: Formula) -> Formula {
    Formula::Not(Arc::new(formula))
}

/// Each holds.
pub(crate) fn all(parts: impl IntoIterator<Item = Formula>) -> Formula {
    Formula::All(parts.into_iter().collect())
}

/// One holds.
pub(crate) fn any(parts: impl IntoIterator<Item = Formula>) -> Formula {
    Formula::Any(parts.into_iter().collect())
}

/// A clause holds, with its guards.
pub(crate) fn whole(clause: &Clause) -> Formula {
    all(clause.conditions().cloned())
}

/// The guards of a clause hold.
pub(crate) fn guards(clause: &Clause) -> Formula {
    all(clause.guards().iter().map(|guard| guard.condition.clone()))
}

/// A claim is present and has a value of its type.
pub(crate) fn well_typed(claim: ClaimId, scalar: &Scalar) -> Option<Formula> {
    let some = match scalar {
        Scalar::Bool(_) => is(claim, true),
        Scalar::Enum { values, .. } => one_of(claim, values.first().cloned()),
        Scalar::Id(_) => one_of(claim, ["0"]),
        Scalar::Path(_) | Scalar::Ref | Scalar::Text => one_of(claim, ["a"]),
        _ => return None,
    };
    Some(any([some.clone(), not(some)]))
}
