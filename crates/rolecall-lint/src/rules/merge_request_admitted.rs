//! Pipelines of merge requests get a role.

use crate::ask;
use crate::clause::{Asked, ClauseView};
use crate::finding::{Finding, Safety};
use crate::linting::Linting;
use crate::refs::of_any_ref;
use crate::rule::{Category, Check, Confidence, Persona, Rule, Severity};
use crate::stranger::asks_for_tenant;
use crate::vocabulary::{COMMITS, CONFIGURATIONS, PHASES, REVIEWS};
use rolecall_engine::ClaimId;
use rolecall_engine::ir::{Formula, Question};
use rolecall_engine::pattern::{Pattern, Wildcard};
use rolecall_syntax::Str;

pub(crate) static RULE: Rule = Rule {
    name: "merge-request-admitted",
    summary: "pipelines of merge requests get the role",
    category: Category::Pipeline,
    severity: Severity::Medium,
    confidence: Confidence::High,
    persona: Persona::Regular,
    fix: Some(Safety::Unsafe),
    page: include_str!("../../docs/merge-request-admitted.md"),
    check: Check::Clause(check),
};

fn check(view: &ClauseView<'_>, linting: &mut Linting<'_, '_>) {
    let Some(trigger) = view.trigger() else {
        return of_plan(view, linting);
    };
    let reviews = view.known(trigger, &REVIEWS);
    let written: Vec<&Asked<'_>> = view.asked(trigger).filter(|asked| asked.names()).collect();
    let has_review = |asked: &&Asked<'_>| {
        asked
            .literals()
            .iter()
            .any(|text| REVIEWS.contains(&text.as_str()))
    };
    let by_name = written.iter().copied().find(has_review);
    // Somebody who writes it for a role that does no harm wants it.
    if by_name.is_some() && !view.is_privileged
        || by_name.is_none() && written.iter().any(|asked| asked.narrows())
    {
        return;
    }
    // Where anybody gets in, or one commit only, there is no more to say; and whoever forbids one of them has seen the matter.
    let forbids = |asked: &Asked<'_>| match &asked.atom.question {
        Question::OneOf(literals) => {
            !asked.wanted && literals.iter().any(|text| reviews.contains(&&*text.to_string()))
        }
        _ => false,
    };
    if reviews.is_empty()
        || !asks_for_tenant(view)
        || view.narrows_any(&COMMITS)
        || view.asked(trigger).any(forbids)
    {
        return;
    }
    let Some(witness) = linting.lets_in(view, of_review(view, trigger, &reviews)) else {
        return;
    };
    if by_name.is_none() && of_any_ref(view, linting).is_some() {
        return;
    }
    let is_held_back = view.requires_protected_ref() || view.narrows_any(&CONFIGURATIONS);
    let severity = match (by_name, is_held_back, view.is_privileged) {
        (None, true, _) => Severity::Low,
        (_, _, true) => Severity::High,
        (_, _, false) => Severity::Medium,
    };
    let location = by_name.map_or(view.head, |asked| asked.atom.location);
    let condition = view.pushed(trigger);
    let fix = if by_name.is_none() {
        linting.ask_also(view, &condition)
    } else {
        None
    };
    linting.report(
        Finding::new(
            &RULE,
            location,
            format!("`{}` goes to code that is still under review", view.role.name),
        )
        .severity(severity)
        .label("merge requests get in")
        .help(format!(
            "say what starts the pipelines that need it: `{condition}`"
        ))
        .witness(witness)
        .fix(fix),
    );
}

/// The condition that a token is of a pipeline of a review.
fn of_review(view: &ClauseView<'_>, trigger: ClaimId, reviews: &[&str]) -> Formula {
    let event = ask::one_of(trigger, reviews.iter().copied());
    match view.code_ref() {
        // GitHub's page on events: their ref is `refs/pull/NUMBER/merge`.
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

/// HCP Terraform does not tell what started a run, but its phase: a pull request has a plan, which runs what it says, and no
/// apply.
fn of_plan(view: &ClauseView<'_>, linting: &mut Linting<'_, '_>) {
    if !view.is_privileged || !asks_for_tenant(view) {
        return;
    }
    // A run of a workspace has the one claim, a deployment of a Stack the other.
    let [run, stack] = PHASES;
    for (phase, other) in [(run, stack), (stack, run)] {
        let (Some(phase), Some(other)) = (view.claim(phase), view.claim(other)) else {
            return;
        };
        let plan = ask::all([ask::one_of(phase, ["plan"]), ask::not(ask::has(other))]);
        let Some(witness) = linting.lets_in(view, plan) else {
            continue;
        };
        let condition = format!("{} == \"apply\"", view.name(phase));
        let fix = linting.ask_also(view, &condition);
        let message = format!(
            "`{}` goes to plans, which run code that is still under review",
            view.role.name
        );
        linting.report(
            Finding::new(&RULE, view.head, message)
                .severity(Severity::High)
                .label("the plan of a pull request gets in")
                .help(format!(
                    "a role that writes is for the other phase: `{condition}`"
                ))
                .witness(witness)
                .fix(fix),
        );
        return;
    }
}
