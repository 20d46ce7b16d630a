//! An issuer is trusted, and its tokens get nothing.

use crate::finding::{Finding, Safety};
use crate::linting::Linting;
use crate::removal::remove;
use crate::rule::{Category, Check, Confidence, Persona, Rule, Severity};
use crate::uses::Uses;
use rolecall_engine::Location;
use rolecall_syntax::ast::Item;

pub(crate) static RULE: Rule = Rule {
    name: "unused-issuer",
    summary: "no role is allowed from an issuer",
    category: Category::Hygiene,
    severity: Severity::Low,
    confidence: Confidence::High,
    persona: Persona::Regular,
    fix: Some(Safety::Unsafe),
    page: include_str!("../../docs/unused-issuer.md"),
    check: Check::Set(check),
};

fn check(linting: &mut Linting<'_, '_>) {
    let trees = linting.trees;
    let uses = Uses::new(trees);
    for (file, item) in trees.items() {
        let Item::Issuer(issuer) = &item.node else {
            continue;
        };
        let name = issuer.name.node.as_str();
        if uses.issuers.contains(name) {
            continue;
        }
        // A service may look at verified tokens without a role. Guards and tests would name nobody.
        let is_named = uses.named_issuers.contains(name);
        let location = Location::new(file, item.span);
        let fix = (!is_named).then(|| remove(linting, location, Safety::Unsafe, "the issuer"));
        let message = format!("no role is allowed from the issuer `{name}`");
        linting.report(
            Finding::new(&RULE, Location::new(file, issuer.name.span), message)
                .help("remove it: its keys are fetched and its tokens verified for nothing")
                .fix(fix.flatten()),
        );
    }
}
