//! Clauses that no token fulfils.

use crate::context::RuleContext;
use crate::finding::{Finding, Proposal};
use crate::rule::{Check, Rule};
use crate::rule_info::RuleInfo;
use crate::severity::{Category, Confidence, Persona, Severity};
use rolecall_analysis::{Answer, Conflict, ConflictPart};
use rolecall_engine::ir::{Program, Role};
use rolecall_engine::{Location, RoleId, UnknownLayout};

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
    let found = conflicts.iter().map(|conflict| match &conflict.unknown_layout {
        Some(unknown) => unknown_layout(&program[id], conflict, unknown, context),
        None => finding(&program[id], conflict, program),
    });
    found.collect()
}

/// Reports a `sub` that none of the issuer's layouts gives. It is right if projects configure the layout.
fn unknown_layout(
    role: &Role,
    conflict: &Conflict,
    unknown: &UnknownLayout,
    context: &RuleContext<'_, '_>,
) -> Finding {
    let program = context.program();
    let (location, _) = locations(conflict, program)
        .next()
        .unwrap_or((program[conflict.clause].location, ""));
    let message = format!("no token can get `{}` here: {}", role.name, unknown.message());
    let finding = Finding::new(&RULE.info, location, message)
        .label("unknown layout")
        .help(unknown.help());
    let issuer = context.item_head(program[program[conflict.clause].issuer].location);
    match unknown.lines().as_slice() {
        [] => finding,
        lines => finding
            .note(issuer, "the issuer does not declare this layout")
            .proposal(Proposal::new(issuer, lines.join("\n"))),
    }
}

/// Returns the locations of the parts that contradict one another.
fn locations<'c>(
    conflict: &'c Conflict,
    program: &'c Program,
) -> impl Iterator<Item = (Location, &'static str)> + use<'c> {
    conflict.parts.iter().filter_map(|part| match part {
        ConflictPart::Condition(location) => Some((*location, "this")),
        ConflictPart::Guard(guard) => Some((program[*guard].location, "this guard")),
        _ => None,
    })
}

fn finding(role: &Role, conflict: &Conflict, program: &Program) -> Finding {
    let mut locations = locations(conflict, program);
    let first = locations
        .next()
        .map_or(program[conflict.clause].location, |(location, _)| location);
    let message = format!(
        "no token can get `{}` here: the parts of the condition contradict one another",
        role.name
    );
    let help = match (
        &conflict.impossible_value,
        conflict.parts.contains(&ConflictPart::Issuer),
    ) {
        (Some(component), _) => format!(
            "`{}` is never {}: fix the value",
            component.claim,
            component.value()
        ),
        (None, true) => {
            "it contradicts the claims of every token of the issuer: remove it, or fix the value".to_owned()
        }
        (None, false) => "remove one of them, or fix its value".to_owned(),
    };
    let finding = Finding::new(&RULE.info, first, message)
        .label("contradicts the rest")
        .help(help);
    locations.fold(finding, |finding, (location, what)| {
        finding.note(location, format!("{what} contradicts it"))
    })
}
