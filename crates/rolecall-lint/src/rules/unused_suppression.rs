//! A comment suppresses nothing.

use crate::finding::Safety;
use crate::rule::{Category, Check, Confidence, Persona, Rule, Severity};

pub(crate) static RULE: Rule = Rule {
    name: "unused-suppression",
    summary: "a comment allows what would not be found",
    category: Category::Hygiene,
    severity: Severity::Low,
    confidence: Confidence::High,
    persona: Persona::Regular,
    fix: Some(Safety::Safe),
    page: include_str!("../../docs/unused-suppression.md"),
    check: Check::Suppression,
};
