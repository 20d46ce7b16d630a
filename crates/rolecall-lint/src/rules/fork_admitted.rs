//! A merge request of a fork runs in another project than the one that is named.

use crate::ask;
use crate::clause::{Asked, ClauseView};
use crate::finding::{Finding, Safety};
use crate::linting::Linting;
use crate::rule::{Category, Check, Confidence, Persona, Rule, Severity};
use crate::stranger::asks_for_tenant;
use crate::vocabulary::{REVIEWS, RUNNING_PROJECT};

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
    let place = asked.atom.place;
    let message = format!(
        "`{}` lets in merge requests between a fork and its project",
        linting.text(place)
    );
    let fix = linting.ask_also(view, &condition);
    linting.report(
        Finding::new(&RULE, place, message)
            .severity(severity)
            .label("the job may run elsewhere")
            .help(format!("keep forks out: `{condition}`"))
            .witness(witness)
            .fix(fix),
    );
}
