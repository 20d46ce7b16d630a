//! Roles without a test.

use crate::context::RuleContext;
use crate::finding::Finding;
use crate::harm::Harm;
use crate::rule::{Check, Rule};
use crate::rule_info::RuleInfo;
use crate::severity::{Category, Confidence, Persona, Severity};
use crate::text;
use hashbrown::HashSet;
use rolecall_engine::{Location, RoleId};
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
    let mut allowed: HashSet<RoleId> = HashSet::new();
    let mut denied: HashSet<RoleId> = HashSet::new();
    for expectation in program.tests().iter().flat_map(|test| &test.expectations) {
        let roles = expectation.roles.iter().copied();
        match expectation.kind {
            ExpectationKind::Allow => allowed.extend(roles),
            ExpectationKind::Deny => denied.extend(roles),
            ExpectationKind::Only => {
                allowed.extend(roles);
                let is_other = |role: &RoleId| expectation.roles.binary_search(role).is_err();
                denied.extend(program.roles().ids().filter(is_other));
            }
        }
    }
    let found = program.roles().iter().filter_map(|(id, role)| {
        let (allowed, denied) = (allowed.contains(&id), denied.contains(&id));
        let missing = match (allowed, denied) {
            (true, true) => return None,
            (true, false) => "no test denies",
            (false, true) => "no test allows",
            (false, false) => "no test covers",
        };
        let severity = Harm::Untested.level(context.is_privileged(role));
        let start = role.location.span().start;
        let end = context
            .text(role.location)
            .find('{')
            .map_or(role.location.span().end, |brace| text::plus(start, brace));
        let location = Location::new(role.location.file(), Span::new(start, end));
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
