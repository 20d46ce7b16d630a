//! Conditions that no item uses.

use crate::context::RuleContext;
use crate::finding::Finding;
use crate::removal::remove;
use crate::rule::{Check, Rule};
use crate::rule_info::RuleInfo;
use crate::severity::{Category, Confidence, Persona, Safety, Severity};
use crate::uses::Uses;
use rolecall_engine::Location;
use rolecall_syntax::ast::Item;

pub(crate) static RULE: Rule = Rule {
    info: RuleInfo {
        name: "unused-condition",
        summary: "no role, guard or assertion uses a condition",
        category: Category::Hygiene,
        severity: Severity::Low,
        confidence: Confidence::High,
        persona: Persona::Regular,
        fix: Some(Safety::Safe),
        page: include_str!("../../docs/unused-condition.md"),
    },
    check: Check::Set(check),
};

fn check(context: &mut RuleContext<'_, '_>) -> Vec<Finding> {
    let trees = context.trees;
    let uses = Uses::new(trees);
    let found = trees.items().filter_map(|(file, item)| {
        let Item::Condition(condition) = &item.node else {
            return None;
        };
        // A condition that only an unused condition names is reported once that one is removed.
        if uses.conditions.contains(condition.name.node.as_str()) {
            return None;
        }
        // Removing an unused item changes no meaning.
        let fix = remove(
            context,
            Location::new(file, item.span),
            Safety::Safe,
            "the condition",
        );
        let message = format!("the condition `{}` is unused", condition.name.node);
        Some(
            Finding::new(&RULE.info, Location::new(file, condition.name.span), message)
                .help("remove it, or use it in a role or a guard")
                .fix(fix),
        )
    });
    found.collect()
}
