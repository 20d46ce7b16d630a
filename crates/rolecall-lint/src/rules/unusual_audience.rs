//! The audience is not the one of tokens for Microsoft Entra.

use crate::rule::{Check, Rule};
use crate::rule_info::RuleInfo;
use crate::severity::{Category, Confidence, Persona, Severity};

pub(crate) static RULE: Rule = Rule {
    info: RuleInfo {
        name: "unusual-audience",
        summary: "the audience is not the one of tokens for Microsoft Entra",
        category: Category::Foreign,
        severity: Severity::Low,
        confidence: Confidence::High,
        persona: Persona::Regular,
        fix: None,
        page: include_str!("../../docs/unusual-audience.md"),
    },
    check: Check::Foreign,
};
