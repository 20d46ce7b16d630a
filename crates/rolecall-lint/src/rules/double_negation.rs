//! A condition is negated twice.

use crate::finding::{Finding, Fix, Safety};
use crate::linting::Linting;
use crate::rule::{Category, Check, Confidence, Persona, Rule, Severity};
use crate::trees::{each_condition, each_part};
use rolecall_engine::Location;
use rolecall_syntax::Span;
use rolecall_syntax::ast::{Expr, ExprAt, Operator};

pub(crate) static RULE: Rule = Rule {
    name: "double-negation",
    summary: "a condition is negated twice",
    category: Category::Operators,
    severity: Severity::Low,
    confidence: Confidence::High,
    persona: Persona::Pedantic,
    fix: Some(Safety::Safe),
    page: include_str!("../../docs/double-negation.md"),
    check: Check::Set(check),
};

fn check(linting: &mut Linting<'_, '_>) {
    let trees = linting.trees;
    for (number, file) in trees.files.iter().enumerate() {
        each_condition(file, &mut |condition| {
            each_part(condition, &mut |part| {
                if let Expr::Not(inner) = &part.node {
                    look(number, part, inner, linting);
                }
            });
        });
    }
}

/// Neither says more: `!` and `!=` turn TRUE and FALSE round, and keep UNKNOWN.
fn look(file: usize, whole: &ExprAt, inner: &ExprAt, linting: &mut Linting<'_, '_>) {
    let at = |start: usize, end: usize| Location::new(file, Span::new(start, end));
    let text = |span: Span| linting.text(Location::new(file, span));
    let instead = match &inner.node {
        Expr::Compare(comparison) => {
            let operator = match comparison.operator.node {
                Operator::Equal => "!=",
                Operator::NotEqual => "==",
                _ => return,
            };
            format!(
                "{} {operator} {}",
                text(comparison.claim.span()),
                text(comparison.operand.span)
            )
        }
        Expr::Not(kept) => text(kept.span).to_owned(),
        _ => return,
    };
    let location = at(whole.span.start, whole.span.end);
    let edit = linting.replace(location, instead.clone());
    let fix = edit.map(|edit| Fix::new(Safety::Safe, format!("write `{instead}`"), vec![edit]));
    let message = format!("`{}` says no more than `{instead}`", linting.text(location));
    linting.report(
        Finding::new(&RULE, location, message)
            .help(format!("write `{instead}`"))
            .fix(fix),
    );
}
