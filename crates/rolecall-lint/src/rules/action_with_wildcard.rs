//! An action with a wildcard also allows other ways to get the role.

use crate::rule::{Check, Rule};
use crate::rule_info::RuleInfo;
use crate::severity::{Category, Confidence, Persona, Severity};

pub(crate) static RULE: Rule = Rule {
    info: RuleInfo {
        name: "action-with-wildcard",
        summary: "an action with a wildcard also allows other ways to get the role",
        category: Category::Foreign,
        severity: Severity::Low,
        confidence: Confidence::High,
        persona: Persona::Regular,
        fix: None,
        page: include_str!("../../docs/action-with-wildcard.md"),
    },
    check: Check::Foreign,
};
