//! Any branch gets a role.

use crate::clause::ClauseView;
use crate::finding::{Finding, Safety};
use crate::linting::Linting;
use crate::refs::{has_other_gate, of_any_ref};
use crate::rule::{Category, Check, Confidence, Persona, Rule, Severity};
use crate::rules::{only_author_claims, pipeline_source_alone};
use crate::vocabulary::PROJECT_IDS;

pub(crate) static RULE: Rule = Rule {
    name: "any-ref",
    summary: "any branch gets the role, not only reviewed code",
    category: Category::Pipeline,
    severity: Severity::Medium,
    confidence: Confidence::High,
    persona: Persona::Regular,
    fix: Some(Safety::Unsafe),
    page: include_str!("../../docs/any-ref.md"),
    check: Check::Clause(check),
};

fn check(view: &ClauseView<'_>, linting: &mut Linting<'_, '_>) {
    let Some(witness) = of_any_ref(view, linting) else {
        return;
    };
    // Another rule says the same of what looks like a gate for the code.
    if pipeline_source_alone::applies(view) || only_author_claims::applies(view) {
        return;
    }
    let severity = match (has_other_gate(view, linting), view.is_privileged) {
        (true, _) => Severity::Low,
        (false, true) => Severity::High,
        // The code of one project, which nobody can take over.
        (false, false) if view.narrows_any(&PROJECT_IDS) => Severity::Low,
        (false, false) => Severity::Medium,
    };
    let name = view.code_ref().map(|claim| view.name(claim)).unwrap_or_default();
    let main = match view.code_ref() {
        Some(claim) if view.writes_full_refs(claim) => "refs/heads/main",
        _ => "main",
    };
    let condition = match view.claim("ref_protected") {
        Some(protected) => view.name(protected),
        None => format!("{name} == \"{main}\""),
    };
    let fix = view
        .claim("ref_protected")
        .and_then(|_| linting.ask_also(view, "ref_protected"));
    let message = format!("`{}` goes to any branch, whatever `{name}` says", view.role.name);
    linting.report(
        Finding::new(&RULE, view.head, message)
            .severity(severity)
            .label("who may push a branch gets in")
            .help(format!("say which code it is for: `{condition}`"))
            .witness(witness)
            .fix(fix),
    );
}
