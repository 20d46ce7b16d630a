//! The question `rules`.

use crate::written;
use rolecall_lint::RULES;
use rolecall_report::failure::Failure;
use serde::Serialize;

#[derive(Serialize)]
struct RulesAnswer {
    rules: Vec<RuleAnswer>,
}

#[derive(Serialize)]
struct RuleAnswer {
    name: &'static str,
    summary: &'static str,
    category: &'static str,
    severity: &'static str,
}

pub(crate) fn answer() -> Result<String, Failure> {
    let rules = RULES.iter().map(|rule| RuleAnswer {
        name: rule.name,
        summary: rule.summary,
        category: rule.category.name(),
        severity: rule.severity.name(),
    });
    written(&RulesAnswer {
        rules: rules.collect(),
    })
}
