//! Comparisons of a bool with a literal.

use crate::clause::{ClauseView, Constraint};
use crate::context::RuleContext;
use crate::edits;
use crate::finding::Finding;
use crate::fix::Fix;
use crate::rule::{Check, Rule};
use crate::rule_info::RuleInfo;
use crate::severity::{Category, Confidence, Persona, Safety, Severity};
use rolecall_engine::Location;
use rolecall_syntax::Span;
use rolecall_syntax::ast::{Operand, Operator};

pub(crate) static RULE: Rule = Rule {
    info: RuleInfo {
        name: "bool-literal",
        summary: "a bool is compared with `true` or `false`",
        category: Category::Operators,
        severity: Severity::Low,
        confidence: Confidence::High,
        persona: Persona::Pedantic,
        fix: Some(Safety::Safe),
        page: include_str!("../../docs/bool-literal.md"),
    },
    check: Check::Constraint(check),
};

fn check(
    constraint: &Constraint<'_>,
    _view: &ClauseView<'_>,
    context: &mut RuleContext<'_, '_>,
) -> Option<Finding> {
    let location = constraint.location;
    let comparison = context.trees.comparison(location)?;
    let is_true = match (comparison.operator.node, &comparison.operand.node) {
        (Operator::Equal, Operand::Bool(value)) => *value,
        (Operator::NotEqual, Operand::Bool(value)) => !*value,
        _ => return None,
    };
    // A present bool has one of two values, and for an absent one all of these are UNKNOWN.
    let claim = comparison.claim.span();
    let name = context.text(Location::new(location.file(), claim));
    let instead = if is_true {
        name.to_owned()
    } else {
        format!("!{name}")
    };
    let edit = edits::replace(
        context,
        Location::new(location.file(), Span::new(claim.start, location.span().end)),
        instead.clone(),
    );
    let fix = edit.map(|edit| Fix::new(Safety::Safe, format!("write `{instead}`"), vec![edit]));
    let message = format!("`{}` is `{instead}`", context.text(location));
    Some(
        Finding::new(&RULE.info, location, message)
            .help(format!("write `{instead}`"))
            .fix(fix),
    )
}
