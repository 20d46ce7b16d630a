//! A role is not translated, so that nothing is known about it.

use crate::rule::{Check, Rule};
use crate::rule_info::RuleInfo;
use crate::severity::{Category, Confidence, Persona, Severity};

pub(crate) static RULE: Rule = Rule {
    info: RuleInfo {
        name: "untranslated-role",
        summary: "a role is not translated, so that nothing is known about it",
        category: Category::Foreign,
        severity: Severity::Medium,
        confidence: Confidence::High,
        persona: Persona::Regular,
        fix: None,
        page: include_str!("../../docs/untranslated-role.md"),
    },
    check: Check::Foreign,
};
