//! A clause is covered by the others of its role together.

use crate::alternatives::{Alternative, of_role};
use crate::context::RuleContext;
use crate::finding::Finding;
use crate::rule::{Check, Rule};
use crate::rule_info::RuleInfo;
use crate::severity::{Category, Confidence, Persona, Severity};

pub(crate) static RULE: Rule = Rule {
    info: RuleInfo {
        name: "shadowed-clause",
        summary: "other clauses of the role together let in all whom a clause lets in",
        category: Category::Logic,
        severity: Severity::Medium,
        confidence: Confidence::High,
        persona: Persona::Regular,
        fix: None,
        page: include_str!("../../docs/shadowed-clause.md"),
    },
    check: Check::Role(check),
};

fn check(number: usize, context: &mut RuleContext<'_, '_>) -> Vec<Finding> {
    let Some(role) = context.program().roles.get(number) else {
        return Vec::new();
    };
    let clauses = of_role(role, context);
    // One for a role: without it the others may be needed.
    let found = (0..clauses.len()).find_map(|number| finding(&clauses, number, context));
    found.into_iter().collect()
}

fn finding(clauses: &[Alternative], number: usize, context: &mut RuleContext<'_, '_>) -> Option<Finding> {
    let clause = clauses.get(number)?;
    let others = clauses.iter().enumerate().filter(|(other, _)| *other != number);
    let others: Vec<&Alternative> = others
        .map(|(_, other)| other)
        .filter(|other| other.issuer == clause.issuer)
        .collect();
    // What one other covers is reported by another rule, and so is what no token fulfils.
    if others.len() < 2 {
        return None;
    }
    let witness = context.example(clause.issuer, clause.goal())?;
    let goals: Vec<_> = others.iter().map(|other| other.goal()).collect();
    if !goals
        .iter()
        .any(|goal| context.fulfils(&witness, clause.issuer, goal))
        || !context.implies(clause.issuer, clause.goal(), goals.clone())
        || goals
            .into_iter()
            .any(|goal| context.implies(clause.issuer, clause.goal(), vec![goal]))
    {
        return None;
    }
    let finding = Finding::new(
        &RULE.info,
        clause.location,
        "the other clauses let in everybody whom this one lets in",
    )
    .label("adds nobody")
    .help("take it out, or mend the one that is too wide");
    let noted = others.iter().fold(finding, |finding, other| {
        finding.note(other.location, "one of the others")
    });
    Some(noted)
}
