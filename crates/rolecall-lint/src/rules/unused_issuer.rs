//! Issuers whose tokens get no role.

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
        name: "unused-issuer",
        summary: "no role is allowed from an issuer",
        category: Category::Hygiene,
        severity: Severity::Low,
        confidence: Confidence::High,
        persona: Persona::Regular,
        fix: Some(Safety::Unsafe),
        page: include_str!("../../docs/unused-issuer.md"),
    },
    check: Check::Set(check),
};

fn check(context: &mut RuleContext<'_, '_>) -> Vec<Finding> {
    let trees = context.trees;
    let uses = Uses::new(trees);
    let found = trees.items().filter_map(|(file, item)| {
        let Item::Issuer(issuer) = &item.node else {
            return None;
        };
        let name = issuer.name.node.as_str();
        if uses.issuers.contains(name) {
            return None;
        }
        // A service may use verified tokens without a role. Guards and tests must not name a missing issuer.
        let is_named = uses.named_issuers.contains(name);
        let location = Location::new(file, item.span);
        let fix = (!is_named).then(|| remove(context, location, Safety::Unsafe, "the issuer"));
        let message = format!("no role is allowed from the issuer `{name}`");
        Some(
            Finding::new(&RULE.info, Location::new(file, issuer.name.span), message)
                .help("remove it: its keys are fetched without need")
                .fix(fix.flatten()),
        )
    });
    found.collect()
}
