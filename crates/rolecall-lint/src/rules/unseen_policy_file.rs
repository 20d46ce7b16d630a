//! A file of the policy set that most tools do not show.

use crate::finding::Finding;
use crate::linting::Linting;
use crate::rule::{Category, Check, Confidence, Persona, Rule, Severity};
use rolecall_engine::Location;
use rolecall_syntax::Span;

pub(crate) static RULE: Rule = Rule {
    name: "unseen-policy-file",
    summary: "a policy file is hidden, or ignored by git",
    category: Category::Hygiene,
    severity: Severity::Medium,
    confidence: Confidence::High,
    persona: Persona::Regular,
    fix: None,
    page: include_str!("../../docs/unseen-policy-file.md"),
    check: Check::Set(check),
};

fn check(linting: &mut Linting<'_, '_>) {
    for (number, source) in linting.set.program().own_sources().iter().enumerate() {
        let Some(reason) = linting.settings.unseen.get(&source.name) else {
            continue;
        };
        let first_line = source.text.find('\n').unwrap_or(source.text.len());
        let location = Location::new(number, Span::new(0, first_line));
        let message = format!("this file is part of the policy set, but {reason}");
        linting.report(
            Finding::new(&RULE, location, message)
                .help("move the file, or remove it; every `*.policy` file below the folder counts"),
        );
    }
}
