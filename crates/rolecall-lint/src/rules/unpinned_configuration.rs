//! Pipeline configurations on a branch.

use crate::clause::{ClauseView, Constraint};
use crate::context::RuleContext;
use crate::finding::Finding;
use crate::outline::{outlines, with_gaps};
use crate::rule::{Check, Rule};
use crate::rule_info::RuleInfo;
use crate::severity::{Category, Confidence, Persona, Severity};
use crate::vocabulary::{COMMITS, CONFIGURATIONS};
use rolecall_engine::ir::Question;

pub(crate) static RULE: Rule = Rule {
    info: RuleInfo {
        name: "unpinned-configuration",
        summary: "the pipeline configuration is named on a branch, which can change",
        category: Category::Pipeline,
        severity: Severity::Low,
        confidence: Confidence::High,
        persona: Persona::Regular,
        fix: None,
        page: include_str!("../../docs/unpinned-configuration.md"),
    },
    check: Check::Constraint(check),
};

fn check(
    constraint: &Constraint<'_>,
    view: &ClauseView<'_>,
    context: &mut RuleContext<'_, '_>,
) -> Option<Finding> {
    let claim = constraint.atom.claim;
    let mut configurations = CONFIGURATIONS.iter().filter_map(|name| view.claim(name));
    if !constraint.names() || !configurations.any(|configuration| configuration == claim) {
        return None;
    }
    let moves = match &constraint.atom.question {
        Question::OneOf(literals) => literals.iter().any(|text| is_moving(&text.to_string())),
        Question::Pattern(patterns) => {
            let mut outlines = patterns.iter().flat_map(outlines);
            outlines.any(|outline| is_moving(&with_gaps(&outline, '*')))
        }
        _ => false,
    };
    // The commit may be compared as well.
    if !moves || view.narrows_any(&COMMITS) {
        return None;
    }
    let location = constraint.location;
    let finding = Finding::new(
        &RULE.info,
        location,
        format!(
            "`{}` holds for any content of that branch",
            context.text(location)
        ),
    )
    .label("a branch can change")
    .help("write a commit or a protected tag after the `@`, or also compare the commit");
    Some(finding)
}

/// Returns whether a file is named on a branch, or on any ref.
fn is_moving(text: &str) -> bool {
    let is_any_ref = text.ends_with('*') && !text.contains('@');
    is_any_ref || text.contains("@refs/heads/") || text.ends_with("@*")
}
