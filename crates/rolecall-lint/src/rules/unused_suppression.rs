//! Suppressions that suppress nothing.

use crate::rule::{Check, Rule};
use crate::rule_info::RuleInfo;
use crate::severity::{Category, Confidence, Persona, Safety, Severity};

pub(crate) static RULE: Rule = Rule {
    info: RuleInfo {
        name: "unused-suppression",
        summary: "a suppression suppresses no finding",
        category: Category::Hygiene,
        severity: Severity::Low,
        confidence: Confidence::High,
        persona: Persona::Regular,
        fix: Some(Safety::Safe),
        page: include_str!("../../docs/unused-suppression.md"),
    },
    check: Check::Suppression,
};
