//! No issuer has a profile.

use crate::finding::{Finding, Safety};
use crate::linting::Linting;
use crate::removal::remove;
use crate::rule::{Category, Check, Confidence, Persona, Rule, Severity};
use crate::uses::Uses;
use rolecall_engine::Location;
use rolecall_syntax::ast::Item;

pub(crate) static RULE: Rule = Rule {
    name: "unused-profile",
    summary: "no issuer has a profile",
    category: Category::Hygiene,
    severity: Severity::Low,
    confidence: Confidence::High,
    persona: Persona::Regular,
    fix: Some(Safety::Safe),
    page: include_str!("../../docs/unused-profile.md"),
    check: Check::Set(check),
};

fn check(linting: &mut Linting<'_, '_>) {
    let trees = linting.trees;
    let uses = Uses::new(trees);
    for (file, item) in trees.items() {
        let Item::Profile(profile) = &item.node else {
            continue;
        };
        if uses.profiles.contains(profile.name.node.as_str()) {
            continue;
        }
        // It says what the tokens of nobody hold.
        let fix = remove(
            linting,
            Location::new(file, item.span),
            Safety::Safe,
            "the profile",
        );
        let message = format!("no issuer has the profile `{}`", profile.name.node);
        linting.report(
            Finding::new(&RULE, Location::new(file, profile.name.span), message)
                .help("remove it, or name it in an issuer")
                .fix(fix),
        );
    }
}
