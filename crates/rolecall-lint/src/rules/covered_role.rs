//! Roles whose tokens all get another role.

use crate::context::RuleContext;
use crate::finding::Finding;
use crate::rule::{Check, Rule};
use crate::rule_info::RuleInfo;
use crate::severity::{Category, Confidence, Persona, Severity};
use rolecall_analysis::Coverage;

pub(crate) static RULE: Rule = Rule {
    info: RuleInfo {
        name: "covered-role",
        summary: "every token that gets this role also gets another one",
        category: Category::Logic,
        severity: Severity::Info,
        confidence: Confidence::High,
        persona: Persona::Auditor,
        fix: None,
        page: include_str!("../../docs/covered-role.md"),
    },
    check: Check::Role(check),
};

fn check(number: usize, context: &mut RuleContext<'_, '_>) -> Vec<Finding> {
    finding(number, context).into_iter().collect()
}

fn finding(number: usize, context: &mut RuleContext<'_, '_>) -> Option<Finding> {
    let roles = &context.program().roles;
    let role = roles.get(number)?;
    let others: Vec<usize> = (0..roles.len()).filter(|other| *other != number).collect();
    // A role that no token gets is covered by none.
    let Coverage::By(core) = context.analysis.covered(number, &others) else {
        return None;
    };
    let covering: Vec<_> = core.iter().filter_map(|other| roles.get(*other)).collect();
    let names: Vec<String> = covering.iter().map(|other| format!("`{}`", other.name)).collect();
    let what = match names.as_slice() {
        [] => return None,
        [one] => one.clone(),
        several => format!("one of {}", several.join(", ")),
    };
    let finding = Finding::new(
        &RULE.info,
        context.item_head(role.location),
        format!("every token that gets `{}` also gets {what}", role.name),
    )
    .help("if that is intended, state it as an assertion: `assert \"…\" { A implies B }`");
    let noted = covering.iter().fold(finding, |finding, other| {
        finding.note(other.location, format!("`{}`", other.name))
    });
    Some(noted)
}
