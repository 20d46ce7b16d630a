//! Events with the ref of the default branch, on input of strangers.

use crate::ask;
use crate::clause::{ClauseView, Constraint};
use crate::context::RuleContext;
use crate::finding::Finding;
use crate::rule::{Check, Rule};
use crate::rule_info::RuleInfo;
use crate::severity::{Category, Confidence, Persona, Severity};
use crate::tells::asks_for_tenant;
use crate::vocabulary::{COMMITS, STRANGERS_INPUT};
use rolecall_engine::pattern::{Pattern, Wildcard};
use rolecall_syntax::Str;

pub(crate) static RULE: Rule = Rule {
    info: RuleInfo {
        name: "default-branch-event",
        summary: "a privileged role is also granted to events that run on the default branch on input of strangers",
        category: Category::Pipeline,
        severity: Severity::Low,
        confidence: Confidence::High,
        persona: Persona::Auditor,
        fix: None,
        page: include_str!("../../docs/default-branch-event.md"),
    },
    check: Check::Clause(check),
};

fn check(view: &ClauseView<'_>, context: &mut RuleContext<'_, '_>) -> Option<Finding> {
    let trigger = view.trigger().filter(|_| view.is_privileged)?;
    let events = view.known(trigger, &STRANGERS_INPUT);
    let names = |text: &String| events.contains(&text.as_str());
    let mut written = view.constraints_on(trigger).flat_map(Constraint::literals);
    // A named event has a rule of its own.
    if events.is_empty()
        || written.any(|text| names(&text))
        || !asks_for_tenant(view)
        || view.narrows_any(&COMMITS)
    {
        return None;
    }
    // The ref that these events have is that of the default branch, whatever it is called.
    let heads = Pattern::Like(Wildcard::new(&Str::new("refs/heads/*").ok()?));
    let code_ref = view.code_ref().filter(|claim| view.writes_full_refs(*claim));
    let of_branch = code_ref.map(|claim| ask::fits(claim, heads));
    let event = ask::all([ask::one_of(trigger, events)].into_iter().chain(of_branch));
    let witness = context.admits(view, event)?;
    let condition = view.pushed(trigger);
    let message = format!(
        "`{}` is also granted to events on input of strangers, which have the ref of the default branch",
        view.role.name
    );
    Some(
        Finding::new(&RULE.info, view.head, message)
            .label("the condition does not say which events")
            .wants(view, [trigger])
            .help(format!("restrict what starts the pipeline: `{condition}`"))
            .witness(witness),
    )
}
