//! Privileged tags that no role has.

use crate::finding::Finding;
use crate::rule::{Check, Rule};
use crate::rule_info::RuleInfo;
use crate::severity::{Category, Confidence, Persona, Severity};
use rolecall_engine::Location;
use rolecall_syntax::{did_you_mean, names_there_are};

pub(crate) static RULE: Rule = Rule {
    info: RuleInfo {
        name: "unknown-privileged-tag",
        summary: "`privileged-tags` names a tag that no role has",
        category: Category::Hygiene,
        severity: Severity::Medium,
        confidence: Confidence::High,
        persona: Persona::Regular,
        fix: None,
        page: include_str!("../../docs/unknown-privileged-tag.md"),
    },
    check: Check::Run,
};

/// Reports a tag of `privileged-tags` that no role of a run has. The location is in the configuration. `tags`
/// are the tags of all roles.
pub fn unknown_privileged_tag<'t>(
    tag: &str,
    location: Location,
    tags: impl Iterator<Item = &'t str> + Clone,
) -> Finding {
    let help = match did_you_mean(tag, tags.clone()) {
        Some(near) => format!("did you mean `{near}`?"),
        None => names_there_are("tag", tags),
    };
    let message = format!("no role has the tag `{tag}`, so it makes no role privileged");
    Finding::new(&RULE.info, location, message).help(help)
}
