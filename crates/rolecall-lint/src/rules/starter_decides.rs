//! Who started the pipeline decides, whatever code it runs.

use crate::clause::ClauseView;
use crate::finding::{Finding, Safety};
use crate::linting::Linting;
use crate::refs::{of_any_ref, unprotected};
use crate::rule::{Category, Check, Confidence, Persona, Rule, Severity};
use crate::vocabulary::STARTERS;

pub(crate) static RULE: Rule = Rule {
    name: "starter-decides",
    summary: "who started the pipeline decides, whatever code it runs",
    category: Category::Identity,
    severity: Severity::Low,
    confidence: Confidence::High,
    persona: Persona::Regular,
    fix: Some(Safety::Unsafe),
    page: include_str!("../../docs/starter-decides.md"),
    check: Check::Clause(check),
};

fn check(view: &ClauseView<'_>, linting: &mut Linting<'_, '_>) {
    let mut starters = STARTERS.iter().filter_map(|name| view.claim(name));
    let Some(asked) = starters.find_map(|claim| view.asked(claim).find(|asked| asked.names())) else {
        return;
    };
    // Beside a protected ref it narrows, and is welcome; where any branch gets in, that is worse.
    if view.requires_protected_ref() || of_any_ref(view, linting).is_some() {
        return;
    }
    let Some(witness) = linting.lets_in(view, unprotected(view)) else {
        return;
    };
    let severity = if view.is_privileged {
        Severity::Medium
    } else {
        Severity::Low
    };
    let fix = view
        .claim("ref_protected")
        .and_then(|_| linting.ask_also(view, "ref_protected"));
    let location = asked.atom.location;
    let message = format!(
        "`{}` says who started the job, not who wrote what it runs",
        linting.text(location)
    );
    linting.report(
        Finding::new(&RULE, location, message)
            .severity(severity)
            .label("started is not written")
            .help("ask for a protected ref as well: then somebody has reviewed the code")
            .witness(witness)
            .fix(fix),
    );
}
