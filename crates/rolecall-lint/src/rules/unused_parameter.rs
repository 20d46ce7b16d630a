//! Parameters that their condition does not use.

use crate::context::RuleContext;
use crate::finding::Finding;
use crate::rule::{Check, Rule};
use crate::rule_info::RuleInfo;
use crate::severity::{Category, Confidence, Persona, Severity};
use crate::uses::references;
use rolecall_engine::Location;
use rolecall_syntax::ast::Item;

pub(crate) static RULE: Rule = Rule {
    info: RuleInfo {
        name: "unused-parameter",
        summary: "a condition does not use one of its parameters",
        category: Category::Hygiene,
        severity: Severity::Low,
        confidence: Confidence::High,
        persona: Persona::Regular,
        fix: None,
        page: include_str!("../../docs/unused-parameter.md"),
    },
    check: Check::Set(check),
};

fn check(context: &mut RuleContext<'_, '_>) -> Vec<Finding> {
    let conditions = context.trees.items().filter_map(|(file, item)| match &item.node {
        Item::Condition(condition) => Some((file, condition)),
        _ => None,
    });
    let found = conditions.flat_map(|(file, condition)| {
        let used = references(&condition.expr);
        let parameters = condition.parameters.iter();
        let unused = parameters.filter(move |parameter| !used.contains(parameter.node.as_str()));
        unused.map(move |parameter| {
            let name = &condition.name.node;
            let message = format!("`{name}` does not use its parameter `{}`", parameter.node);
            Finding::new(&RULE.info, Location::new(file, parameter.span), message)
                .help("compare a claim with it, or remove it here and in all uses of the condition")
        })
    });
    found.collect()
}
