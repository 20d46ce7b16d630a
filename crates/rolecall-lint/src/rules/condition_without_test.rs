//! Parts of conditions that no test covers.

use crate::ask;
use crate::context::RuleContext;
use crate::finding::Finding;
use crate::rule::{Check, Rule};
use crate::rule_info::RuleInfo;
use crate::severity::{Category, Confidence, Persona, Severity};
use hashbrown::{HashMap, HashSet};
use rolecall_engine::ir::{Clause, Formula, Test, TrustedIssuer};
use rolecall_engine::{Json, Location, RoleId, Truth, only_audience};
use rolecall_syntax::ast::{ExpectationKind, Expr, Item, RoleMember};

pub(crate) static RULE: Rule = Rule {
    info: RuleInfo {
        name: "condition-without-test",
        summary: "no test would fail if a part of a condition were removed",
        category: Category::Hygiene,
        severity: Severity::Info,
        confidence: Confidence::High,
        persona: Persona::Auditor,
        fix: None,
        page: include_str!("../../docs/condition-without-test.md"),
    },
    check: Check::Set(check),
};

/// The most conditions evaluated for all tests together: some seconds.
const MOST_LOOKED_AT: usize = 2_000_000;
/// The most questions to the analysis.
const MOST_ASKED: usize = 2_000;

fn check(context: &mut RuleContext<'_, '_>) -> Vec<Finding> {
    let program = context.program();
    let conjuncts = conjuncts(context);
    let mut findings = Vec::new();
    let (mut looks, mut questions) = (MOST_LOOKED_AT, 0..MOST_ASKED);
    for (id, role) in program.roles().iter() {
        let denying = program.tests().iter().filter(|test| denies(test, id));
        let denying: Vec<&Test> = denying.collect();
        let Some(left) = looks.checked_sub(program.tests().len()) else {
            break;
        };
        looks = left;
        // A role without any test is reported by another rule.
        for clause in program.clauses(id).iter().filter(|_| !denying.is_empty()) {
            let issuer = &program[clause.issuer];
            let Some(locations) = conjuncts.get(&clause.location) else {
                continue;
            };
            let Formula::All(parts) = &clause.condition else {
                continue;
            };
            let tests = denying
                .iter()
                .filter(|test| test.issuer == clause.issuer && is_for(test, issuer));
            let noticed = tests.filter_map(|test| {
                // None is left once the limit is reached.
                looks = looks.saturating_sub(parts.len());
                only_failing(context, test, clause, parts)
            });
            let noticed: HashSet<usize> = noticed.collect();
            for (at, location) in locations.iter().enumerate() {
                if noticed.contains(&at) {
                    continue;
                }
                if questions.next().is_none() {
                    return findings;
                }
                let untested = (at, *location);
                findings.extend(finding(context, (clause, issuer, parts), untested, &role.name));
            }
        }
    }
    findings
}

/// Reports a part of a condition if it alone excludes a token.
fn finding(
    context: &mut RuleContext<'_, '_>,
    (clause, issuer, parts): (&Clause, &TrustedIssuer, &[Formula]),
    (at, location): (usize, Location),
    role: &str,
) -> Option<Finding> {
    let formulas = parts.iter().enumerate().map(|(number, part)| match number == at {
        true => ask::not(part.clone()),
        false => part.clone(),
    });
    let guards = clause.guards().iter().map(|guard| guard.condition.clone());
    let witness = context.example(clause.issuer, ask::all(formulas.chain(guards)))?;
    let written = context.text(location);
    let message = format!("no test of `{role}` fails if `{written}` is removed");
    let finding = Finding::new(&RULE.info, location, message)
        .help(format!(
            "add a test that denies `{role}` to a token of `{}` because of this part alone",
            issuer.issuer.name
        ))
        .witness(witness);
    Some(finding)
}

/// Returns the locations of the parts of conditions, by the locations of the clauses.
fn conjuncts(context: &RuleContext<'_, '_>) -> HashMap<Location, Vec<Location>> {
    let mut conjuncts = HashMap::new();
    for (file, item) in context.trees.items() {
        let Item::Role(role) = &item.node else { continue };
        for member in &role.members {
            if let RoleMember::Allow(allow) = &member.node
                && let Some(when) = &allow.when
                && let Expr::All(parts) = &when.node
            {
                let locations = parts.iter().map(|part| Location::new(file, part.span));
                conjuncts.insert(Location::new(file, member.span), locations.collect());
            }
        }
    }
    conjuncts
}

/// Returns whether a test expects a role to be denied.
fn denies(test: &Test, role: RoleId) -> bool {
    test.expectations
        .iter()
        .any(|expectation| match expectation.kind {
            ExpectationKind::Allow => false,
            ExpectationKind::Deny => expectation.roles.binary_search(&role).is_ok(),
            ExpectationKind::Only => expectation.roles.binary_search(&role).is_err(),
        })
}

/// Returns whether the token of a test has the URL and an audience of the issuer.
fn is_for(test: &Test, issuer: &TrustedIssuer) -> bool {
    let claims = test.claims.members();
    let only = claims.get("aud").and_then(only_audience);
    only.is_some_and(|only| issuer.issuer.audiences.iter().any(|audience| audience == only))
        && claims.get("iss") == Some(Json::Text(&issuer.issuer.url))
}

/// Returns the index of the part of a condition that alone excludes the token of a test.
fn only_failing(
    context: &RuleContext<'_, '_>,
    test: &Test,
    clause: &Clause,
    parts: &[Formula],
) -> Option<usize> {
    let holds = |part: &Formula| context.set.truth(&test.claims, clause.issuer, part) == Truth::True;
    let mut failing = parts
        .iter()
        .enumerate()
        .filter(|(_, part)| !holds(part))
        .map(|(at, _)| at);
    let (first, second) = (failing.next(), failing.next());
    first.filter(|_| second.is_none() && clause.guards().iter().all(|guard| holds(&guard.condition)))
}
