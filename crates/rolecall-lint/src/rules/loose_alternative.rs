//! Loose alternatives that make stricter ones pointless.

use crate::alternatives::{Alternative, of_clause, of_role};
use crate::context::RuleContext;
use crate::finding::Finding;
use crate::rule::{Check, Rule};
use crate::rule_info::RuleInfo;
use crate::severity::{Category, Confidence, Persona, Severity};
use rolecall_engine::RoleId;
use rolecall_engine::ir::Formula;

pub(crate) static RULE: Rule = Rule {
    info: RuleInfo {
        name: "loose-alternative",
        summary: "an alternative admits every token that a stricter one next to it admits",
        category: Category::Logic,
        severity: Severity::High,
        confidence: Confidence::High,
        persona: Persona::Regular,
        fix: None,
        page: include_str!("../../docs/loose-alternative.md"),
    },
    check: Check::Role(check),
};

fn check(id: RoleId, context: &mut RuleContext<'_, '_>) -> Vec<Finding> {
    let program = context.program();
    let role = &program[id];
    let of_clauses = program.clauses(id).iter();
    let of_clauses = of_clauses.flat_map(|clause| of_clause(clause, context));
    let choices: Vec<Vec<Alternative>> = std::iter::once(of_role(id, context)).chain(of_clauses).collect();
    let found = choices.iter().flat_map(|alternatives| {
        let numbers = 0..alternatives.len();
        let findings = numbers.filter_map(|number| finding(alternatives, number, &role.name, context));
        findings.collect::<Vec<Finding>>()
    });
    found.collect()
}

/// Reports the first alternative that admits every token that one of them admits.
fn finding(
    alternatives: &[Alternative],
    number: usize,
    role: &str,
    context: &mut RuleContext<'_, '_>,
) -> Option<Finding> {
    let tight = alternatives.get(number)?;
    let others = alternatives
        .iter()
        .enumerate()
        .filter(|(other, loose)| *other != number && loose.issuer == tight.issuer);
    let others: Vec<(usize, &Alternative)> = others.collect();
    if others.is_empty() {
        return None;
    }
    let witness = context.example(tight.issuer, tight.goal())?;
    others.into_iter().find_map(|(other, loose)| {
        if !context.fulfils(&witness, loose.issuer, &loose.goal())
            || !context.implies(tight.issuer, tight.goal(), vec![loose.goal()])
        {
            return None;
        }
        let is_same = context.implies(tight.issuer, loose.goal(), vec![tight.goal()]);
        // Of two that are the same, the second one is reported.
        if is_same && other < number {
            return None;
        }
        let finding = if is_same {
            Finding::new(
                &RULE.info,
                loose.location,
                "this alternative admits the same tokens as another one",
            )
            .severity(Severity::Low)
            .help("remove one of them, or fix the one that should differ")
            .note(tight.location, "the same tokens fulfil this")
        } else {
            let beyond = Formula::All([loose.goal(), tight.opposite()].into());
            Finding::new(
                &RULE.info,
                loose.location,
                format!(
                    "every token that fulfils this gets `{role}`, whatever the stricter alternative requires"
                ),
            )
            .label("the loose alternative")
            .help("remove it, or add the requirements of the stricter one")
            .note(tight.location, "the stricter alternative, which has no effect")
            .witness(context.example(tight.issuer, beyond))
        };
        Some(finding)
    })
}
