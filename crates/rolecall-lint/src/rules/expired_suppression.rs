//! A comment suppresses findings no longer: its last day is over.

use crate::rule::{Check, Rule};
use crate::rule_info::RuleInfo;
use crate::severity::{Category, Confidence, Persona, Severity};

pub(crate) static RULE: Rule = Rule {
    info: RuleInfo {
        name: "expired-suppression",
        summary: "a suppression held until a day that is over",
        category: Category::Hygiene,
        severity: Severity::Medium,
        confidence: Confidence::High,
        persona: Persona::Regular,
        fix: None,
        page: include_str!("../../docs/expired-suppression.md"),
    },
    check: Check::Suppression,
};
