//! The keys of the tokens are not those that the issuer publishes.

use crate::rule::{Check, Rule};
use crate::rule_info::RuleInfo;
use crate::severity::{Category, Confidence, Persona, Severity};

pub(crate) static RULE: Rule = Rule {
    info: RuleInfo {
        name: "keys-of-another-host",
        summary: "the keys of the tokens are not those that the issuer publishes",
        category: Category::Foreign,
        severity: Severity::Medium,
        confidence: Confidence::High,
        persona: Persona::Regular,
        fix: None,
        page: include_str!("../../docs/keys-of-another-host.md"),
    },
    check: Check::Foreign,
};
