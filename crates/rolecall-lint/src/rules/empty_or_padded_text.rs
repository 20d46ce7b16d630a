//! A text is empty or padded.

use crate::clause::ClauseView;
use crate::finding::{Finding, Fix, Safety};
use crate::linting::Linting;
use crate::rule::{Category, Check, Confidence, Persona, Rule, Severity};
use crate::written::{find, quoted};
use rolecall_engine::Literal;
use rolecall_engine::ir::Question;

pub(crate) static RULE: Rule = Rule {
    name: "empty-or-padded-text",
    summary: "a text is empty, or begins or ends with white space",
    category: Category::Operators,
    severity: Severity::Medium,
    confidence: Confidence::High,
    persona: Persona::Regular,
    fix: Some(Safety::Unsafe),
    page: include_str!("../../docs/empty-or-padded-text.md"),
    check: Check::Clause(check),
};

fn check(view: &ClauseView<'_>, linting: &mut Linting<'_, '_>) {
    for asked in &view.asked {
        let location = asked.atom.location;
        let literals: &[Literal] = match &asked.atom.question {
            Question::ContainsAll(texts) | Question::ContainsAny(texts) | Question::OneOf(texts) => texts,
            Question::Only(text) => std::slice::from_ref(text),
            _ => continue,
        };
        let texts = literals.iter().filter_map(|text| text.as_text());
        for text in texts.filter(|text| text.is_empty() || text.trim() != *text) {
            let comparison = linting.trees.comparison(location);
            let written = comparison.and_then(|comparison| find(comparison, location.file, text));
            let trimmed = text.trim();
            let edit = written
                .filter(|_| !trimmed.is_empty())
                .and_then(|at| linting.replace(at, quoted(trimmed)));
            let fix = edit.map(|edit| Fix::new(Safety::Unsafe, "take the white space out", vec![edit]));
            let (message, help) = if trimmed.is_empty() {
                let name = view.name(asked.atom.claim);
                (
                    format!("`{text:?}` says nothing"),
                    format!("write `has {name}` or `!has {name}` if that is meant"),
                )
            } else {
                (
                    format!("`{text:?}` has white space at an end"),
                    format!("write `{}`", quoted(trimmed)),
                )
            };
            linting.report(
                Finding::new(&RULE, written.unwrap_or(location), message)
                    .help(help)
                    .fix(fix),
            );
        }
    }
}
