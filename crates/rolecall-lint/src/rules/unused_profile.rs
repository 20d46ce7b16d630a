//! Profiles that no issuer has.

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
        name: "unused-profile",
        summary: "no issuer has a profile",
        category: Category::Hygiene,
        severity: Severity::Low,
        confidence: Confidence::High,
        persona: Persona::Regular,
        fix: Some(Safety::Safe),
        page: include_str!("../../docs/unused-profile.md"),
    },
    check: Check::Set(check),
};

fn check(context: &mut RuleContext<'_, '_>) -> Vec<Finding> {
    let trees = context.trees;
    let uses = Uses::new(trees);
    let found = trees.items().filter_map(|(file, item)| {
        let Item::Profile(profile) = &item.node else {
            return None;
        };
        if uses.profiles.contains(profile.name.node.as_str()) {
            return None;
        }
        // Removing an unused item changes no meaning.
        let fix = remove(
            context,
            Location::new(file, item.span),
            Safety::Safe,
            "the profile",
        );
        let message = format!("no issuer has the profile `{}`", profile.name.node);
        Some(
            Finding::new(&RULE.info, Location::new(file, profile.name.span), message)
                .help("remove it, or use it in an issuer")
                .fix(fix),
        )
    });
    found.collect()
}
