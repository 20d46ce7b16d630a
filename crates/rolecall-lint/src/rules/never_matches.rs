//! No token gets a role by a clause.

use crate::context::RuleContext;
use crate::finding::Finding;
use crate::rule::{Check, Rule};
use crate::rule_info::RuleInfo;
use crate::severity::{Category, Confidence, Persona, Severity};
use rolecall_analysis::{Answer, Conflict, ConflictPart};
use rolecall_engine::ir::Role;

pub(crate) static RULE: Rule = Rule {
    info: RuleInfo {
        name: "never-matches",
        summary: "no token can ever fulfil the condition",
        category: Category::Logic,
        severity: Severity::High,
        confidence: Confidence::High,
        persona: Persona::Regular,
        fix: None,
        page: include_str!("../../docs/never-matches.md"),
    },
    check: Check::Role(check),
};

fn check(number: usize, context: &mut RuleContext<'_, '_>) -> Vec<Finding> {
    let Some(role) = context.program().roles.get(number) else {
        return Vec::new();
    };
    // Most roles have one clause, and some token gets the role.
    if role.clauses.len() < 2 && !matches!(context.analysis.satisfiable(number), Answer::Nothing) {
        return Vec::new();
    }
    let conflicts = context.analysis.conflicts(number);
    let found = conflicts
        .iter()
        .filter_map(|conflict| finding(role, conflict, context));
    found.collect()
}

fn finding(role: &Role, conflict: &Conflict, context: &RuleContext<'_, '_>) -> Option<Finding> {
    let clause = role.clauses.get(conflict.clause)?;
    let guards = &context.program().guards;
    let mut places = conflict.parts.iter().filter_map(|part| match part {
        ConflictPart::Condition(location) => Some((*location, "this")),
        ConflictPart::Guard(guard) => Some((guards.get(*guard)?.1, "this guard")),
        ConflictPart::Issuer => None,
    });
    let first = places.next().map_or(clause.location, |(location, _)| location);
    let message = format!(
        "nobody can get `{}` by this: its parts contradict one another",
        role.name
    );
    let help = match conflict.parts.contains(&ConflictPart::Issuer) {
        true => "it contradicts what every token of the issuer says: remove it, or mend the value",
        false => "remove one of them, or mend its value",
    };
    let finding = Finding::new(&RULE.info, first, message)
        .label("cannot hold together with the rest")
        .help(help);
    Some(places.fold(finding, |finding, (location, what)| {
        finding.note(location, format!("{what} contradicts it"))
    }))
}
