//! A clause is covered by the others of its role together.

use crate::alternatives::{Alternative, of_role};
use crate::finding::Finding;
use crate::linting::Linting;
use crate::rule::{Category, Check, Confidence, Persona, Rule, Severity};

pub(crate) static RULE: Rule = Rule {
    name: "shadowed-clause",
    summary: "other clauses of the role together let in all whom a clause lets in",
    category: Category::Logic,
    severity: Severity::Medium,
    confidence: Confidence::High,
    persona: Persona::Regular,
    fix: None,
    page: include_str!("../../docs/shadowed-clause.md"),
    check: Check::Role(check),
};

fn check(number: usize, linting: &mut Linting<'_, '_>) {
    let Some(role) = linting.program().roles.get(number) else {
        return;
    };
    let clauses = of_role(role, linting);
    for (number, clause) in clauses.iter().enumerate() {
        let others = clauses.iter().enumerate().filter(|(other, _)| *other != number);
        let others: Vec<&Alternative> = others
            .map(|(_, other)| other)
            .filter(|other| other.issuer == clause.issuer)
            .collect();
        // What one other covers is said by another rule, and what nobody fulfils as well.
        if others.len() < 2 {
            continue;
        }
        let Some(witness) = linting.somebody(clause.issuer, clause.goal()) else {
            continue;
        };
        let goals: Vec<_> = others.iter().map(|other| other.goal()).collect();
        if !goals
            .iter()
            .any(|goal| linting.fulfils(&witness, clause.issuer, goal))
            || !linting.implies(clause.issuer, clause.goal(), goals.clone())
            || goals
                .into_iter()
                .any(|goal| linting.implies(clause.issuer, clause.goal(), vec![goal]))
        {
            continue;
        }
        let mut finding = Finding::new(
            &RULE,
            clause.location,
            "the other clauses let in everybody whom this one lets in",
        )
        .label("adds nobody")
        .help("take it out, or mend the one that is too wide");
        for other in others {
            finding = finding.note(other.location, "one of the others");
        }
        linting.report(finding);
        return;
    }
}
