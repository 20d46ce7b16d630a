//! A condition also holds for tokens without the claim.

use crate::rule::{Check, Rule};
use crate::rule_info::RuleInfo;
use crate::severity::{Category, Confidence, Persona, Severity};

pub(crate) static RULE: Rule = Rule {
    info: RuleInfo {
        name: "absence-admitted",
        summary: "a condition also holds for tokens without the claim",
        category: Category::Foreign,
        severity: Severity::Medium,
        confidence: Confidence::High,
        persona: Persona::Regular,
        fix: None,
        page: include_str!("../../docs/absence-admitted.md"),
    },
    check: Check::Foreign,
};
