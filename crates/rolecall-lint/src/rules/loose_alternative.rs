//! A loose alternative makes a stricter one pointless.

use crate::alternatives::{Alternative, of_clause, of_role};
use crate::finding::Finding;
use crate::linting::Linting;
use crate::rule::{Category, Check, Confidence, Persona, Rule, Severity};
use rolecall_engine::ir::Formula;

pub(crate) static RULE: Rule = Rule {
    name: "loose-alternative",
    summary: "an alternative lets in all whom a stricter one beside it lets in",
    category: Category::Logic,
    severity: Severity::High,
    confidence: Confidence::High,
    persona: Persona::Regular,
    fix: None,
    page: include_str!("../../docs/loose-alternative.md"),
    check: Check::Role(check),
};

fn check(number: usize, linting: &mut Linting<'_, '_>) {
    let Some(role) = linting.program().roles.get(number) else {
        return;
    };
    look(&of_role(role, linting), &role.name, linting);
    for clause in &role.clauses {
        for alternatives in of_clause(clause, linting) {
            look(&alternatives, &role.name, linting);
        }
    }
}

fn look(alternatives: &[Alternative], role: &str, linting: &mut Linting<'_, '_>) {
    for (number, tight) in alternatives.iter().enumerate() {
        let others = alternatives
            .iter()
            .enumerate()
            .filter(|(other, _)| *other != number);
        let others: Vec<(usize, &Alternative)> =
            others.filter(|(_, other)| other.issuer == tight.issuer).collect();
        if others.is_empty() {
            continue;
        }
        let Some(witness) = linting.somebody(tight.issuer, tight.goal()) else {
            continue;
        };
        for (other, loose) in others {
            if !linting.fulfils(&witness, loose.issuer, &loose.goal())
                || !linting.implies(tight.issuer, tight.goal(), vec![loose.goal()])
            {
                continue;
            }
            let is_same = linting.implies(tight.issuer, loose.goal(), vec![tight.goal()]);
            // Of two that are the same, the second one is reported.
            if is_same && other < number {
                continue;
            }
            let beyond = linting.somebody(
                tight.issuer,
                Formula::All([loose.goal(), tight.opposite()].into()),
            );
            let finding = if is_same {
                Finding::new(
                    &RULE,
                    loose.location,
                    "this lets in whom another alternative lets in",
                )
                .severity(Severity::Low)
                .help("take one of them out, or write what was meant instead")
                .note(tight.location, "the same tokens fulfil this")
            } else {
                Finding::new(
                    &RULE,
                    loose.location,
                    format!("whoever fulfils this gets `{role}`, whatever the stricter alternative asks"),
                )
                .label("the loose one")
                .help("take it out, or write in it what the stricter one asks for as well")
                .note(tight.location, "this asks for more, in vain")
                .witness(beyond)
            };
            linting.report(finding);
            break;
        }
    }
}
