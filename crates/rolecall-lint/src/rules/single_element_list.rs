//! A list has one element.

use crate::clause::ClauseView;
use crate::finding::{Finding, Fix, Safety};
use crate::linting::Linting;
use crate::rule::{Category, Check, Confidence, Persona, Rule, Severity};
use rolecall_engine::Location;
use rolecall_syntax::ast::{Operand, Operator};

pub(crate) static RULE: Rule = Rule {
    name: "single-element-list",
    summary: "a list has one element",
    category: Category::Operators,
    severity: Severity::Low,
    confidence: Confidence::High,
    persona: Persona::Pedantic,
    fix: Some(Safety::Safe),
    page: include_str!("../../docs/single-element-list.md"),
    check: Check::Clause(check),
};

fn check(view: &ClauseView<'_>, linting: &mut Linting<'_, '_>) {
    for asked in &view.asked {
        let location = asked.atom.location;
        let Some(comparison) = linting.trees.comparison(location) else {
            continue;
        };
        let Operand::List(elements) = &comparison.operand.node else {
            continue;
        };
        let [element] = elements.as_slice() else {
            continue;
        };
        // Each of these asks the same question of one literal as of a list with it.
        let operator = match comparison.operator.node {
            Operator::In => "==",
            Operator::ContainsAll | Operator::ContainsAny => "contains",
            operator => operator.text(),
        };
        let element = linting.text(Location::new(location.file, element.span));
        let instead = format!("{operator} {element}");
        let edit = linting.compare_with(location.file, comparison, instead.clone());
        let fix = edit.map(|edit| Fix::new(Safety::Safe, format!("write `{instead}`"), vec![edit]));
        let message = format!("the list of `{}` has one element", linting.text(location));
        linting.report(
            Finding::new(&RULE, location, message)
                .help(format!("write `{instead}`"))
                .fix(fix),
        );
    }
}
