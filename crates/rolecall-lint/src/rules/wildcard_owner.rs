//! A pattern lets in owners that it does not name.

use crate::clause::ClauseView;
use crate::finding::Finding;
use crate::linting::Linting;
use crate::rule::{Category, Check, Confidence, Persona, Rule, Severity};
use crate::stranger::by_pattern;

pub(crate) static RULE: Rule = Rule {
    name: "wildcard-owner",
    summary: "a wildcard stands in or instead of the owner's name, so that others fit as well",
    category: Category::Identity,
    severity: Severity::High,
    confidence: Confidence::High,
    persona: Persona::Regular,
    fix: None,
    page: include_str!("../../docs/wildcard-owner.md"),
    check: Check::Clause(check),
};

fn check(view: &ClauseView<'_>, linting: &mut Linting<'_, '_>) {
    let Some((location, witness)) = by_pattern(view, linting) else {
        return;
    };
    let severity = if view.is_shared() || view.is_privileged {
        Severity::High
    } else {
        Severity::Medium
    };
    let message = format!(
        "`{}` is open to owners that it does not name",
        linting.text(location)
    );
    linting.report(
        Finding::new(&RULE, location, message)
            .severity(severity)
            .label("others can register a name that fits")
            .help("name the owner, and put a `/` before the wildcard: `project under \"acme\"`")
            .witness(witness),
    );
}
