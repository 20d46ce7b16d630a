//! Pipelines that are started by hand or with a token get a privileged role.

use crate::ask;
use crate::clause::ClauseView;
use crate::finding::{Finding, Safety};
use crate::linting::Linting;
use crate::rule::{Category, Check, Confidence, Persona, Rule, Severity};
use crate::vocabulary::BY_HAND;

pub(crate) static RULE: Rule = Rule {
    name: "started-by-anybody",
    summary: "pipelines that are started by hand or with a token get a privileged role",
    category: Category::Pipeline,
    severity: Severity::Low,
    confidence: Confidence::High,
    persona: Persona::Pedantic,
    fix: Some(Safety::Unsafe),
    page: include_str!("../../docs/started-by-anybody.md"),
    check: Check::Clause(check),
};

fn check(view: &ClauseView<'_>, linting: &mut Linting<'_, '_>) {
    let Some(trigger) = view.trigger().filter(|_| view.is_privileged) else {
        return;
    };
    let by_hand = view.known(trigger, &BY_HAND);
    let Some(witness) = linting.lets_in(view, ask::one_of(trigger, by_hand)) else {
        return;
    };
    let location = view
        .asked(trigger)
        .find(|asked| asked.names())
        .map_or(view.head, |asked| asked.atom.location);
    let condition = view.pushed(trigger);
    let is_free = view.asked(trigger).next().is_none();
    let fix = if is_free {
        linting.ask_also(view, &condition)
    } else {
        None
    };
    linting.report(
        Finding::new(
            &RULE,
            location,
            format!(
                "`{}` goes to pipelines that bring variables of their own",
                view.role.name
            ),
        )
        .label("started by hand, by a token or by a chat")
        .help(format!(
            "say what starts the pipelines that need it: `{condition}`"
        ))
        .witness(witness)
        .fix(fix),
    );
}
