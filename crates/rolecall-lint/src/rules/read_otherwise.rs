//! A part is read as something else than it looks.

use crate::rule::{Check, Rule};
use crate::rule_info::RuleInfo;
use crate::severity::{Category, Confidence, Persona, Severity};

pub(crate) static RULE: Rule = Rule {
    info: RuleInfo {
        name: "read-otherwise",
        summary: "a part is read as something else than it looks",
        category: Category::Foreign,
        severity: Severity::Low,
        confidence: Confidence::High,
        persona: Persona::Regular,
        fix: None,
        page: include_str!("../../docs/read-otherwise.md"),
    },
    check: Check::Foreign,
};
