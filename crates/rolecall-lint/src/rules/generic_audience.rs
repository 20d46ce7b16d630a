//! The audience is one that many services have.

use crate::audiences::{Audience, Meaning};
use crate::context::RuleContext;
use crate::finding::Finding;
use crate::rule::{Check, Rule};
use crate::rule_info::RuleInfo;
use crate::severity::{Category, Confidence, Persona, Severity};

pub(crate) static RULE: Rule = Rule {
    info: RuleInfo {
        name: "generic-audience",
        summary: "the audience is a word that many services use, or a cloud",
        category: Category::Identity,
        severity: Severity::Medium,
        confidence: Confidence::High,
        persona: Persona::Regular,
        fix: None,
        page: include_str!("../../docs/generic-audience.md"),
    },
    check: Check::Set(check),
};

fn check(context: &mut RuleContext<'_, '_>) -> Vec<Finding> {
    let found = Audience::all(context).into_iter().filter_map(|audience| {
        // For the cloud itself it is right: the policy may be written for that one.
        let severity = match audience.meaning() {
            Meaning::Cloud => Severity::Low,
            Meaning::Services => Severity::Medium,
            Meaning::Issuer | Meaning::Service => return None,
        };
        Some(
            Finding::new(
                &RULE.info,
                audience.location,
                format!(
                    "`{}` may be the audience of other services as well",
                    audience.text
                ),
            )
            .severity(severity)
            .label("not only yours")
            .help("name this service so that no other has the name: by a URL"),
        )
    });
    found.collect()
}
