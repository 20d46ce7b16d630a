//! A policy variable is literal text in an old version of the language.

use crate::rule::{Check, Rule};
use crate::rule_info::RuleInfo;
use crate::severity::{Category, Confidence, Persona, Severity};

pub(crate) static RULE: Rule = Rule {
    info: RuleInfo {
        name: "variable-in-old-version",
        summary: "a policy variable is literal text in an old version of the language",
        category: Category::Foreign,
        severity: Severity::Medium,
        confidence: Confidence::High,
        persona: Persona::Regular,
        fix: None,
        page: include_str!("../../docs/variable-in-old-version.md"),
    },
    check: Check::Foreign,
};
