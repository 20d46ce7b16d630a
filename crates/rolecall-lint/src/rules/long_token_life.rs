//! Tokens of an issuer are taken for very long.

use crate::finding::{Edit, Finding, Fix, Safety};
use crate::linting::Linting;
use crate::rule::{Category, Check, Confidence, Persona, Rule, Severity};
use rolecall_engine::Location;
use rolecall_syntax::Spanned;
use rolecall_syntax::ast::{Duration, IssuerMember, Item};

pub(crate) static RULE: Rule = Rule {
    name: "long-token-life",
    summary: "an issuer's tokens are taken for very long",
    category: Category::Hygiene,
    severity: Severity::Low,
    confidence: Confidence::High,
    persona: Persona::Pedantic,
    fix: Some(Safety::Unsafe),
    page: include_str!("../../docs/long-token-life.md"),
    check: Check::Set(check),
};

/// A token lives as long as its job; more than a day is no job any more.
const LONGEST_LIFE: (u64, &str) = (24 * 60 * 60, "24h");
/// Clocks that are set over the network differ by less.
const LONGEST_LEEWAY: (u64, &str) = (60, "60s");

fn check(linting: &mut Linting<'_, '_>) {
    let trees = linting.trees;
    for (file, item) in trees.items() {
        let Item::Issuer(issuer) = &item.node else {
            continue;
        };
        let name = &issuer.name.node;
        for member in &issuer.members {
            let (duration, (most, written)) = match &member.node {
                IssuerMember::MaxAge(duration) => (duration, LONGEST_LIFE),
                IssuerMember::Leeway(duration) => (duration, LONGEST_LEEWAY),
                _ => continue,
            };
            let location = Location::new(file, duration.span);
            let long = linting.text(location);
            let message = match member.node {
                IssuerMember::Leeway(_) => {
                    format!("tokens of `{name}` are taken for {long} after they expire")
                }
                _ => format!("tokens of `{name}` may live for {long}"),
            };
            if is_more(duration, most) {
                let edit = Edit::new(location, written);
                linting.report(
                    Finding::new(&RULE, location, message)
                        .help(
                            "whoever finds an old token in a log can use it as long: write less, or nothing",
                        )
                        .fix(Fix::new(Safety::Unsafe, format!("write `{written}`"), vec![edit])),
                );
            }
        }
    }
}

fn is_more(duration: &Spanned<Duration>, seconds: u64) -> bool {
    duration.node.seconds() > seconds
}
