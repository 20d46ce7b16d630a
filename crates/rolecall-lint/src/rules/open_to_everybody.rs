//! A binding has everybody as a member.

use crate::rule::{Check, Rule};
use crate::rule_info::RuleInfo;
use crate::severity::{Category, Confidence, Persona, Severity};

pub(crate) static RULE: Rule = Rule {
    info: RuleInfo {
        name: "open-to-everybody",
        summary: "a binding has everybody as a member",
        category: Category::Foreign,
        severity: Severity::High,
        confidence: Confidence::High,
        persona: Persona::Regular,
        fix: None,
        page: include_str!("../../docs/open-to-everybody.md"),
    },
    check: Check::Foreign,
};
