//! A bool is compared with a literal.

use crate::clause::ClauseView;
use crate::finding::{Finding, Fix, Safety};
use crate::linting::Linting;
use crate::rule::{Category, Check, Confidence, Persona, Rule, Severity};
use rolecall_engine::Place;
use rolecall_syntax::Span;
use rolecall_syntax::ast::{Operand, Operator};

pub(crate) static RULE: Rule = Rule {
    name: "bool-literal",
    summary: "a bool is compared with `true` or `false`",
    category: Category::Operators,
    severity: Severity::Low,
    confidence: Confidence::High,
    persona: Persona::Pedantic,
    fix: Some(Safety::Safe),
    page: include_str!("../../docs/bool-literal.md"),
    check: Check::Clause(check),
};

fn check(view: &ClauseView<'_>, linting: &mut Linting<'_, '_>) {
    for asked in &view.asked {
        let place = asked.atom.place;
        let Some(comparison) = linting.trees.comparison(place) else {
            continue;
        };
        let is_true = match (comparison.operator.node, &comparison.operand.node) {
            (Operator::Equal, Operand::Bool(value)) => *value,
            (Operator::NotEqual, Operand::Bool(value)) => !*value,
            _ => continue,
        };
        // A bool that is there is one or the other, and where it is not, all of these are UNKNOWN.
        let claim = comparison.claim.span();
        let name = linting.text(Place::new(place.file, claim));
        let instead = if is_true {
            name.to_owned()
        } else {
            format!("!{name}")
        };
        let edit = linting.replace(
            Place::new(place.file, Span::new(claim.start, place.span.end)),
            instead.clone(),
        );
        let fix = edit.map(|edit| Fix::new(Safety::Safe, format!("write `{instead}`"), vec![edit]));
        let message = format!("`{}` is `{instead}`", linting.text(place));
        linting.report(
            Finding::new(&RULE, place, message)
                .help(format!("write `{instead}`"))
                .fix(fix),
        );
    }
}
