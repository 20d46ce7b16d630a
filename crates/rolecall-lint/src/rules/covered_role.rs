//! Whoever gets a role gets one of some others as well.

use crate::finding::Finding;
use crate::linting::Linting;
use crate::rule::{Category, Check, Confidence, Persona, Rule, Severity};
use rolecall_analysis::Coverage;

pub(crate) static RULE: Rule = Rule {
    name: "covered-role",
    summary: "whoever gets the role gets one of some others as well",
    category: Category::Logic,
    severity: Severity::Info,
    confidence: Confidence::High,
    persona: Persona::Auditor,
    fix: None,
    page: include_str!("../../docs/covered-role.md"),
    check: Check::Role(check),
};

fn check(number: usize, linting: &mut Linting<'_, '_>) {
    let roles = &linting.program().roles;
    let Some(role) = roles.get(number) else {
        return;
    };
    let others: Vec<usize> = (0..roles.len()).filter(|other| *other != number).collect();
    // A role that nobody gets is covered by none.
    let Coverage::By(core) = linting.analysis.covered(number, &others) else {
        return;
    };
    let covering: Vec<_> = core.iter().filter_map(|other| roles.get(*other)).collect();
    let names: Vec<String> = covering.iter().map(|other| format!("`{}`", other.name)).collect();
    let what = match names.as_slice() {
        [] => return,
        [one] => one.clone(),
        several => format!("one of {}", several.join(", ")),
    };
    let location = linting.head(role.location);
    let mut finding = Finding::new(
        &RULE,
        location,
        format!("whoever gets `{}` gets {what} as well", role.name),
    )
    .help("if that is meant, an assertion keeps it so: `assert \"…\" { A implies B }`");
    for other in covering {
        finding = finding.note(other.location, format!("`{}`", other.name));
    }
    linting.report(finding);
}
