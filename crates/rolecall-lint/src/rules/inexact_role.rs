//! A role admits more or fewer tokens here than in its source.

use crate::rule::{Check, Rule};
use crate::rule_info::RuleInfo;
use crate::severity::{Category, Confidence, Persona, Severity};

pub(crate) static RULE: Rule = Rule {
    info: RuleInfo {
        name: "inexact-role",
        summary: "a role admits more or fewer tokens here than in its source",
        category: Category::Foreign,
        severity: Severity::Medium,
        confidence: Confidence::High,
        persona: Persona::Regular,
        fix: None,
        page: include_str!("../../docs/inexact-role.md"),
    },
    check: Check::Foreign,
};
