//! A condition compares a key that AWS does not publish for the issuer.

use crate::rule::{Check, Rule};
use crate::rule_info::RuleInfo;
use crate::severity::{Category, Confidence, Persona, Severity};

pub(crate) static RULE: Rule = Rule {
    info: RuleInfo {
        name: "unpublished-key",
        summary: "a condition compares a key that AWS does not publish for the issuer",
        category: Category::Foreign,
        severity: Severity::High,
        confidence: Confidence::High,
        persona: Persona::Regular,
        fix: None,
        page: include_str!("../../docs/unpublished-key.md"),
    },
    check: Check::Foreign,
};
