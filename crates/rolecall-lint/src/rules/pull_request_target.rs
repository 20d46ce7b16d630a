//! An event is let in that runs with full rights on what strangers send.

use crate::ask;
use crate::clause::ClauseView;
use crate::finding::Finding;
use crate::linting::Linting;
use crate::rule::{Category, Check, Confidence, Persona, Rule, Severity};
use crate::vocabulary::STRANGERS_INPUT;

pub(crate) static RULE: Rule = Rule {
    name: "pull-request-target",
    summary: "an event is let in that runs with full rights on what strangers send",
    category: Category::Pipeline,
    severity: Severity::High,
    confidence: Confidence::High,
    persona: Persona::Regular,
    fix: None,
    page: include_str!("../../docs/pull-request-target.md"),
    check: Check::Clause(check),
};

fn check(view: &ClauseView<'_>, linting: &mut Linting<'_, '_>) {
    let Some(trigger) = view.trigger() else {
        return;
    };
    for asked in view.asked(trigger) {
        let literals = asked.literals();
        let Some(event) = STRANGERS_INPUT
            .iter()
            .find(|event| literals.iter().any(|text| text == *event))
        else {
            continue;
        };
        let Some(witness) = linting.lets_in(view, ask::one_of(trigger, [*event])) else {
            continue;
        };
        let message = format!("strangers can set off `{event}`, and say what it works on");
        linting.report(
            Finding::new(&RULE, asked.atom.location, message)
                .label("full rights, foreign input")
                .help("give the role to `push` on a protected branch, and let that do the work")
                .witness(witness),
        );
    }
}
