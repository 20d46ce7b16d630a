//! Roles for pipelines of merge requests.

use crate::ask;
use crate::clause::{ClauseView, Constraint};
use crate::context::RuleContext;
use crate::finding::Finding;
use crate::harm::Harm;
use crate::narrowing;
use crate::refs::of_any_ref;
use crate::rule::{Check, Rule};
use crate::rule_info::RuleInfo;
use crate::severity::{Category, Confidence, Persona, Safety, Severity};
use crate::tells::asks_for_tenant;
use crate::vocabulary::{COMMITS, CONFIGURATIONS, PHASES, REVIEWS};
use rolecall_engine::ClaimId;
use rolecall_engine::ir::{Formula, Question};
use rolecall_engine::pattern::{Pattern, Wildcard};
use rolecall_syntax::Str;

pub(crate) static RULE: Rule = Rule {
    info: RuleInfo {
        name: "merge-request-admitted",
        summary: "pipelines of merge requests get the role",
        category: Category::Pipeline,
        severity: Severity::Medium,
        confidence: Confidence::High,
        persona: Persona::Regular,
        fix: Some(Safety::Unsafe),
        page: include_str!("../../docs/merge-request-admitted.md"),
    },
    check: Check::Clause(check),
};

fn check(view: &ClauseView<'_>, context: &mut RuleContext<'_, '_>) -> Option<Finding> {
    let Some(trigger) = view.trigger() else {
        return of_plan(view, context);
    };
    let reviews = view.known(trigger, &REVIEWS);
    let written: Vec<&Constraint<'_>> = view
        .constraints_on(trigger)
        .filter(|constraint| constraint.names())
        .collect();
    let has_review = |constraint: &&Constraint<'_>| {
        constraint
            .literals()
            .iter()
            .any(|text| REVIEWS.contains(&text.as_str()))
    };
    let by_name = written.iter().copied().find(has_review);
    // Naming reviews for a harmless role is intended.
    if by_name.is_some() && !view.is_privileged
        || by_name.is_none() && written.iter().any(|constraint| constraint.narrows())
    {
        return None;
    }
    // Clauses for strangers or for one commit have other rules; a clause that excludes one kind of review is
    // deliberate.
    let forbids = |constraint: &Constraint<'_>| match &constraint.atom.question {
        Question::OneOf(literals) => {
            !constraint.wanted && literals.iter().any(|text| reviews.contains(&&*text.to_string()))
        }
        _ => false,
    };
    if reviews.is_empty()
        || !asks_for_tenant(view)
        || view.narrows_any(&COMMITS)
        || view.constraints_on(trigger).any(forbids)
    {
        return None;
    }
    let witness = context.admits(view, of_review(view, trigger, &reviews))?;
    if by_name.is_none() && of_any_ref(view, context).is_some() {
        return None;
    }
    let is_held_back = view.requires_protected_ref() || view.narrows_any(&CONFIGURATIONS);
    let harm = if by_name.is_none() && is_held_back {
        Harm::HeldBack
    } else {
        Harm::UnreviewedCode
    };
    let location = by_name.map_or(view.head, |constraint| constraint.location);
    let condition = view.pushed(trigger);
    let fix = if by_name.is_none() {
        narrowing::require(context, view, &condition)
    } else {
        None
    };
    Some(
        Finding::new(
            &RULE.info,
            location,
            format!("`{}` is granted to code under review", view.role.name),
        )
        .severity(harm.level(view.is_privileged))
        .label("merge requests get the role")
        .wants(view, [trigger])
        .help(format!("restrict what starts the pipeline: `{condition}`"))
        .witness(witness)
        .fix(fix),
    )
}

/// Returns the condition that a token belongs to the pipeline of a review.
fn of_review(view: &ClauseView<'_>, trigger: ClaimId, reviews: &[&str]) -> Formula {
    // The ref of a review is a branch, and never a tag.
    let kind = view.claim("ref_type").map(|kind| {
        let other = ask::not(ask::one_of(kind, ["tag"]));
        ask::any([other, ask::not(ask::has(kind))])
    });
    let event = ask::one_of(trigger, reviews.iter().copied());
    let event = ask::all([event].into_iter().chain(kind));
    match view.code_ref() {
        // On GitHub, their ref is `refs/pull/NUMBER/merge`.
        Some(name) if view.writes_full_refs(name) => {
            let ask = |text: &str| {
                Str::new(text)
                    .ok()
                    .map(|text| Pattern::Like(Wildcard::new(&text)))
            };
            let refs = ask("refs/pull/*").map(|pattern| ask::fits(name, pattern));
            ask::all([event].into_iter().chain(refs))
        }
        _ => event,
    }
}

/// Reports a role for plans. HCP Terraform tokens have a phase, not a trigger. A pull request has a plan,
/// which runs its code, but no apply.
fn of_plan(view: &ClauseView<'_>, context: &mut RuleContext<'_, '_>) -> Option<Finding> {
    if !view.is_privileged || !asks_for_tenant(view) {
        return None;
    }
    // Runs of workspaces have one claim, deployments of Stacks the other.
    let [run, stack] = PHASES;
    [(run, stack), (stack, run)]
        .into_iter()
        .find_map(|(phase, other)| {
            let (phase, other) = (view.claim(phase)?, view.claim(other)?);
            let plan = ask::all([ask::one_of(phase, ["plan"]), ask::not(ask::has(other))]);
            let witness = context.admits(view, plan)?;
            let condition = format!("{} == \"apply\"", view.name(phase));
            let fix = narrowing::require(context, view, &condition);
            let message = format!(
                "`{}` is granted to plans, which run code under review",
                view.role.name
            );
            Some(
                Finding::new(&RULE.info, view.head, message)
                    .severity(Harm::UnreviewedCode.level(view.is_privileged))
                    .label("the plan of a pull request gets the role")
                    .wants(view, [phase])
                    .help(format!(
                        "restrict a role with write access to the other phase: `{condition}`"
                    ))
                    .witness(witness)
                    .fix(fix),
            )
        })
}
