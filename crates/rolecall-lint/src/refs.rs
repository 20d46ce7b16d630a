//! Refs: the branches and tags that a clause admits.

use crate::ask;
use crate::clause::{ClauseView, Constraint};
use crate::context::RuleContext;
use crate::harm::Harm;
use crate::outline::always_contains;
use crate::severity::Severity;
use crate::tells::asks_for_tenant;
use crate::vocabulary::{COMMITS, CONFIGURATIONS, REVIEWS};
use rolecall_analysis::Witness;
use rolecall_engine::ClaimId;
use rolecall_engine::ir::{Formula, Question};

/// A branch that no policy names.
const UNWRITTEN: &str = "somebodys-own-branch";

/// Returns a token of an unprotected branch that the clause does not name. `None` if the clause does not
/// restrict the tenant: another rule reports that, which is worse.
pub(crate) fn of_any_ref(view: &ClauseView<'_>, context: &mut RuleContext<'_, '_>) -> Option<Box<Witness>> {
    view.any_ref.get_or_init(|| search_any_ref(view, context)).clone()
}

fn search_any_ref(view: &ClauseView<'_>, context: &mut RuleContext<'_, '_>) -> Option<Box<Witness>> {
    let name = view.code_ref()?;
    if view.requires_protected_ref()
        || view.pins(name)
        || view.narrows_any(&COMMITS)
        || view.narrows_any(&CONFIGURATIONS)
        || !asks_for_tenant(view)
        || is_of_reviews(view)
        || is_in_subject(view)
    {
        return None;
    }
    context.admits(view, ask::all([unnamed(view, name), unprotected(view)]))
}

/// Returns the condition that the ref is a branch that no policy names.
pub(crate) fn unnamed(view: &ClauseView<'_>, code_ref: ClaimId) -> Formula {
    let branch = if view.writes_full_refs(code_ref) {
        format!("refs/heads/{UNWRITTEN}")
    } else {
        UNWRITTEN.to_owned()
    };
    ask::one_of(code_ref, [branch])
}

/// Returns whether the clause admits only merge requests, which run on any branch. For a harmless role, it
/// may also admit others: that is deliberate.
fn is_of_reviews(view: &ClauseView<'_>) -> bool {
    let mut constraint = view
        .trigger()
        .into_iter()
        .flat_map(|claim| view.constraints_on(claim));
    constraint.any(|constraint| {
        let literals = constraint.literals();
        let reviews = literals
            .iter()
            .filter(|text| REVIEWS.contains(&text.as_str()))
            .count();
        constraint.required && reviews > 0 && (!view.is_privileged || reviews == literals.len())
    })
}

/// Returns whether the ref may be part of a `sub` whose format the profile does not describe.
pub(crate) fn is_in_subject(view: &ClauseView<'_>) -> bool {
    view.claim("sub")
        .is_some_and(|claim| !view.is_derived(claim) && view.narrows(claim))
}

/// Returns a token of an unprotected ref, and the severity. `None` if the clause admits any ref: another rule
/// reports that.
pub(crate) fn of_unprotected_ref(
    view: &ClauseView<'_>,
    context: &mut RuleContext<'_, '_>,
) -> Option<(Box<Witness>, Severity)> {
    let witness = context.admits(view, unprotected(view))?;
    if of_any_ref(view, context).is_some() {
        return None;
    }
    let harm = if has_other_gate(view, context) {
        Harm::SecondGate
    } else {
        Harm::Unprotected
    };
    Some((witness, harm.level(view.is_privileged)))
}

/// Returns the condition that the ref is not protected; for an issuer without that claim, a condition that
/// always holds.
pub(crate) fn unprotected(view: &ClauseView<'_>) -> Formula {
    let protected = view.claim("ref_protected");
    protected.map_or_else(Formula::always, |claim| ask::is(claim, false))
}

/// Returns whether another gate than the ref protects the clause: a protected environment, or a named one if
/// the issuer has no claim for its protection.
pub(crate) fn has_other_gate(view: &ClauseView<'_>, context: &mut RuleContext<'_, '_>) -> bool {
    let (gate, is_open) = match (view.claim("environment_protected"), view.claim("environment")) {
        (Some(protected), _) => (protected, ask::is(protected, false)),
        (None, Some(name)) => (name, ask::one_of(name, [UNWRITTEN])),
        (None, None) => return false,
    };
    let passes = ask::any([is_open, ask::not(ask::has(gate))]);
    view.compares(gate) && context.admits(view, passes).is_none()
}

/// Returns the first comparison that names a ref, short or full.
pub(crate) fn named<'v, 'p>(view: &'v ClauseView<'p>) -> Option<&'v Constraint<'p>> {
    let claims = [view.code_ref(), view.claim("ref_path"), view.claim("sub")];
    let mut constraint = claims
        .into_iter()
        .flatten()
        .flat_map(|claim| view.constraints_on(claim));
    constraint.find(|constraint| constraint.narrows())
}

/// Returns whether the clause admits only tags.
pub(crate) fn is_of_tags(view: &ClauseView<'_>) -> bool {
    let kind = view
        .claim("ref_type")
        .into_iter()
        .flat_map(|claim| view.constraints_on(claim));
    let mut kinds = kind
        .filter(|constraint| constraint.required)
        .map(Constraint::literals);
    let is_tag = |constraint: &Constraint<'_>| {
        let literals = constraint.literals();
        let is_written = match &constraint.atom.question {
            Question::Pattern(patterns) => patterns
                .iter()
                .all(|pattern| always_contains(pattern, "refs/tags/")),
            _ => !literals.is_empty() && literals.iter().all(|text| text.starts_with("refs/tags/")),
        };
        constraint.narrows() && is_written
    };
    let refs = [view.code_ref(), view.claim("ref_path")];
    kinds.any(|literals| literals == ["tag"])
        || refs
            .into_iter()
            .flatten()
            .any(|claim| view.constraints_on(claim).any(is_tag))
}

/// Returns a comparison of a ref with a pattern.
pub(crate) fn pattern<'v, 'p>(view: &'v ClauseView<'p>) -> Option<&'v Constraint<'p>> {
    let claims = [view.code_ref(), view.claim("ref_path")];
    let mut constraint = claims
        .into_iter()
        .flatten()
        .flat_map(|claim| view.constraints_on(claim));
    constraint
        .find(|constraint| constraint.narrows() && matches!(constraint.atom.question, Question::Pattern(_)))
}

/// Returns whether a clause restricts the trigger of the pipeline, and no ref or environment.
pub(crate) fn compares_trigger_alone(view: &ClauseView<'_>) -> bool {
    let is_narrowed = |name: &str| view.claim(name).is_some_and(|claim| view.narrows(claim));
    let others = ["environment", "environment_protected", "ref_path", "sub"];
    view.trigger().is_some_and(|trigger| view.narrows(trigger))
        && !others.iter().any(|name| is_narrowed(name))
        && view.code_ref().is_none_or(|name| !view.narrows(name))
}
