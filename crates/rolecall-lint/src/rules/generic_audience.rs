//! Audiences that many services share.

use crate::audiences::{Audience, Meaning};
use crate::context::RuleContext;
use crate::finding::Finding;
use crate::rule::{Check, Rule};
use crate::rule_info::RuleInfo;
use crate::severity::{Category, Confidence, Persona, Severity};

pub(crate) static RULE: Rule = Rule {
    info: RuleInfo {
        name: "generic-audience",
        summary: "the audience is a common word or a cloud, which other services also accept",
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
        // The policy may be written for the cloud itself.
        let severity = match audience.meaning() {
            Meaning::Cloud => Severity::Low,
            Meaning::Services => Severity::Medium,
            Meaning::Issuer | Meaning::Service => return None,
        };
        Some(
            Finding::new(
                &RULE.info,
                audience.location,
                format!("`{}` may also be the audience of other services", audience.text),
            )
            .severity(severity)
            .label("not unique to this service")
            .help("use an audience that no other service has, such as the URL of this service"),
        )
    });
    found.collect()
}
