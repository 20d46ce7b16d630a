//! Clauses that no token fulfils.

use crate::context::RuleContext;
use crate::finding::Finding;
use crate::rule::{Check, Rule};
use crate::rule_info::RuleInfo;
use crate::severity::{Category, Confidence, Persona, Severity};
use rolecall_analysis::{Answer, Conflict, ConflictPart};
use rolecall_engine::RoleId;
use rolecall_engine::ir::{Program, Role};

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

fn check(id: RoleId, context: &mut RuleContext<'_, '_>) -> Vec<Finding> {
    let program = context.program();
    // Most roles have one clause, and some token gets the role.
    if program.clauses(id).len() < 2 && !matches!(context.analysis.satisfiable(id), Answer::Nothing) {
        return Vec::new();
    }
    let conflicts = context.analysis.conflicts(id);
    let found = conflicts
        .iter()
        .map(|conflict| finding(&program[id], conflict, program));
    found.collect()
}

fn finding(role: &Role, conflict: &Conflict, program: &Program) -> Finding {
    let mut locations = conflict.parts.iter().filter_map(|part| match part {
        ConflictPart::Condition(location) => Some((*location, "this")),
        ConflictPart::Guard(guard) => Some((program[*guard].location, "this guard")),
        ConflictPart::Issuer => None,
    });
    let first = locations
        .next()
        .map_or(program[conflict.clause].location, |(location, _)| location);
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
    locations.fold(finding, |finding, (location, what)| {
        finding.note(location, format!("{what} contradicts it"))
    })
}
