//! A pattern stands for one value only.

use crate::clause::ClauseView;
use crate::finding::{Edit, Finding, Fix, Safety};
use crate::linting::Linting;
use crate::rule::{Category, Check, Confidence, Persona, Rule, Severity};
use rolecall_engine::Place;
use rolecall_engine::ir::Question;
use rolecall_engine::pattern::{GlobSegment, Pattern, WildcardPiece};
use rolecall_syntax::ast::{Operand, Operator};

pub(crate) static RULE: Rule = Rule {
    name: "pattern-without-wildcard",
    summary: "a pattern has no wildcard in it, and stands for one value",
    category: Category::Operators,
    severity: Severity::Low,
    confidence: Confidence::High,
    persona: Persona::Regular,
    fix: Some(Safety::Safe),
    page: include_str!("../../docs/pattern-without-wildcard.md"),
    check: Check::Clause(check),
};

fn check(view: &ClauseView<'_>, linting: &mut Linting<'_, '_>) {
    for asked in &view.asked {
        let Question::Pattern(patterns) = &asked.atom.question else {
            continue;
        };
        if !patterns.iter().all(is_plain) {
            continue;
        }
        let place = asked.atom.place;
        let Some(comparison) = linting.trees.comparison(place) else {
            continue;
        };
        // A set may be used elsewhere, with `==`.
        let operator = match (comparison.operator.node, &comparison.operand.node) {
            (Operator::Like | Operator::Glob | Operator::Matches, Operand::Text(_)) => "==",
            (Operator::Like | Operator::Glob | Operator::Matches, Operand::List(_)) => "in",
            _ => continue,
        };
        let at = Place::new(place.file, comparison.operator.span);
        let fix = Fix::new(
            Safety::Safe,
            format!("write `{operator}`"),
            vec![Edit::new(at, operator)],
        );
        let message = format!("`{}` has no wildcard in it", linting.text(place));
        linting.report(
            Finding::new(&RULE, place, message)
                .label("one value")
                .help(format!("write `{operator}`, which says so"))
                .fix(fix),
        );
    }
}

fn is_plain(pattern: &Pattern) -> bool {
    match pattern {
        Pattern::Glob(glob) => glob
            .fields()
            .flatten()
            .all(|segment: &GlobSegment| segment.literal().is_some()),
        Pattern::Like(wildcard) => wildcard
            .pieces()
            .iter()
            .all(|piece| matches!(piece, WildcardPiece::Text(_))),
        // What a regex stands for is another rule's business.
        _ => false,
    }
}
