//! A value has a comma, at which Terraform splits it.

use crate::rule::{Check, Rule};
use crate::rule_info::RuleInfo;
use crate::severity::{Category, Confidence, Persona, Severity};

pub(crate) static RULE: Rule = Rule {
    info: RuleInfo {
        name: "comma-in-value",
        summary: "a value has a comma, at which Terraform splits it",
        category: Category::Foreign,
        severity: Severity::Medium,
        confidence: Confidence::High,
        persona: Persona::Regular,
        fix: None,
        page: include_str!("../../docs/comma-in-value.md"),
    },
    check: Check::Foreign,
};
