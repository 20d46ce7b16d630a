//! A statement names an OIDC provider, but not the action of tokens.

use crate::rule::{Check, Rule};
use crate::rule_info::RuleInfo;
use crate::severity::{Category, Confidence, Persona, Severity};

pub(crate) static RULE: Rule = Rule {
    info: RuleInfo {
        name: "not-for-tokens",
        summary: "a statement names an OIDC provider, but not the action of tokens",
        category: Category::Foreign,
        severity: Severity::Medium,
        confidence: Confidence::High,
        persona: Persona::Regular,
        fix: None,
        page: include_str!("../../docs/not-for-tokens.md"),
    },
    check: Check::Foreign,
};
