//! Roles without a test.

use crate::context::RuleContext;
use crate::finding::Finding;
use crate::rule::{Check, Rule};
use crate::rule_info::RuleInfo;
use crate::severity::{Category, Confidence, Persona, Severity};
use crate::text;
use rolecall_engine::Location;
use rolecall_syntax::Span;
use rolecall_syntax::ast::ExpectationKind;

pub(crate) static RULE: Rule = Rule {
    info: RuleInfo {
        name: "role-without-test",
        summary: "no test allows the role, or no test denies it",
        category: Category::Hygiene,
        severity: Severity::Low,
        confidence: Confidence::High,
        persona: Persona::Regular,
        fix: None,
        page: include_str!("../../docs/role-without-test.md"),
    },
    check: Check::Set(check),
};

fn check(context: &mut RuleContext<'_, '_>) -> Vec<Finding> {
    let program = context.program();
    let mut allowed = vec![false; program.roles.len()];
    let mut denied = vec![false; program.roles.len()];
    for (kind, roles, _) in program.tests.iter().flat_map(|test| &test.expectations) {
        if *kind == ExpectationKind::Only {
            // All others are denied.
            denied
                .iter_mut()
                .enumerate()
                .for_each(|(number, denied)| *denied |= !roles.contains(&number));
        }
        let of_kind = if *kind == ExpectationKind::Deny {
            &mut denied
        } else {
            &mut allowed
        };
        for role in roles {
            if let Some(tested) = of_kind.get_mut(*role) {
                *tested = true;
            }
        }
    }
    let found = program
        .roles
        .iter()
        .zip(allowed)
        .zip(denied)
        .filter_map(|((role, allowed), denied)| {
            let missing = match (allowed, denied) {
                (true, true) => return None,
                (true, false) => "no test denies",
                (false, true) => "no test allows",
                (false, false) => "no test covers",
            };
            let severity = if context.is_privileged(role) {
                Severity::Medium
            } else {
                Severity::Low
            };
            let start = role.location.span.start;
            let end = context
                .text(role.location)
                .find('{')
                .map_or(role.location.span.end, |brace| text::after(start, brace));
            let location = Location::new(role.location.file, Span::new(start, end));
            Some(
                Finding::new(&RULE.info, location, format!("{missing} `{}`", role.name))
                    .severity(severity)
                    .help(format!(
                        "`policy-check witness {} --near-miss` prints tests to paste",
                        role.name
                    )),
            )
        });
    found.collect()
}
