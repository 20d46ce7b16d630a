//! Roles for code of forks.

use crate::ask;
use crate::clause::{ClauseView, Constraint};
use crate::context::RuleContext;
use crate::finding::Finding;
use crate::harm::Harm;
use crate::narrowing;
use crate::rule::{Check, Rule};
use crate::rule_info::RuleInfo;
use crate::severity::{Category, Confidence, Persona, Safety, Severity};
use crate::tells::asks_for_tenant;
use crate::vocabulary::{PROJECT_IDS, REVIEWS, RUNNING_PROJECT};
use rolecall_engine::ClaimId;

pub(crate) static RULE: Rule = Rule {
    info: RuleInfo {
        name: "fork-admitted",
        summary: "merge requests get the role, and their jobs may run in another project than the named one",
        category: Category::Pipeline,
        severity: Severity::Medium,
        confidence: Confidence::High,
        persona: Persona::Regular,
        fix: Some(Safety::Unsafe),
        page: include_str!("../../docs/fork-admitted.md"),
    },
    check: Check::Clause(check),
};

fn check(view: &ClauseView<'_>, context: &mut RuleContext<'_, '_>) -> Option<Finding> {
    if let Some(origin) = view.claim("vcs_origin") {
        return of_origin(view, origin, context);
    }
    let trigger = view.trigger()?;
    let (project, running) = (view.claim("project")?, view.claim("job_project_path")?);
    let has_review = |constraint: &&Constraint<'_>| {
        constraint
            .literals()
            .iter()
            .any(|text| REVIEWS.contains(&text.as_str()))
    };
    let constraint = view.constraints_on(trigger).find(has_review)?;
    let is_compared = |name: &str| view.claim(name).is_some_and(|claim| view.compares(claim));
    if RUNNING_PROJECT.iter().any(|name| is_compared(name)) || !asks_for_tenant(view) {
        return None;
    }
    let of_fork = ask::all([
        ask::one_of(trigger, view.known(trigger, &REVIEWS)),
        ask::not(ask::same(project, running)),
    ]);
    let witness = context.admits(view, of_fork)?;
    let severity = Harm::UnreviewedCode.level(view.is_privileged);
    let condition = format!("{} == {}", view.name(project), view.name(running));
    let location = constraint.location;
    let message = format!(
        "`{}` admits merge requests between a fork and its project",
        context.text(location)
    );
    let fix = narrowing::require(context, view, &condition);
    Some(
        Finding::new(&RULE.info, location, message)
            .severity(severity)
            .label("the job may run in another project")
            .help(format!("exclude forks: `{condition}`"))
            .witness(witness)
            .fix(fix),
    )
}

/// Reports a clause that does not compare the origin. CircleCI gives builds of forks the project of their
/// base. Only the origin of the code distinguishes them.
fn of_origin(view: &ClauseView<'_>, origin: ClaimId, context: &mut RuleContext<'_, '_>) -> Option<Finding> {
    // Clauses without a project have a rule of their own; and `sub` may contain the origin.
    let is_subject = view.claim("sub").is_some_and(|claim| view.narrows(claim));
    if view.compares(origin) || is_subject || !view.narrows_any(&PROJECT_IDS) {
        return None;
    }
    let witness = context.admits(view, ask::one_of(origin, ["github.com/mallory/fork"]))?;
    let severity = Harm::UnreviewedCode.level(view.is_privileged);
    let condition = format!("{} == \"github.com/…\"", view.name(origin));
    Some(
        Finding::new(
            &RULE.info,
            view.head,
            format!("`{}` is also granted to builds of forks", view.role.name),
        )
        .severity(severity)
        .label("a fork has the project of its base")
        .help(format!("restrict the origin of the code: `{condition}`"))
        .witness(witness),
    )
}
