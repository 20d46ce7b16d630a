//! A bool is compared with a literal.

use crate::clause::ClauseView;
use crate::finding::{Finding, Fix, Safety};
use crate::linting::Linting;
use crate::rule::{Category, Check, Confidence, Persona, Rule, Severity};
use rolecall_engine::Location;
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
        let location = asked.atom.location;
        let Some(comparison) = linting.trees.comparison(location) else {
            continue;
        };
        let is_true = match (comparison.operator.node, &comparison.operand.node) {
            (Operator::Equal, Operand::Bool(value)) => *value,
            (Operator::NotEqual, Operand::Bool(value)) => !*value,
            _ => continue,
        };
        // A bool that is there is one or the other, and where it is not, all of these are UNKNOWN.
        let claim = comparison.claim.span();
        let name = linting.text(Location::new(location.file, claim));
        let instead = if is_true {
            name.to_owned()
        } else {
            format!("!{name}")
        };
        let edit = linting.replace(
            Location::new(location.file, Span::new(claim.start, location.span.end)),
            instead.clone(),
        );
        let fix = edit.map(|edit| Fix::new(Safety::Safe, format!("write `{instead}`"), vec![edit]));
        let message = format!("`{}` is `{instead}`", linting.text(location));
        linting.report(
            Finding::new(&RULE, location, message)
                .help(format!("write `{instead}`"))
                .fix(fix),
        );
    }
}
