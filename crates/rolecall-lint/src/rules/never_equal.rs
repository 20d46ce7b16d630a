//! A value is of another kind than the claim, so that they are never equal.

use crate::rule::{Check, Rule};
use crate::rule_info::RuleInfo;
use crate::severity::{Category, Confidence, Persona, Severity};

pub(crate) static RULE: Rule = Rule {
    info: RuleInfo {
        name: "never-equal",
        summary: "a value is of another kind than the claim, so that they are never equal",
        category: Category::Foreign,
        severity: Severity::High,
        confidence: Confidence::High,
        persona: Persona::Regular,
        fix: None,
        page: include_str!("../../docs/never-equal.md"),
    },
    check: Check::Foreign,
};
