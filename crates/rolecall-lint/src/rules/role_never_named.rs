//! A role demands that its tokens name it, and they never do.

use crate::rule::{Check, Rule};
use crate::rule_info::RuleInfo;
use crate::severity::{Category, Confidence, Persona, Severity};

pub(crate) static RULE: Rule = Rule {
    info: RuleInfo {
        name: "role-never-named",
        summary: "the role demands that its tokens name it, and they never do",
        category: Category::Foreign,
        severity: Severity::High,
        confidence: Confidence::High,
        persona: Persona::Regular,
        fix: None,
        page: include_str!("../../docs/role-never-named.md"),
    },
    check: Check::Foreign,
};
