//! Conditions that follow from the others of their clause.

use crate::ask;
use crate::clause::ClauseView;
use crate::context::RuleContext;
use crate::edits;
use crate::finding::Finding;
use crate::fix::Fix;
use crate::rule::{Check, Rule};
use crate::rule_info::RuleInfo;
use crate::severity::{Category, Confidence, Persona, Safety, Severity};
use rolecall_engine::ir::{Formula, Question};
use rolecall_engine::{ClaimId, Location};
use rolecall_syntax::ast::Expr;
use std::collections::BTreeSet;

pub(crate) static RULE: Rule = Rule {
    info: RuleInfo {
        name: "redundant-condition",
        summary: "a condition follows from the others of its clause",
        category: Category::Logic,
        severity: Severity::Low,
        confidence: Confidence::High,
        persona: Persona::Regular,
        fix: Some(Safety::Safe),
        page: include_str!("../../docs/redundant-condition.md"),
    },
    check: Check::Clause(check),
};

/// Longer conditions are left alone.
const MAX_PARTS: usize = 24;

fn check(view: &ClauseView<'_>, context: &mut RuleContext<'_, '_>) -> Option<Finding> {
    let Formula::All(parts) = &view.clause.condition else {
        return None;
    };
    let trees = context.trees;
    let Expr::All(written) = &trees.when(view.clause.location)?.node else {
        return None;
    };
    if parts.len() > MAX_PARTS {
        return None;
    }
    // A comparison implies that its claim is present, so it can only follow from comparisons of that claim or
    // of claims composed of it.
    let about: Vec<BTreeSet<ClaimId>> = parts.iter().map(|part| claims(part, view)).collect();
    let follows = |(number, part): &(usize, &Formula)| {
        // `has` is often written for the reader.
        let is_presence = matches!(part, Formula::Atom(atom, _) if atom.question == Question::Present);
        let mut others = about.iter().enumerate().filter(|(other, _)| other != number);
        let own = compared(part);
        !is_presence && others.any(|(_, other)| !own.is_disjoint(other))
    };
    let candidates = parts.iter().enumerate().rev().filter(follows);
    let candidates: Vec<(usize, &Formula)> = candidates.collect();
    // In an expanded role, it may be needed for one of the roles.
    if candidates.is_empty() || context.is_expanded(view.id) {
        return None;
    }
    // One per condition: without it the others may be needed.
    let (number, part) = candidates.into_iter().find(|(number, part)| {
        let others = parts.iter().enumerate().filter(|(other, _)| other != number);
        let others: Vec<Formula> = others.map(|(_, part)| part.clone()).collect();
        context.implies(view.clause.issuer, ask::all(others), vec![(*part).clone()])
    })?;
    // From what no token fulfils everything follows.
    context.admits(view, Formula::always())?;
    // Whenever the others are TRUE, so is this one: the same tokens get the role without it.
    let file = view.clause.location.file();
    let own = compared(part);
    let mut rest = parts.iter().enumerate().filter(|(other, _)| *other != number);
    // If it follows from `sub`, it is the clearer one of the two.
    let is_direct = rest.any(|(_, other)| !own.is_disjoint(&compared(other)));
    let edit = is_direct
        .then(|| edits::remove_part(context, file, written, number, "&&"))
        .flatten();
    let fix = edit.map(|edit| Fix::new(Safety::Safe, "remove it", vec![edit]));
    let location = Location::new(file, written.get(number)?.span);
    Some(
        Finding::new(
            &RULE.info,
            location,
            format!(
                "`{}` follows from the rest of the condition",
                context.text(location)
            ),
        )
        .label("excludes no token")
        .help("remove one of them, or fix it if another value was intended")
        .fix(fix),
    )
}

/// Returns the claims that a part of a condition compares.
fn compared(part: &Formula) -> BTreeSet<ClaimId> {
    let mut claims = BTreeSet::new();
    part.each_atom(&mut |atom, _| {
        claims.insert(atom.claim);
        if let Question::SameAs(other) = atom.question {
            claims.insert(other);
        }
    });
    claims
}

/// Returns the claims that a part of a condition compares, and the claims that those are composed of.
fn claims(part: &Formula, view: &ClauseView<'_>) -> BTreeSet<ClaimId> {
    let compared = compared(part);
    compared
        .iter()
        .flat_map(|claim| view.with_parts(*claim))
        .collect()
}
