//! A claim is compared with itself.

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
    let (claim, location) = (constraint.atom.claim, constraint.atom.location);
    if constraint.atom.question != Question::SameAs(claim) {
        return None;
    }
    let what = match (constraint.wanted, constraint.required) {
        (true, _) => "always equal to itself, so that this keeps nobody out",
        (false, false) => "never different from itself, so that this lets nobody in",
        // That the clause is dead is said by another rule.
        (false, true) => return None,
    };
    Some(
        Finding::new(&RULE.info, location, format!("`{}` is {what}", view.name(claim)))
            .label("one claim, twice")
            .help("write the claim or the text that was meant; a text has quotes"),
    )
}
