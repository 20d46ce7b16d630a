//! A provider of Google Cloud takes each token of an issuer that many share.

use crate::rule::{Check, Rule};
use crate::rule_info::RuleInfo;
use crate::severity::{Category, Confidence, Persona, Severity};

pub(crate) static RULE: Rule = Rule {
    info: RuleInfo {
        name: "no-condition",
        summary: "a provider of Google Cloud takes each token of an issuer that many share",
        category: Category::Foreign,
        severity: Severity::Medium,
        confidence: Confidence::High,
        persona: Persona::Regular,
        fix: None,
        page: include_str!("../../docs/no-condition.md"),
    },
    check: Check::Foreign,
};
