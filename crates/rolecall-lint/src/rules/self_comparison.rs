//! Comparisons of a claim with itself.

use crate::clause::{ClauseView, Constraint};
use crate::context::RuleContext;
use crate::finding::Finding;
use crate::rule::{Check, Rule};
use crate::rule_info::RuleInfo;
use crate::severity::{Category, Confidence, Persona, Severity};
use rolecall_engine::ir::Question;

pub(crate) static RULE: Rule = Rule {
    info: RuleInfo {
        name: "self-comparison",
        summary: "a claim is compared with itself",
        category: Category::Operators,
        severity: Severity::High,
        confidence: Confidence::High,
        persona: Persona::Regular,
        fix: None,
        page: include_str!("../../docs/self-comparison.md"),
    },
    check: Check::Constraint(check),
};

fn check(
    constraint: &Constraint<'_>,
    view: &ClauseView<'_>,
    _context: &mut RuleContext<'_, '_>,
) -> Option<Finding> {
    let (claim, location) = (constraint.atom.claim, constraint.location);
    if constraint.atom.question != Question::SameAs(claim) {
        return None;
    }
    let what = match (constraint.wanted, constraint.required) {
        (true, _) => "always equal to itself, so this excludes no token",
        (false, false) => "never different from itself, so this admits no token",
        // Another rule reports that the clause is dead.
        (false, true) => return None,
    };
    Some(
        Finding::new(&RULE.info, location, format!("`{}` is {what}", view.name(claim)))
            .label("the same claim twice")
            .help("write the intended claim, or a text in quotes"),
    )
}
