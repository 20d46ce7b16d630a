//! Privileged roles for pipelines that are started by hand or with a token.

use crate::ask;
use crate::clause::ClauseView;
use crate::context::RuleContext;
use crate::finding::Finding;
use crate::narrowing;
use crate::rule::{Check, Rule};
use crate::rule_info::RuleInfo;
use crate::severity::{Category, Confidence, Persona, Safety, Severity};
use crate::vocabulary::BY_HAND;

pub(crate) static RULE: Rule = Rule {
    info: RuleInfo {
        name: "started-by-anybody",
        summary: "pipelines that are started by hand or with a token get a privileged role",
        category: Category::Pipeline,
        severity: Severity::Low,
        confidence: Confidence::High,
        persona: Persona::Pedantic,
        fix: Some(Safety::Unsafe),
        page: include_str!("../../docs/started-by-anybody.md"),
    },
    check: Check::Clause(check),
};

fn check(view: &ClauseView<'_>, context: &mut RuleContext<'_, '_>) -> Option<Finding> {
    let trigger = view.trigger().filter(|_| view.is_privileged)?;
    let by_hand = view.known(trigger, &BY_HAND);
    let witness = context.admits(view, ask::one_of(trigger, by_hand))?;
    let location = view
        .constraints_on(trigger)
        .find(|constraint| constraint.names())
        .map_or(view.head, |constraint| constraint.location);
    let condition = view.pushed(trigger);
    let is_free = view.constraints_on(trigger).next().is_none();
    let fix = if is_free {
        narrowing::require(context, view, &condition)
    } else {
        None
    };
    Some(
        Finding::new(
            &RULE.info,
            location,
            format!(
                "`{}` is granted to pipelines whose starter chooses the variables",
                view.role.name
            ),
        )
        .label("started by hand, with a token or from a chat")
        .help(format!("restrict what starts the pipeline: `{condition}`"))
        .witness(witness)
        .fix(fix),
    )
}
