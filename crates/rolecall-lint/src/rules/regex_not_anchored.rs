//! A regex is searched anywhere in the value.

use crate::rule::{Check, Rule};
use crate::rule_info::RuleInfo;
use crate::severity::{Category, Confidence, Persona, Severity};

pub(crate) static RULE: Rule = Rule {
    info: RuleInfo {
        name: "regex-not-anchored",
        summary: "a regex is searched anywhere in the value",
        category: Category::Foreign,
        severity: Severity::Medium,
        confidence: Confidence::High,
        persona: Persona::Regular,
        fix: None,
        page: include_str!("../../docs/regex-not-anchored.md"),
    },
    check: Check::Foreign,
};
