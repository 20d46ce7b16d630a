//! Code of a fork runs in the name of the project that it is a fork of.

use crate::ask;
use crate::clause::{Asked, ClauseView};
use crate::finding::{Finding, Safety};
use crate::linting::Linting;
use crate::rule::{Category, Check, Confidence, Persona, Rule, Severity};
use crate::stranger::asks_for_tenant;
use crate::vocabulary::{PROJECT_IDS, REVIEWS, RUNNING_PROJECT};
use rolecall_engine::ClaimId;

pub(crate) static RULE: Rule = Rule {
    name: "fork-admitted",
    summary: "merge requests are let in, and the job may run in another project than the one that is named",
    category: Category::Pipeline,
    severity: Severity::Medium,
    confidence: Confidence::High,
    persona: Persona::Regular,
    fix: Some(Safety::Unsafe),
    page: include_str!("../../docs/fork-admitted.md"),
    check: Check::Clause(check),
};

fn check(view: &ClauseView<'_>, linting: &mut Linting<'_, '_>) {
    if let Some(origin) = view.claim("vcs_origin") {
        return of_origin(view, origin, linting);
    }
    let (Some(trigger), Some(project), Some(running)) = (
        view.trigger(),
        view.claim("project"),
        view.claim("job_project_path"),
    ) else {
        return;
    };
    let has_review = |asked: &&Asked<'_>| {
        asked
            .literals()
            .iter()
            .any(|text| REVIEWS.contains(&text.as_str()))
    };
    let Some(asked) = view.asked(trigger).find(has_review) else {
        return;
    };
    let is_compared = |name: &str| view.claim(name).is_some_and(|claim| view.compares(claim));
    if RUNNING_PROJECT.iter().any(|name| is_compared(name)) || !asks_for_tenant(view) {
        return;
    }
    let of_fork = ask::all([
        ask::one_of(trigger, view.known(trigger, &REVIEWS)),
        ask::not(ask::same(project, running)),
    ]);
    let Some(witness) = linting.lets_in(view, of_fork) else {
        return;
    };
    let severity = if view.is_privileged {
        Severity::High
    } else {
        Severity::Medium
    };
    let condition = format!("{} == {}", view.name(project), view.name(running));
    let location = asked.atom.location;
    let message = format!(
        "`{}` lets in merge requests between a fork and its project",
        linting.text(location)
    );
    let fix = linting.ask_also(view, &condition);
    linting.report(
        Finding::new(&RULE, location, message)
            .severity(severity)
            .label("the job may run elsewhere")
            .help(format!("keep forks out: `{condition}`"))
            .witness(witness)
            .fix(fix),
    );
}

/// CircleCI gives the builds of forks the project of their base: only the origin of the code tells them apart.
fn of_origin(view: &ClauseView<'_>, origin: ClaimId, linting: &mut Linting<'_, '_>) {
    // Where it does not even matter which project it is, another rule says so; and `sub` may have the origin in it.
    let is_subject = view.claim("sub").is_some_and(|claim| view.narrows(claim));
    if view.compares(origin) || is_subject || !view.narrows_any(&PROJECT_IDS) {
        return;
    }
    let Some(witness) = linting.lets_in(view, ask::one_of(origin, ["github.com/mallory/fork"])) else {
        return;
    };
    let severity = if view.is_privileged {
        Severity::High
    } else {
        Severity::Medium
    };
    let condition = format!("{} == \"github.com/…\"", view.name(origin));
    linting.report(
        Finding::new(
            &RULE,
            view.head,
            format!("`{}` goes to builds of forks as well", view.role.name),
        )
        .severity(severity)
        .label("a fork has the project of its base")
        .help(format!("say where the code is from: `{condition}`"))
        .witness(witness),
    );
}
