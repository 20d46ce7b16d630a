//! An event is let in that runs with full rights on what strangers send.

use crate::ask;
use crate::clause::{ClauseView, Constraint};
use crate::context::RuleContext;
use crate::finding::Finding;
use crate::rule::{Check, Rule};
use crate::rule_info::RuleInfo;
use crate::severity::{Category, Confidence, Persona, Severity};
use crate::vocabulary::STRANGERS_INPUT;

pub(crate) static RULE: Rule = Rule {
    info: RuleInfo {
        name: "pull-request-target",
        summary: "an event is let in that runs with full rights on what strangers send",
        category: Category::Pipeline,
        severity: Severity::High,
        confidence: Confidence::High,
        persona: Persona::Regular,
        fix: None,
        page: include_str!("../../docs/pull-request-target.md"),
    },
    check: Check::Constraint(check),
};

fn check(
    constraint: &Constraint<'_>,
    view: &ClauseView<'_>,
    context: &mut RuleContext<'_, '_>,
) -> Option<Finding> {
    let trigger = view.trigger()?;
    if constraint.atom.claim != trigger {
        return None;
    }
    let literals = constraint.literals();
    let event = STRANGERS_INPUT
        .iter()
        .find(|event| literals.iter().any(|text| text == *event))?;
    let witness = context.admits(view, ask::one_of(trigger, [*event]))?;
    let message = format!("strangers can set off `{event}`, and say what it works on");
    Some(
        Finding::new(&RULE.info, constraint.atom.location, message)
            .label("full rights, foreign input")
            .help("give the role to `push` on a protected branch, and let that do the work")
            .witness(witness),
    )
}
