//! Suppressions that name no rule, or are malformed.

use crate::rule::{Check, Rule};
use crate::rule_info::RuleInfo;
use crate::severity::{Category, Confidence, Persona, Severity};

pub(crate) static RULE: Rule = Rule {
    info: RuleInfo {
        name: "unknown-suppression",
        summary: "a suppression names an unknown rule, or is malformed",
        category: Category::Hygiene,
        severity: Severity::Medium,
        confidence: Confidence::High,
        persona: Persona::Regular,
        fix: None,
        page: include_str!("../../docs/unknown-suppression.md"),
    },
    check: Check::Suppression,
};
