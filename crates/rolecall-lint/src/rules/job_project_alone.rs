//! Only the project that runs the job is named, not the one whose code it is.

use crate::ask;
use crate::clause::{Asked, ClauseView};
use crate::finding::{Finding, Safety};
use crate::linting::Linting;
use crate::rule::{Category, Check, Confidence, Persona, Rule, Severity};
use crate::vocabulary::{REVIEWS, RUNNING_PROJECT};
use rolecall_engine::ClaimId;

pub(crate) static RULE: Rule = Rule {
    name: "job-project-alone",
    summary: "only the project that runs the job is named, not the project whose code runs",
    category: Category::Pipeline,
    severity: Severity::High,
    confidence: Confidence::High,
    persona: Persona::Regular,
    fix: Some(Safety::Unsafe),
    page: include_str!("../../docs/job-project-alone.md"),
    check: Check::Clause(check),
};

fn check(view: &ClauseView<'_>, linting: &mut Linting<'_, '_>) {
    let (Some(project), Some(running)) = (view.claim("project"), view.claim("job_project_path")) else {
        return;
    };
    let running_claims = RUNNING_PROJECT.iter().filter_map(|name| view.claim(name));
    let Some(asked) = running_claims
        .into_iter()
        .find_map(|claim| view.asked(claim).find(|asked| asked.narrows()))
    else {
        return;
    };
    if view
        .claims()
        .any(|(claim, definition)| definition.tenant && !is_running(view, claim) && view.narrows(claim))
    {
        return;
    }
    let Some(witness) = linting.lets_in(view, ask::not(ask::same(project, running))) else {
        return;
    };
    // For a role that does no harm, whoever names merge requests may mean those of forks.
    let named = view
        .trigger()
        .into_iter()
        .flat_map(|claim| view.asked(claim))
        .flat_map(Asked::literals);
    let is_meant = !view.is_privileged && named.into_iter().any(|text| REVIEWS.contains(&text.as_str()));
    let severity = if is_meant {
        Severity::Medium
    } else {
        Severity::High
    };
    let condition = format!("{} == {}", view.name(project), view.name(running));
    let fix = linting.ask_also(view, &condition);
    let location = asked.atom.location;
    linting.report(
        Finding::new(
            &RULE,
            location,
            format!("`{}` is also said by jobs of forks", linting.text(location)),
        )
        .severity(severity)
        .label("where it runs, not whose code it is")
        .help(format!("keep forks out: `{condition}`"))
        .witness(witness)
        .fix(fix),
    );
}

fn is_running(view: &ClauseView<'_>, claim: ClaimId) -> bool {
    RUNNING_PROJECT.iter().any(|name| view.claim(name) == Some(claim))
}
