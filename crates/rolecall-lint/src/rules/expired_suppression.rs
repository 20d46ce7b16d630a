//! A comment suppresses findings no longer: its last day is over.

use crate::rule::{Category, Check, Confidence, Persona, Rule, Severity};

pub(crate) static RULE: Rule = Rule {
    name: "expired-suppression",
    summary: "a suppression held until a day that is over",
    category: Category::Hygiene,
    severity: Severity::Medium,
    confidence: Confidence::High,
    persona: Persona::Regular,
    fix: None,
    page: include_str!("../../docs/expired-suppression.md"),
    check: Check::Suppression,
};
