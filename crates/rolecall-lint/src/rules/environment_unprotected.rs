//! An environment is named, and need not be protected.

use crate::ask;
use crate::clause::ClauseView;
use crate::finding::{Finding, Safety};
use crate::linting::Linting;
use crate::rule::{Category, Check, Confidence, Persona, Rule, Severity};

pub(crate) static RULE: Rule = Rule {
    name: "environment-unprotected",
    summary: "an environment is named, but need not be protected",
    category: Category::Pipeline,
    severity: Severity::Low,
    confidence: Confidence::High,
    persona: Persona::Regular,
    fix: Some(Safety::Unsafe),
    page: include_str!("../../docs/environment-unprotected.md"),
    check: Check::Clause(check),
};

fn check(view: &ClauseView<'_>, linting: &mut Linting<'_, '_>) {
    let (Some(name), Some(protected)) = (view.claim("environment"), view.claim("environment_protected"))
    else {
        return;
    };
    let Some(asked) = view.asked(name).find(|asked| asked.names()) else {
        return;
    };
    if view.requires(protected) {
        return;
    }
    let Some(witness) = linting.lets_in(view, ask::is(protected, false)) else {
        return;
    };
    let severity = if view.is_privileged {
        Severity::Medium
    } else {
        Severity::Low
    };
    let fix = linting.ask_also(view, &view.name(protected));
    let location = asked.atom.location;
    linting.report(
        Finding::new(
            &RULE,
            location,
            format!("any job may say `{}`", linting.text(location)),
        )
        .severity(severity)
        .label("the author of the job writes it")
        .help("protect the environment and ask for `environment_protected` as well")
        .witness(witness)
        .fix(fix),
    );
}
