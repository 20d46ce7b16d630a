//! Tests with the same token and the same expectations.

use crate::context::RuleContext;
use crate::finding::Finding;
use crate::removal::remove;
use crate::rule::{Check, Rule};
use crate::rule_info::RuleInfo;
use crate::severity::{Category, Confidence, Persona, Safety, Severity};
use crate::text;
use crate::uses::Uses;
use hashbrown::HashMap;
use rolecall_engine::Location;
use rolecall_engine::ir::{Expectation, Test};
use rolecall_syntax::Span;
use rolecall_syntax::ast::Item;

pub(crate) static RULE: Rule = Rule {
    info: RuleInfo {
        name: "duplicate-test",
        summary: "two tests have the same token and expect the same",
        category: Category::Hygiene,
        severity: Severity::Low,
        confidence: Confidence::High,
        persona: Persona::Pedantic,
        fix: Some(Safety::Safe),
        page: include_str!("../../docs/duplicate-test.md"),
    },
    check: Check::Set(check),
};

fn check(context: &mut RuleContext<'_, '_>) -> Vec<Finding> {
    let program = context.program();
    let uses = Uses::new(context.trees);
    let mut first: HashMap<String, &Test> = HashMap::new();
    let found = program.tests().iter().filter_map(|test| {
        let Some(other) = first.get(&subject(test)) else {
            first.insert(subject(test), test);
            return None;
        };
        // A test grants nothing; only another test can need it.
        let fix = part(context, test)
            .filter(|_| !uses.tests.contains(&test.name))
            .and_then(|part| remove(context, test.location, Safety::Safe, part));
        let message = format!("`{}` tests the same as `{}`", test.name, other.name);
        Some(
            Finding::new(&RULE.info, head(context, test), message)
                .help("remove it, or change its token")
                .note(head(context, other), "the other test")
                .fix(fix),
        )
    });
    found.collect()
}

/// Returns the part of a file that is the test alone, if the file can do without it: a test without cases, or a case of a
/// test with expectations of its own.
fn part(context: &RuleContext<'_, '_>, test: &Test) -> Option<&'static str> {
    let item = context.trees.item(test.location)?;
    let Item::Test(tree) = &item.node else {
        return None;
    };
    match item.span == test.location.span() {
        true => tree.cases.is_empty().then_some("the test"),
        false => (!tree.expectations.is_empty()).then_some("the case"),
    }
}

/// Returns a text of the token and the expectations of a test, regardless of their order.
fn subject(test: &Test) -> String {
    let mut claims: Vec<String> = test
        .claims
        .members()
        .map(|(name, value)| format!("{name:?}={value}"))
        .collect();
    claims.sort_unstable();
    let mut expectations: Vec<String> = test
        .expectations
        .iter()
        .map(|expectation| {
            let Expectation {
                kind,
                roles,
                facts,
                because,
                ..
            } = expectation;
            format!("{kind:?}{roles:?}{facts:?}{because:?}")
        })
        .collect();
    expectations.sort_unstable();
    expectations.dedup();
    format!("{claims:?}{expectations:?}")
}

/// Returns the location of `test "…"`.
fn head(context: &RuleContext<'_, '_>, test: &Test) -> Location {
    let (file, span) = (test.location.file(), test.location.span());
    let quote = context.text(test.location).find("\" {");
    let end = quote.map_or(span.end, |quote| text::plus(span.start, text::plus(quote, 1)));
    Location::new(file, Span::new(span.start, end))
}
