//! Roles that differ only in their names.

use crate::context::RuleContext;
use crate::finding::Finding;
use crate::rule::{Check, Rule};
use crate::rule_info::RuleInfo;
use crate::severity::{Category, Confidence, Persona, Severity};
use hashbrown::HashMap;
use rolecall_analysis::{Answer, Outcome};
use rolecall_engine::RoleId;
use rolecall_engine::ir::{Clause, Formula, Program, Role};
use std::fmt::Write;

pub(crate) static RULE: Rule = Rule {
    info: RuleInfo {
        name: "duplicate-role",
        summary: "two roles are granted to the same tokens and grant the same",
        category: Category::Logic,
        severity: Severity::Low,
        confidence: Confidence::High,
        persona: Persona::Regular,
        fix: None,
        page: include_str!("../../docs/duplicate-role.md"),
    },
    check: Check::Set(check),
};

/// Above this number of roles with the same grants, only roles with the same text of conditions are compared.
const MAX_PROVED: usize = 8;

fn check(context: &mut RuleContext<'_, '_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    let program = context.program();
    let mut by_grants: HashMap<String, Vec<RoleId>> = HashMap::new();
    for role in program.roles().ids() {
        by_grants.entry(grants(role, program)).or_default().push(role);
    }
    let mut groups: Vec<Vec<RoleId>> = by_grants.into_values().filter(|group| group.len() > 1).collect();
    groups.sort_unstable();
    for group in groups {
        let mut known: HashMap<String, RoleId> = HashMap::new();
        let mut different: Vec<RoleId> = Vec::new();
        for role in &group {
            let conditions = conditions(*role, program);
            let mut first = known.get(&conditions).copied();
            if first.is_none() && group.len() <= MAX_PROVED {
                let mut others = different.iter().copied();
                first = others.find(|other| context.analysis.equivalent(*other, *role) == Outcome::Proved);
                // Roles that no token gets are equivalent, and have a rule of their own.
                first = first.filter(|_| context.analysis.satisfiable(*role) != Answer::Nothing);
            }
            match first {
                Some(first) => findings.push(finding(&program[*role], &program[first], context)),
                None => {
                    known.insert(conditions, *role);
                    different.push(*role);
                }
            }
        }
    }
    findings
}

fn finding(role: &Role, first: &Role, context: &RuleContext<'_, '_>) -> Finding {
    Finding::new(
        &RULE.info,
        context.item_head(role.location),
        format!("`{}` differs from `{}` only in its name", role.name, first.name),
    )
    .help("keep one of them, or fix the part that should differ")
    .note(first.location, format!("`{}`", first.name))
}

/// Returns a text of the grants of a role and their lifetime.
fn grants(id: RoleId, program: &Program) -> String {
    let role = &program[id];
    let clauses = program.clauses(id).iter();
    let mut granted: Vec<String> = clauses
        .map(|clause| format!("{:?} {:?}", clause.issuer, clause.grants()))
        .collect();
    granted.sort_unstable();
    granted.dedup();
    format!("{:?} {:?} {granted:?}", role.ttl(), role.grants)
}

/// Returns a text of the conditions of a role, without locations.
fn conditions(id: RoleId, program: &Program) -> String {
    let clause = |clause: &Clause| {
        let mut text = format!("{:?}:", clause.issuer);
        write_shape(&clause.condition, &mut text);
        for guard in clause.guards() {
            let _ = write!(text, " guard {:?}", guard.guard);
        }
        text
    };
    let mut clauses: Vec<String> = program.clauses(id).iter().map(clause).collect();
    clauses.sort_unstable();
    clauses.join("\n")
}

fn write_shape(formula: &Formula, text: &mut String) {
    match formula {
        Formula::All(parts) | Formula::Any(parts) => {
            text.push_str(if matches!(formula, Formula::All(_)) {
                "all("
            } else {
                "any("
            });
            parts.iter().for_each(|part| write_shape(part, text));
            text.push(')');
        }
        Formula::Atom(atom, _) => {
            let _ = write!(text, "[{:?} {:?}]", atom.claim, atom.question);
        }
        Formula::External(external, _) => {
            let _ = write!(text, "[external {:?}]", external.text);
        }
        Formula::Not(part) => {
            text.push('!');
            write_shape(part, text);
        }
        Formula::Unknown => text.push('?'),
    }
}
