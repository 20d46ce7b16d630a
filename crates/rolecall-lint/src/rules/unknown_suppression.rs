//! A comment to the linter says nothing that it knows.

use crate::rule::{Check, Rule};
use crate::rule_info::RuleInfo;
use crate::severity::{Category, Confidence, Persona, Severity};

pub(crate) static RULE: Rule = Rule {
    info: RuleInfo {
        name: "unknown-suppression",
        summary: "a comment to the linter names no rule, or cannot be read",
        category: Category::Hygiene,
        severity: Severity::Medium,
        confidence: Confidence::High,
        persona: Persona::Regular,
        fix: None,
        page: include_str!("../../docs/unknown-suppression.md"),
    },
    check: Check::Suppression,
};
