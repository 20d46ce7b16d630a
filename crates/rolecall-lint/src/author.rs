//! Claims whose values the author of a job chooses.

use crate::clause::ClauseView;
use rolecall_engine::ir::{ClaimDefinition, Question, Trust};
use rolecall_engine::{ClaimId, Scalar};
use std::collections::BTreeSet;

/// Returns whether a clause compares claims that the author of the job chooses, and otherwise only claims of
/// the project. Other rules check refs and environments, which can be protected.
pub(crate) fn only_author_decides(view: &ClauseView<'_>) -> bool {
    let mut others = BTreeSet::new();
    for constraint in &view.constraints {
        let claim = constraint.atom.claim;
        match &constraint.atom.question {
            // A whole `sub` also has the ref or the environment in it.
            Question::OneOf(_) => others.extend(view.with_parts(claim)),
            _ => others.extend([claim]),
        }
    }
    others.retain(|claim| !view.is_tenant(*claim));
    !others.is_empty() && others.into_iter().all(|claim| is_chosen_by_author(view, claim))
}

/// Returns whether the author of the job chooses the value of a claim, and nothing protects it.
pub(crate) fn is_chosen_by_author(view: &ClauseView<'_>, claim: ClaimId) -> bool {
    let can_be_protected = |definition: &ClaimDefinition| {
        *definition.claim_type.scalar() == Scalar::Ref || view.claim("environment") == Some(claim)
    };
    let definition = view.definition(claim);
    definition.trust == Trust::Author && !can_be_protected(definition)
}
