//! Nothing is compared with a set.

use crate::finding::{Finding, Safety};
use crate::linting::Linting;
use crate::removal::remove;
use crate::rule::{Category, Check, Confidence, Persona, Rule, Severity};
use crate::uses::Uses;
use rolecall_engine::Location;
use rolecall_syntax::ast::Item;

pub(crate) static RULE: Rule = Rule {
    name: "unused-set",
    summary: "nothing is compared with a set",
    category: Category::Hygiene,
    severity: Severity::Low,
    confidence: Confidence::High,
    persona: Persona::Regular,
    fix: Some(Safety::Safe),
    page: include_str!("../../docs/unused-set.md"),
    check: Check::Set(check),
};

fn check(linting: &mut Linting<'_, '_>) {
    let trees = linting.trees;
    let uses = Uses::new(trees);
    for (file, item) in trees.items() {
        let Item::Set(set) = &item.node else { continue };
        if uses.sets.contains(set.name.node.as_str()) {
            continue;
        }
        // Nothing means anything else without it.
        let fix = remove(linting, Location::new(file, item.span), Safety::Safe, "the set");
        let message = format!("nothing is compared with the set `{}`", set.name.node);
        linting.report(
            Finding::new(&RULE, Location::new(file, set.name.span), message)
                .help("remove it, or compare a claim with it")
                .fix(fix),
        );
    }
}
