//! Conditions that are negated twice.

use crate::context::RuleContext;
use crate::edits;
use crate::finding::Finding;
use crate::fix::Fix;
use crate::rule::{Check, Rule};
use crate::rule_info::RuleInfo;
use crate::severity::{Category, Confidence, Persona, Safety, Severity};
use crate::trees::{each_condition, each_part};
use rolecall_engine::{FileId, Location};
use rolecall_syntax::Span;
use rolecall_syntax::ast::{Expr, ExprAt, Operator};

pub(crate) static RULE: Rule = Rule {
    info: RuleInfo {
        name: "double-negation",
        summary: "a condition is negated twice",
        category: Category::Operators,
        severity: Severity::Low,
        confidence: Confidence::High,
        persona: Persona::Pedantic,
        fix: Some(Safety::Safe),
        page: include_str!("../../docs/double-negation.md"),
    },
    check: Check::Set(check),
};

fn check(context: &mut RuleContext<'_, '_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (id, file) in context.trees.files() {
        each_condition(file, &mut |condition| {
            each_part(condition, &mut |part| {
                if let Expr::Not(inner) = &part.node {
                    findings.extend(finding(id, part, inner, context));
                }
            });
        });
    }
    findings
}

/// Reports a negation of a negation or of an equality. `!` and `!=` swap TRUE and FALSE and keep UNKNOWN, so
/// the shorter form means the same.
fn finding(file: FileId, whole: &ExprAt, inner: &ExprAt, context: &RuleContext<'_, '_>) -> Option<Finding> {
    let text = |span: Span| context.text(Location::new(file, span));
    let instead = match &inner.node {
        Expr::Compare(comparison) => {
            let operator = match comparison.operator.node {
                Operator::Equal => "!=",
                Operator::NotEqual => "==",
                _ => return None,
            };
            format!(
                "{} {operator} {}",
                text(comparison.claim.span()),
                text(comparison.operand.span)
            )
        }
        Expr::Not(kept) => text(kept.span).to_owned(),
        _ => return None,
    };
    let location = Location::new(file, whole.span);
    let edit = edits::replace(context, location, instead.clone());
    let fix = edit.map(|edit| Fix::new(Safety::Safe, format!("write `{instead}`"), vec![edit]));
    let message = format!("`{}` means the same as `{instead}`", context.text(location));
    let finding = Finding::new(&RULE.info, location, message)
        .help(format!("write `{instead}`"))
        .fix(fix);
    Some(finding)
}
