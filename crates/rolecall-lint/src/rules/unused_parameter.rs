//! A condition does not use one of its parameters.

use crate::finding::Finding;
use crate::linting::Linting;
use crate::rule::{Category, Check, Confidence, Persona, Rule, Severity};
use crate::uses::references;
use rolecall_engine::Location;
use rolecall_syntax::ast::Item;

pub(crate) static RULE: Rule = Rule {
    name: "unused-parameter",
    summary: "a condition does not use one of its parameters",
    category: Category::Hygiene,
    severity: Severity::Low,
    confidence: Confidence::High,
    persona: Persona::Regular,
    fix: None,
    page: include_str!("../../docs/unused-parameter.md"),
    check: Check::Set(check),
};

fn check(linting: &mut Linting<'_, '_>) {
    let trees = linting.trees;
    for (file, item) in trees.items() {
        let Item::Condition(condition) = &item.node else {
            continue;
        };
        let used = references(&condition.expr);
        let unused = condition.parameters.iter();
        for parameter in unused.filter(|parameter| !used.contains(parameter.node.as_str())) {
            let name = &condition.name.node;
            let message = format!("`{name}` means the same whatever `{}` is", parameter.node);
            linting.report(
                Finding::new(&RULE, Location::new(file, parameter.span), message)
                    .help("compare a claim with it, or take it out here and where the condition is used"),
            );
        }
    }
}
