//! A member is given twice, and only the last one counts.

use crate::rule::{Check, Rule};
use crate::rule_info::RuleInfo;
use crate::severity::{Category, Confidence, Persona, Severity};

pub(crate) static RULE: Rule = Rule {
    info: RuleInfo {
        name: "member-given-twice",
        summary: "a member is given twice, and only the last one counts",
        category: Category::Foreign,
        severity: Severity::High,
        confidence: Confidence::High,
        persona: Persona::Regular,
        fix: None,
        page: include_str!("../../docs/member-given-twice.md"),
    },
    check: Check::Foreign,
};
