//! The audience is what tokens of the issuer have anyway.

use crate::audiences::{Audience, Meaning};
use crate::finding::Finding;
use crate::linting::Linting;
use crate::rule::{Category, Check, Confidence, Persona, Rule, Severity};

pub(crate) static RULE: Rule = Rule {
    name: "audience-is-issuer",
    summary: "the audience is that of tokens which nobody meant for this service",
    category: Category::Identity,
    severity: Severity::Medium,
    confidence: Confidence::High,
    persona: Persona::Regular,
    fix: None,
    page: include_str!("../../docs/audience-is-issuer.md"),
    check: Check::Set(check),
};

fn check(linting: &mut Linting<'_, '_>) {
    for audience in Audience::all(linting) {
        if audience.meaning() != Meaning::Issuer {
            continue;
        }
        let message = format!(
            "`{}` is the audience of tokens for the issuer itself, and often the usual one",
            audience.text
        );
        linting.report(
            Finding::new(&RULE, audience.location, message)
                .label("names the issuer or the owner, not this service")
                .help("name the service that takes the tokens, best by its own URL"),
        );
    }
}
