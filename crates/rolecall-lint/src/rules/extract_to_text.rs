//! `extract` gives an empty text if the value does not go on as the template does.

use crate::rule::{Check, Rule};
use crate::rule_info::RuleInfo;
use crate::severity::{Category, Confidence, Persona, Severity};

pub(crate) static RULE: Rule = Rule {
    info: RuleInfo {
        name: "extract-to-text",
        summary: "`extract` gives an empty text if the value does not go on as the template does",
        category: Category::Foreign,
        severity: Severity::Medium,
        confidence: Confidence::High,
        persona: Persona::Regular,
        fix: None,
        page: include_str!("../../docs/extract-to-text.md"),
    },
    check: Check::Foreign,
};
