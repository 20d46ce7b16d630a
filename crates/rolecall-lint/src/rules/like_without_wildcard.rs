//! An operator for patterns compares a text without a wildcard.

use crate::rule::{Check, Rule};
use crate::rule_info::RuleInfo;
use crate::severity::{Category, Confidence, Persona, Severity};

pub(crate) static RULE: Rule = Rule {
    info: RuleInfo {
        name: "like-without-wildcard",
        summary: "an operator for patterns compares a text without a wildcard",
        category: Category::Foreign,
        severity: Severity::Low,
        confidence: Confidence::High,
        persona: Persona::Regular,
        fix: None,
        page: include_str!("../../docs/like-without-wildcard.md"),
    },
    check: Check::Foreign,
};
