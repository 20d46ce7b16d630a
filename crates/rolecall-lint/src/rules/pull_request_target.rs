//! Events that run with full rights on input of strangers.

use crate::ask;
use crate::clause::{ClauseView, Constraint};
use crate::context::RuleContext;
use crate::finding::Finding;
use crate::harm::Harm;
use crate::rule::{Check, Rule};
use crate::rule_info::RuleInfo;
use crate::severity::{Category, Confidence, Persona, Severity};
use crate::vocabulary::STRANGERS_INPUT;

pub(crate) static RULE: Rule = Rule {
    info: RuleInfo {
        name: "pull-request-target",
        summary: "an event that runs with full rights on input of strangers gets the role",
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
    let message = format!("strangers can trigger `{event}` and choose its input");
    Some(
        Finding::new(&RULE.info, constraint.location, message)
            .severity(Harm::UnreviewedCode.level(view.is_privileged))
            .label("full rights on foreign input")
            .help("grant the role to `push` on a protected branch instead")
            .witness(witness),
    )
}
