//! Clauses that the others of their role cover together.

use crate::alternatives::{Alternative, of_role};
use crate::context::RuleContext;
use crate::finding::Finding;
use crate::rule::{Check, Rule};
use crate::rule_info::RuleInfo;
use crate::severity::{Category, Confidence, Persona, Severity};
use rolecall_engine::RoleId;

pub(crate) static RULE: Rule = Rule {
    info: RuleInfo {
        name: "shadowed-clause",
        summary: "the other clauses of the role together admit every token that a clause admits",
        category: Category::Logic,
        severity: Severity::Medium,
        confidence: Confidence::High,
        persona: Persona::Regular,
        fix: None,
        page: include_str!("../../docs/shadowed-clause.md"),
    },
    check: Check::Role(check),
};

fn check(id: RoleId, context: &mut RuleContext<'_, '_>) -> Vec<Finding> {
    let clauses = of_role(id, context);
    // One per role: without it the others may be needed.
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
    // Other rules report a clause that one other covers, and one that no token fulfils.
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
        "the other clauses admit every token that this one admits",
    )
    .label("admits no additional token")
    .help("remove it, or fix the clause that is too wide");
    let noted = others.iter().fold(finding, |finding, other| {
        finding.note(other.location, "one of the other clauses")
    });
    Some(noted)
}
