//! Lists with one element.

use crate::clause::{ClauseView, Constraint};
use crate::context::RuleContext;
use crate::edits;
use crate::finding::Finding;
use crate::fix::Fix;
use crate::rule::{Check, Rule};
use crate::rule_info::RuleInfo;
use crate::severity::{Category, Confidence, Persona, Safety, Severity};
use rolecall_engine::Location;
use rolecall_syntax::ast::{Operand, Operator};

pub(crate) static RULE: Rule = Rule {
    info: RuleInfo {
        name: "single-element-list",
        summary: "a list has one element",
        category: Category::Operators,
        severity: Severity::Low,
        confidence: Confidence::High,
        persona: Persona::Pedantic,
        fix: Some(Safety::Safe),
        page: include_str!("../../docs/single-element-list.md"),
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
    let Operand::List(elements) = &comparison.operand.node else {
        return None;
    };
    let [element] = elements.as_slice() else {
        return None;
    };
    // Each of these means the same for one literal as for a list of it.
    let operator = match comparison.operator.node {
        Operator::In => "==",
        Operator::ContainsAll | Operator::ContainsAny => "contains",
        operator => operator.text(),
    };
    let element = context.text(Location::new(location.file(), element.span));
    let instead = format!("{operator} {element}");
    let edit = edits::compare_with(context, location.file(), comparison, instead.clone());
    let fix = edit.map(|edit| Fix::new(Safety::Safe, format!("write `{instead}`"), vec![edit]));
    let message = format!("the list of `{}` has one element", context.text(location));
    Some(
        Finding::new(&RULE.info, location, message)
            .help(format!("write `{instead}`"))
            .fix(fix),
    )
}
