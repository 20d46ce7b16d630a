//! A wildcard is glued to a name.

use crate::ask;
use crate::clause::{ClauseView, Constraint};
use crate::context::RuleContext;
use crate::finding::Finding;
use crate::prefix::unfinished_name;
use crate::rule::{Check, Rule};
use crate::rule_info::RuleInfo;
use crate::severity::{Category, Confidence, Persona, Severity};
use crate::stranger::by_pattern;
use rolecall_engine::pattern::{Pattern, Wildcard};
use rolecall_syntax::Str;

pub(crate) static RULE: Rule = Rule {
    info: RuleInfo {
        name: "prefix-trap",
        summary: "a wildcard is glued to the end of a name, so that longer names fit as well",
        category: Category::Identity,
        severity: Severity::High,
        confidence: Confidence::High,
        persona: Persona::Regular,
        fix: None,
        page: include_str!("../../docs/prefix-trap.md"),
    },
    check: Check::Constraint(check),
};

fn check(
    constraint: &Constraint<'_>,
    view: &ClauseView<'_>,
    context: &mut RuleContext<'_, '_>,
) -> Option<Finding> {
    if !constraint.wanted {
        return None;
    }

    let word = unfinished_name(constraint)?;
    let claim = constraint.atom.claim;
    let ends = [
        format!("*{word}-evil"),
        format!("*{word}-evil/*"),
        format!("*{word}-evil:*"),
    ];
    let ends = ends.iter().filter_map(|text| Str::new(text).ok());
    let longer = ask::any(
        ends.map(|text| ask::fits(claim, Pattern::Like(Wildcard::new(&text))))
            .collect::<Vec<_>>(),
    );
    let witness = context.admits(view, longer)?;
    // Whoever is let in under another owner's name is found by another rule.
    let is_tenant = view.definition(claim).is_some_and(|definition| definition.tenant);
    if is_tenant && by_pattern(view, context).is_some() {
        return None;
    }
    let severity = if view.is_privileged || is_tenant {
        Severity::High
    } else {
        Severity::Medium
    };
    let location = constraint.atom.location;
    Some(
        Finding::new(
            &RULE.info,
            location,
            format!("`{}` is also `{word}-evil`", context.text(location)),
        )
        .severity(severity)
        .label("the name goes on")
        .help(format!(
            "list the names that are meant, or end the name first: `{word}/*`"
        ))
        .witness(witness),
    )
}
