//! Roles whose tokens all get another role.

use crate::context::RuleContext;
use crate::finding::Finding;
use crate::rule::{Check, Rule};
use crate::rule_info::RuleInfo;
use crate::severity::{Category, Confidence, Persona, Severity};
use rolecall_analysis::Coverage;
use rolecall_engine::RoleId;

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
    check: Check::Among(check),
};

fn check(id: RoleId, context: &mut RuleContext<'_, '_>) -> Vec<Finding> {
    finding(id, context).into_iter().collect()
}

fn finding(id: RoleId, context: &mut RuleContext<'_, '_>) -> Option<Finding> {
    let roles = context.program().roles();
    let role = &roles[id];
    let others: Vec<RoleId> = roles.ids().filter(|other| *other != id).collect();
    // A role that no token gets is covered by none.
    let Coverage::By(core) = context.analysis.covered(id, &others) else {
        return None;
    };
    let covering: Vec<_> = core.iter().map(|other| &roles[*other]).collect();
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
