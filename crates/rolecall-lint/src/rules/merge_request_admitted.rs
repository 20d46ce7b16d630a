//! Pipelines of merge requests get a role.

use crate::ask;
use crate::clause::{Asked, ClauseView};
use crate::finding::{Finding, Safety};
use crate::linting::Linting;
use crate::refs::of_any_ref;
use crate::rule::{Category, Check, Confidence, Persona, Rule, Severity};
use crate::vocabulary::REVIEWS;
use rolecall_engine::ClaimId;
use rolecall_engine::ir::Formula;
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
        return;
    };
    let written: Vec<&Asked<'_>> = view.asked(trigger).filter(|asked| asked.names()).collect();
    let has_review = |asked: &&Asked<'_>| asked.literals().iter().any(|text| REVIEWS.contains(&text.as_str()));
    let by_name = written.iter().copied().find(has_review);
    // Somebody who writes it for a role that does no harm wants it.
    if by_name.is_some() && !view.is_privileged || by_name.is_none() && written.iter().any(|asked| asked.narrows()) {
        return;
    }
    let Some(witness) = linting.lets_in(view, of_review(view, trigger)) else {
        return;
    };
    if by_name.is_none() && of_any_ref(view, linting).is_some() {
        return;
    }
    let severity = match (by_name, view.requires_protected_ref(), view.is_privileged) {
        (None, true, _) => Severity::Low,
        (_, _, true) => Severity::High,
        (_, _, false) => Severity::Medium,
    };
    let place = by_name.map_or(view.head, |asked| asked.atom.place);
    let name = view.name(trigger);
    let fix = if by_name.is_none() { linting.ask_also(view, &format!("{name} == \"push\"")) } else { None };
    linting.report(
        Finding::new(&RULE, place, format!("`{}` goes to code that is still under review", view.role.name))
            .severity(severity)
            .label("merge requests get in")
            .help(format!("say what starts the pipelines that need it: `{name} == \"push\"`"))
            .witness(witness)
            .fix(fix),
    );
}

/// The condition that a token is of a pipeline of a review.
fn of_review(view: &ClauseView<'_>, trigger: ClaimId) -> Formula {
    let event = ask::one_of(trigger, REVIEWS);
    match view.code_ref() {
        // GitHub's page on events: their ref is `refs/pull/NUMBER/merge`.
        Some(name) if view.writes_full_refs(name) => {
            let ask = |text: &str| Str::new(text).ok().map(|text| Pattern::Like(Wildcard::new(&text)));
            let refs = ask("refs/pull/*").map(|pattern| ask::fits(name, pattern));
            ask::all([event].into_iter().chain(refs))
        }
        _ => event,
    }
}
