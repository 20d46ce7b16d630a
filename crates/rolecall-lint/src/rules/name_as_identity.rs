//! Persons who are identified by a name.

use crate::clause::{ClauseView, Constraint};
use crate::context::RuleContext;
use crate::finding::Finding;
use crate::rule::{Check, Rule};
use crate::rule_info::RuleInfo;
use crate::severity::{Category, Confidence, Persona, Severity};
use crate::vocabulary::PERSONS;
use rolecall_engine::ir::{Question, Trust};

pub(crate) static RULE: Rule = Rule {
    info: RuleInfo {
        name: "name-as-identity",
        summary: "a person is identified by a name or an address, which another person may take over",
        category: Category::Identity,
        severity: Severity::Medium,
        confidence: Confidence::High,
        persona: Persona::Regular,
        fix: None,
        page: include_str!("../../docs/name-as-identity.md"),
    },
    check: Check::Constraint(check),
};

fn check(
    constraint: &Constraint<'_>,
    view: &ClauseView<'_>,
    context: &mut RuleContext<'_, '_>,
) -> Option<Finding> {
    let claim = constraint.atom.claim;
    let (name, id) = PERSONS.iter().find(|(name, _)| view.claim(name) == Some(claim))?;
    let id = view.claim(id)?;
    if view.trust(claim) != Trust::Recyclable || view.narrows(id) {
        return None;
    }
    // A pattern for addresses is about their domain.
    let is_address =
        |one: &Constraint<'_>| *name == "user_email" && matches!(one.atom.question, Question::Pattern(_));
    let mut named = view.constraints_on(claim);
    let first = named.find(|one| one.names() && !is_address(one))?;
    let location = first.location;
    // One for a claim.
    if location != constraint.location {
        return None;
    }
    let finding = Finding::new(
        &RULE.info,
        location,
        format!(
            "`{}` holds for any person who takes over the name",
            context.text(location)
        ),
    )
    .label("names can be changed and taken over")
    .wants(view, [id])
    .help(format!("compare `{}`, which is never reused", view.name(id)));
    Some(finding)
}
