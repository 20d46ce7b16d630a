//! No test would notice if a part of a condition were gone.

use crate::ask;
use crate::finding::Finding;
use crate::linting::Linting;
use crate::rule::{Category, Check, Confidence, Persona, Rule, Severity};
use hashbrown::HashMap;
use rolecall_analysis::Answer;
use rolecall_engine::ir::{Clause, Formula, Goal, Test, TrustedIssuer};
use rolecall_engine::{Json, Location, Truth, only_audience};
use rolecall_syntax::ast::{ExpectationKind, Expr, Item, RoleMember};

pub(crate) static RULE: Rule = Rule {
    name: "condition-without-test",
    summary: "no test would notice if a part of a condition were gone",
    category: Category::Hygiene,
    severity: Severity::Info,
    confidence: Confidence::High,
    persona: Persona::Auditor,
    fix: None,
    page: include_str!("../../docs/condition-without-test.md"),
    check: Check::Set(check),
};

/// How many conditions are looked at for all tests together: some seconds.
const MOST_LOOKED_AT: usize = 2_000_000;
/// How many questions are asked about all tokens.
const MOST_ASKED: usize = 2_000;

fn check(linting: &mut Linting<'_, '_>) {
    let program = linting.program();
    let conjuncts = conjuncts(linting);
    let (mut looked_at, mut asked) = (0_usize, 0_usize);
    for (number, role) in program.roles.iter().enumerate() {
        let denying = program.tests.iter().filter(|test| denies(test, number));
        let denying: Vec<&Test> = denying.collect();
        looked_at = looked_at.saturating_add(program.tests.len());
        if looked_at > MOST_LOOKED_AT {
            return;
        }
        // That a role has no test at all is told by another rule.
        for clause in role.clauses.iter().filter(|_| !denying.is_empty()) {
            let (Some(issuer), Some(places)) = (
                program.issuers.get(clause.issuer),
                conjuncts.get(&clause.location),
            ) else {
                continue;
            };
            let Formula::All(parts) = &clause.condition else {
                continue;
            };
            let mut noticed = vec![false; parts.len()];
            for test in denying
                .iter()
                .filter(|test| test.issuer == clause.issuer && is_for(test, issuer))
            {
                looked_at = looked_at.saturating_add(parts.len());
                if let Some(noticed) =
                    only_failing(linting, test, clause, parts).and_then(|at| noticed.get_mut(at))
                {
                    *noticed = true;
                }
            }
            for ((at, location), _) in places
                .iter()
                .enumerate()
                .zip(&noticed)
                .filter(|(_, noticed)| !**noticed)
            {
                asked = asked.saturating_add(1);
                if asked > MOST_ASKED {
                    return;
                }
                report(linting, (clause, issuer, parts), (at, *location), &role.name);
            }
        }
    }
}

/// Reports a part of a condition if somebody is kept out by it alone.
fn report(
    linting: &mut Linting<'_, '_>,
    (clause, issuer, parts): (&Clause, &TrustedIssuer, &[Formula]),
    (at, location): (usize, Location),
    role: &str,
) {
    let formulas = parts.iter().enumerate().map(|(number, part)| match number == at {
        true => ask::not(part.clone()),
        false => part.clone(),
    });
    let guards = clause.guards.iter().map(|(_, guard)| guard.clone());
    let goal = Goal::Condition(vec![(clause.issuer, ask::all(formulas.chain(guards)))]);
    let Answer::Token(witness) = linting.analysis.example(&goal) else {
        return;
    };
    let written = linting.text(location);
    let message = format!("no test of `{role}` fails if `{written}` is gone");
    linting.report(
        Finding::new(&RULE, location, message)
            .help(format!(
                "add a test that denies `{role}` to a token of `{}` for this alone",
                issuer.issuer.name
            ))
            .witness(witness),
    );
}

/// Where the parts of the conditions stand, by the places of the clauses.
fn conjuncts(linting: &Linting<'_, '_>) -> HashMap<Location, Vec<Location>> {
    let mut conjuncts = HashMap::new();
    for (file, item) in linting.trees.items() {
        let Item::Role(role) = &item.node else { continue };
        for member in &role.members {
            if let RoleMember::Allow(allow) = &member.node
                && let Some(when) = &allow.when
                && let Expr::All(parts) = &when.node
            {
                let places = parts.iter().map(|part| Location::new(file, part.span));
                conjuncts.insert(Location::new(file, member.span), places.collect());
            }
        }
    }
    conjuncts
}

/// Whether a test expects a role to be denied.
fn denies(test: &Test, role: usize) -> bool {
    test.expectations.iter().any(|(kind, roles, _)| match kind {
        ExpectationKind::Allow => false,
        ExpectationKind::Deny => roles.binary_search(&role).is_ok(),
        ExpectationKind::Only => roles.binary_search(&role).is_err(),
    })
}

/// Whether the token of a test is from the issuer and meant for us.
fn is_for(test: &Test, issuer: &TrustedIssuer) -> bool {
    let claims = test.claims.members();
    let only = claims.get("aud").and_then(only_audience);
    only.is_some_and(|only| issuer.issuer.audiences.iter().any(|audience| audience == only))
        && claims.get("iss") == Some(Json::Text(&issuer.issuer.url))
}

/// The part of a condition that alone keeps the token of a test out.
fn only_failing(linting: &Linting<'_, '_>, test: &Test, clause: &Clause, parts: &[Formula]) -> Option<usize> {
    let holds = |part: &Formula| linting.set.truth(&test.claims, clause.issuer, part) == Some(Truth::True);
    let mut failing = parts
        .iter()
        .enumerate()
        .filter(|(_, part)| !holds(part))
        .map(|(at, _)| at);
    let (first, second) = (failing.next(), failing.next());
    first.filter(|_| second.is_none() && clause.guards.iter().all(|(_, guard)| holds(guard)))
}
