//! Roles that differ only in their names.

use crate::context::RuleContext;
use crate::finding::Finding;
use crate::rule::{Check, Rule};
use crate::rule_info::RuleInfo;
use crate::severity::{Category, Confidence, Persona, Severity};
use hashbrown::HashMap;
use rolecall_analysis::Outcome;
use rolecall_engine::ir::{Clause, Formula, Role};
use std::fmt::Write;

pub(crate) static RULE: Rule = Rule {
    info: RuleInfo {
        name: "duplicate-role",
        summary: "two roles go to the same tokens and grant the same",
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
    let mut by_grants: HashMap<String, Vec<usize>> = HashMap::new();
    for (number, role) in program.roles.iter().enumerate() {
        by_grants.entry(grants(role)).or_default().push(number);
    }
    let mut groups: Vec<Vec<usize>> = by_grants.into_values().filter(|group| group.len() > 1).collect();
    groups.sort_unstable();
    for group in groups {
        let mut known: HashMap<String, usize> = HashMap::new();
        let mut different: Vec<usize> = Vec::new();
        for number in &group {
            let Some(role) = program.roles.get(*number) else {
                continue;
            };
            let mut first = known.get(&conditions(role)).copied();
            if first.is_none() && group.len() <= MAX_PROVED {
                let mut others = different.iter().copied();
                first = others.find(|other| context.analysis.equivalent(*other, *number) == Outcome::Proved);
            }
            match first.and_then(|first| program.roles.get(first)) {
                Some(first) => findings.push(finding(role, first, context)),
                None => {
                    known.insert(conditions(role), *number);
                    different.push(*number);
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
fn grants(role: &Role) -> String {
    let issuers = role.clauses.iter().map(|clause| (clause.issuer, &clause.grants));
    let mut granted: Vec<String> = issuers
        .map(|(issuer, grants)| format!("{issuer} {grants:?}"))
        .collect();
    granted.sort_unstable();
    granted.dedup();
    format!("{:?} {:?} {granted:?}", role.ttl, role.grants)
}

/// Returns a text of the conditions of a role, without locations.
fn conditions(role: &Role) -> String {
    let clause = |clause: &Clause| {
        let mut text = format!("{}:", clause.issuer);
        write_shape(&clause.condition, &mut text);
        for (guard, _) in &clause.guards {
            let _ = write!(text, " guard {guard}");
        }
        text
    };
    let mut clauses: Vec<String> = role.clauses.iter().map(clause).collect();
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
        Formula::Atom(atom) => {
            let _ = write!(text, "[{:?} {:?}]", atom.claim, atom.question);
        }
        Formula::Not(part) => {
            text.push('!');
            write_shape(part, text);
        }
        Formula::Unknown => text.push('?'),
    }
}
