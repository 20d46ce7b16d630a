//! Clauses that no token fulfils.

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
        summary: "no token can fulfil the condition",
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
    let mut locations = conflict.parts.iter().filter_map(|part| match part {
        ConflictPart::Condition(location) => Some((*location, "this")),
        ConflictPart::Guard(guard) => Some((guards.get(*guard)?.1, "this guard")),
        ConflictPart::Issuer => None,
    });
    let first = locations.next().map_or(clause.location, |(location, _)| location);
    let message = format!(
        "no token can get `{}` here: the parts of the condition contradict one another",
        role.name
    );
    let help = match conflict.parts.contains(&ConflictPart::Issuer) {
        true => "it contradicts the claims of every token of the issuer: remove it, or fix the value",
        false => "remove one of them, or fix its value",
    };
    let finding = Finding::new(&RULE.info, first, message)
        .label("contradicts the rest")
        .help(help);
    Some(locations.fold(finding, |finding, (location, what)| {
        finding.note(location, format!("{what} contradicts it"))
    }))
}
