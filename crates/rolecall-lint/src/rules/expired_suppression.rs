//! Suppressions that have expired.

use crate::rule::{Check, Rule};
use crate::rule_info::RuleInfo;
use crate::severity::{Category, Confidence, Persona, Severity};

pub(crate) static RULE: Rule = Rule {
    info: RuleInfo {
        name: "expired-suppression",
        summary: "a suppression has expired",
        category: Category::Hygiene,
        severity: Severity::Medium,
        confidence: Confidence::High,
        persona: Persona::Regular,
        fix: None,
        page: include_str!("../../docs/expired-suppression.md"),
    },
    check: Check::Suppression,
};
