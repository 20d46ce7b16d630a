//! Texts that are empty or padded.

use crate::clause::{ClauseView, Constraint};
use crate::context::RuleContext;
use crate::edits;
use crate::finding::Finding;
use crate::fix::Fix;
use crate::rule::{Check, Rule};
use crate::rule_info::RuleInfo;
use crate::severity::{Category, Confidence, Persona, Safety, Severity};
use crate::written::{find, quoted};
use rolecall_engine::Literal;
use rolecall_engine::ir::Question;

pub(crate) static RULE: Rule = Rule {
    info: RuleInfo {
        name: "empty-or-padded-text",
        summary: "a text is empty, or begins or ends with white space",
        category: Category::Operators,
        severity: Severity::Medium,
        confidence: Confidence::High,
        persona: Persona::Regular,
        fix: Some(Safety::Unsafe),
        page: include_str!("../../docs/empty-or-padded-text.md"),
    },
    check: Check::Literals(check),
};

fn check(
    constraint: &Constraint<'_>,
    view: &ClauseView<'_>,
    context: &mut RuleContext<'_, '_>,
) -> Vec<Finding> {
    let location = constraint.location;
    let literals: &[Literal] = match &constraint.atom.question {
        Question::ContainsAll(texts) | Question::ContainsAny(texts) | Question::OneOf(texts) => texts,
        Question::Only(text) => std::slice::from_ref(text),
        _ => return Vec::new(),
    };
    let texts = literals.iter().filter_map(|text| text.as_text());
    let found = texts
        .filter(|text| text.is_empty() || text.trim() != *text)
        .map(|text| {
            let comparison = context.trees.comparison(location);
            let written = comparison.and_then(|comparison| find(comparison, location.file(), text));
            let trimmed = text.trim();
            let edit = written
                .filter(|_| !trimmed.is_empty())
                .and_then(|at| edits::replace(context, at, quoted(trimmed)));
            let fix = edit.map(|edit| Fix::new(Safety::Unsafe, "remove the white space", vec![edit]));
            let (message, help) = if trimmed.is_empty() {
                let name = view.name(constraint.atom.claim);
                (
                    format!("the text `{text:?}` is empty"),
                    format!("to compare the presence of the claim, write `has {name}` or `!has {name}`"),
                )
            } else {
                (
                    format!("`{text:?}` begins or ends with white space"),
                    format!("write `{}`", quoted(trimmed)),
                )
            };
            Finding::new(&RULE.info, written.unwrap_or(location), message)
                .help(help)
                .fix(fix)
        });
    found.collect()
}
