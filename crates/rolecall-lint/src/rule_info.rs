//! Descriptions of rules.

use crate::severity::{Category, Confidence, Persona, Safety, Severity};

/// The description of a rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RuleInfo {
    /// The name in kebab-case. It names the problem, so that it reads well after `allow`.
    pub name: &'static str,
    /// The problem, on one line.
    pub summary: &'static str,
    /// The subject of the rule.
    pub category: Category,
    /// The severity of a finding, unless the finding sets another one.
    pub severity: Severity,
    /// The certainty that a finding is a real problem.
    pub confidence: Confidence,
    /// The first persona that the rule is reported to.
    pub persona: Persona,
    /// The safety of the fixes that the rule offers, or `None` if it offers none.
    pub fix: Option<Safety>,
    /// The rule page, in Markdown.
    pub page: &'static str,
}
