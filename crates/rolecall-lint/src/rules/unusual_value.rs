//! Values that an open enum does not list.

use crate::clause::{ClauseView, Constraint};
use crate::context::RuleContext;
use crate::edits;
use crate::finding::Finding;
use crate::fix::Fix;
use crate::rule::{Check, Rule};
use crate::rule_info::RuleInfo;
use crate::severity::{Category, Confidence, Persona, Safety, Severity};
use crate::written::{find, quoted};
use rolecall_engine::Scalar;
use rolecall_engine::ir::Question;
use rolecall_syntax::did_you_mean;

pub(crate) static RULE: Rule = Rule {
    info: RuleInfo {
        name: "unusual-value",
        summary: "a claim is compared with a value that its profile does not list",
        category: Category::Operators,
        severity: Severity::Medium,
        confidence: Confidence::Medium,
        persona: Persona::Regular,
        fix: Some(Safety::Unsafe),
        page: include_str!("../../docs/unusual-value.md"),
    },
    check: Check::Literals(check),
};

fn check(
    constraint: &Constraint<'_>,
    view: &ClauseView<'_>,
    context: &mut RuleContext<'_, '_>,
) -> Vec<Finding> {
    let (claim, location) = (constraint.atom.claim, constraint.location);
    let Question::OneOf(texts) = &constraint.atom.question else {
        return Vec::new();
    };
    let definition = view.definition(claim);
    let Scalar::Enum { values, open: true } = definition.claim_type.scalar() else {
        return Vec::new();
    };
    let texts = texts.iter().filter_map(|text| text.as_text());
    let found = texts
        .filter(|text| !values.iter().any(|value| value == text))
        .map(|text| {
            let near = did_you_mean(text, values.iter().map(String::as_str));
            let comparison = context.trees.comparison(location);
            let written = comparison.and_then(|comparison| find(comparison, location.file(), text));
            let edit = near.and_then(|near| edits::replace(context, written?, quoted(near)));
            let fix = edit.map(|edit| Fix::new(Safety::Unsafe, "write the known value", vec![edit]));
            let known: Vec<String> = values.iter().map(|value| format!("`{value}`")).collect();
            let help = match near {
                Some(near) => format!("did you mean `{near}`?"),
                None => format!("known values: {}", known.join(", ")),
            };
            let message = format!("`{text}` is not a known value of `{definition}`");
            Finding::new(&RULE.info, written.unwrap_or(location), message)
                .help(help)
                .fix(fix)
        });
    found.collect()
}
