//! Clauses that name only the project that runs the job.

use crate::ask;
use crate::clause::{ClauseView, Constraint};
use crate::context::RuleContext;
use crate::finding::Finding;
use crate::harm::Harm;
use crate::narrowing;
use crate::rule::{Check, Rule};
use crate::rule_info::RuleInfo;
use crate::severity::{Category, Confidence, Persona, Safety, Severity};
use crate::vocabulary::{REVIEWS, RUNNING_PROJECT};
use rolecall_engine::ClaimId;

pub(crate) static RULE: Rule = Rule {
    info: RuleInfo {
        name: "job-project-alone",
        summary: "only the project that runs the job is compared, not the project whose code runs",
        category: Category::Pipeline,
        severity: Severity::High,
        confidence: Confidence::High,
        persona: Persona::Regular,
        fix: Some(Safety::Unsafe),
        page: include_str!("../../docs/job-project-alone.md"),
    },
    check: Check::Clause(check),
};

fn check(view: &ClauseView<'_>, context: &mut RuleContext<'_, '_>) -> Option<Finding> {
    let (project, running) = (view.claim("project")?, view.claim("job_project_path")?);
    let running_claims = RUNNING_PROJECT.iter().filter_map(|name| view.claim(name));
    let constraint = running_claims
        .into_iter()
        .find_map(|claim| view.constraints_on(claim).find(|constraint| constraint.narrows()))?;
    if view
        .claims()
        .any(|(claim, definition)| definition.tenant && !is_running(view, claim) && view.narrows(claim))
    {
        return None;
    }
    let witness = context.admits(view, ask::not(ask::same(project, running)))?;
    // A harmless role that names merge requests may intend those of forks.
    let named = view
        .trigger()
        .into_iter()
        .flat_map(|claim| view.constraints_on(claim))
        .flat_map(Constraint::literals);
    let is_meant = !view.is_privileged && named.into_iter().any(|text| REVIEWS.contains(&text.as_str()));
    let harm = if is_meant {
        Harm::UnreviewedCode
    } else {
        Harm::Strangers
    };
    let condition = format!("{} == {}", view.name(project), view.name(running));
    let fix = narrowing::require(context, view, &condition);
    let location = constraint.location;
    Some(
        Finding::new(
            &RULE.info,
            location,
            format!("`{}` also holds for jobs of forks", context.text(location)),
        )
        .severity(harm.level(view.is_privileged))
        .label("compares where the job runs, not whose code it is")
        .help(format!("exclude forks: `{condition}`"))
        .witness(witness)
        .fix(fix),
    )
}

fn is_running(view: &ClauseView<'_>, claim: ClaimId) -> bool {
    RUNNING_PROJECT.iter().any(|name| view.claim(name) == Some(claim))
}
