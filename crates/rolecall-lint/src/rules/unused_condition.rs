//! A condition that nothing names.

use crate::finding::{Finding, Safety};
use crate::linting::Linting;
use crate::removal::remove;
use crate::rule::{Category, Check, Confidence, Persona, Rule, Severity};
use crate::uses::Uses;
use rolecall_engine::Location;
use rolecall_syntax::ast::Item;

pub(crate) static RULE: Rule = Rule {
    name: "unused-condition",
    summary: "no role, guard or assertion uses a condition",
    category: Category::Hygiene,
    severity: Severity::Low,
    confidence: Confidence::High,
    persona: Persona::Regular,
    fix: Some(Safety::Safe),
    page: include_str!("../../docs/unused-condition.md"),
    check: Check::Set(check),
};

fn check(linting: &mut Linting<'_, '_>) {
    let trees = linting.trees;
    let uses = Uses::new(trees);
    for (file, item) in trees.items() {
        let Item::Condition(condition) = &item.node else {
            continue;
        };
        // One that only an unused condition names is found when that is gone.
        if uses.conditions.contains(condition.name.node.as_str()) {
            continue;
        }
        // Nothing means anything else without it.
        let fix = remove(
            linting,
            Location::new(file, item.span),
            Safety::Safe,
            "the condition",
        );
        let message = format!("nothing uses the condition `{}`", condition.name.node);
        linting.report(
            Finding::new(&RULE, Location::new(file, condition.name.span), message)
                .help("remove it, or ask for it in a role or a guard")
                .fix(fix),
        );
    }
}
