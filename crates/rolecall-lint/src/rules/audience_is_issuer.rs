//! Audiences that name the issuer.

use crate::audiences::{Audience, Meaning};
use crate::context::RuleContext;
use crate::finding::Finding;
use crate::rule::{Check, Rule};
use crate::rule_info::RuleInfo;
use crate::severity::{Category, Confidence, Persona, Severity};

pub(crate) static RULE: Rule = Rule {
    info: RuleInfo {
        name: "audience-is-issuer",
        summary: "the audience is the issuer's default, so tokens meant for other services are accepted",
        category: Category::Identity,
        severity: Severity::Medium,
        confidence: Confidence::High,
        persona: Persona::Regular,
        fix: None,
        page: include_str!("../../docs/audience-is-issuer.md"),
    },
    check: Check::Set(check),
};

fn check(context: &mut RuleContext<'_, '_>) -> Vec<Finding> {
    let found = Audience::all(context).into_iter().filter_map(|audience| {
        if audience.meaning() != Meaning::Issuer {
            return None;
        }
        let message = format!(
            "`{}` is the audience of tokens for the issuer itself, and often its default",
            audience.text
        );
        Some(
            Finding::new(&RULE.info, audience.location, message)
                .label("names the issuer or the owner, not this service")
                .help("name the service that accepts the tokens, preferably by its URL"),
        )
    });
    found.collect()
}
