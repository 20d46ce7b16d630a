//! Suppressions without a reason.

use crate::rule::{Check, Rule};
use crate::rule_info::RuleInfo;
use crate::severity::{Category, Confidence, Persona, Severity};

pub(crate) static RULE: Rule = Rule {
    info: RuleInfo {
        name: "suppression-without-reason",
        summary: "a suppression has no reason",
        category: Category::Hygiene,
        severity: Severity::Medium,
        confidence: Confidence::High,
        persona: Persona::Regular,
        fix: None,
        page: include_str!("../../docs/suppression-without-reason.md"),
    },
    check: Check::Suppression,
};
