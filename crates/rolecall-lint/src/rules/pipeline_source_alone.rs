//! What started the pipeline is the only thing that is asked of the code.

use crate::clause::ClauseView;
use crate::finding::{Finding, Safety};
use crate::linting::Linting;
use crate::refs::of_any_ref;
use crate::rule::{Category, Check, Confidence, Persona, Rule, Severity};

pub(crate) static RULE: Rule = Rule {
    name: "pipeline-source-alone",
    summary: "what started the pipeline is all that is asked of the code",
    category: Category::Pipeline,
    severity: Severity::Medium,
    confidence: Confidence::High,
    persona: Persona::Regular,
    fix: Some(Safety::Unsafe),
    page: include_str!("../../docs/pipeline-source-alone.md"),
    check: Check::Clause(check),
};

fn check(view: &ClauseView<'_>, linting: &mut Linting<'_, '_>) {
    if !applies(view) {
        return;
    }
    let Some(witness) = of_any_ref(view, linting) else {
        return;
    };
    let asked = view.trigger().and_then(|trigger| view.asked(trigger).next());
    let location = asked.map_or(view.head, |asked| asked.atom.location);
    let severity = if view.is_privileged {
        Severity::High
    } else {
        Severity::Medium
    };
    let fix = view
        .claim("ref_protected")
        .and_then(|_| linting.ask_also(view, "ref_protected"));
    linting.report(
        Finding::new(
            &RULE,
            location,
            format!("`{}` holds on every branch", linting.text(location)),
        )
        .severity(severity)
        .label("says nothing of the code")
        .help("ask for the ref and `ref_protected` as well")
        .witness(witness)
        .fix(fix),
    );
}

/// Whether the event is asked for, and no ref or environment.
pub(crate) fn applies(view: &ClauseView<'_>) -> bool {
    let is_narrowed = |name: &str| view.claim(name).is_some_and(|claim| view.narrows(claim));
    let others = ["environment", "environment_protected", "ref_path", "sub"];
    view.trigger().is_some_and(|trigger| view.narrows(trigger))
        && !others.iter().any(|name| is_narrowed(name))
        && view.code_ref().is_none_or(|name| !view.narrows(name))
}
