//! Patterns that admit other owners.

use crate::clause::ClauseView;
use crate::context::RuleContext;
use crate::finding::Finding;
use crate::rule::{Check, Rule};
use crate::rule_info::RuleInfo;
use crate::severity::{Category, Confidence, Persona, Severity};
use crate::stranger::by_pattern;

pub(crate) static RULE: Rule = Rule {
    info: RuleInfo {
        name: "wildcard-owner",
        summary: "a wildcard in the owner's name also matches other owners",
        category: Category::Identity,
        severity: Severity::High,
        confidence: Confidence::High,
        persona: Persona::Regular,
        fix: None,
        page: include_str!("../../docs/wildcard-owner.md"),
    },
    check: Check::Clause(check),
};

fn check(view: &ClauseView<'_>, context: &mut RuleContext<'_, '_>) -> Option<Finding> {
    let (location, witness) = by_pattern(view, context)?;
    let severity = if view.is_shared() || view.is_privileged {
        Severity::High
    } else {
        Severity::Medium
    };
    let message = format!("`{}` also matches other owners", context.text(location));
    Some(
        Finding::new(&RULE.info, location, message)
            .severity(severity)
            .label("anyone can register a name that matches")
            .help("write the owner in full, with a `/` before the wildcard: `project under \"acme\"`")
            .witness(witness),
    )
}
