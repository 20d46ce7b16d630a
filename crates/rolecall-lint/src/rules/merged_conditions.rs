//! Two conditions are taken together, so that either is enough.

use crate::rule::{Check, Rule};
use crate::rule_info::RuleInfo;
use crate::severity::{Category, Confidence, Persona, Severity};

pub(crate) static RULE: Rule = Rule {
    info: RuleInfo {
        name: "merged-conditions",
        summary: "two conditions are taken together, so that either is enough",
        category: Category::Foreign,
        severity: Severity::High,
        confidence: Confidence::High,
        persona: Persona::Regular,
        fix: None,
        page: include_str!("../../docs/merged-conditions.md"),
    },
    check: Check::Foreign,
};
