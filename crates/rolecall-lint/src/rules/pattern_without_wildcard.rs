//! A pattern stands for one value only.

use crate::clause::ClauseView;
use crate::finding::{Edit, Finding, Fix, Safety};
use crate::linting::Linting;
use crate::rule::{Category, Check, Confidence, Persona, Rule, Severity};
use rolecall_engine::Location;
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
        let Some(values) = patterns.iter().map(value).collect::<Option<Vec<String>>>() else {
            continue;
        };
        let location = asked.atom.location;
        let Some(comparison) = linting.trees.comparison(location) else {
            continue;
        };
        // A set may be used elsewhere, with `==`.
        let operator = match (comparison.operator.node, &comparison.operand.node) {
            (Operator::Like | Operator::Glob | Operator::Matches, Operand::Text(_)) => "==",
            (Operator::Like | Operator::Glob | Operator::Matches, Operand::List(_)) => "in",
            _ => continue,
        };
        let at = Location::new(location.file, comparison.operator.span);
        let fix = Fix::new(
            Safety::Safe,
            format!("write `{operator}`"),
            vec![Edit::new(at, operator)],
        );
        // Where a value is compared, it must be of the claim's type, and no `*` in it is escaped.
        let scalar = view
            .definition(asked.atom.claim)
            .map(|definition| definition.claim_type.scalar());
        let can_be =
            |value: &String| scalar.is_some_and(|scalar| scalar.holds(value)) && !value.contains(['*', '?']);
        let fix = values.iter().all(can_be).then_some(fix);
        let message = format!("`{}` has no wildcard in it", linting.text(location));
        linting.report(
            Finding::new(&RULE, location, message)
                .label("one value")
                .help(format!("write `{operator}`, which says so"))
                .fix(fix),
        );
    }
}

/// The value that a pattern stands for, if it is one.
fn value(pattern: &Pattern) -> Option<String> {
    match pattern {
        Pattern::Glob(glob) => {
            let segments = |field: &[GlobSegment]| {
                let segments = field.iter().map(GlobSegment::literal);
                segments
                    .collect::<Option<Vec<&str>>>()
                    .map(|segments| segments.join("/"))
            };
            let fields = glob.fields().map(segments);
            fields
                .collect::<Option<Vec<String>>>()
                .map(|fields| fields.join(":"))
        }
        Pattern::Like(wildcard) => {
            let pieces = wildcard.pieces().iter().map(|piece| match piece {
                WildcardPiece::Text(text) => Some(&**text),
                WildcardPiece::One | WildcardPiece::Run => None,
            });
            pieces.collect()
        }
        // What a regex stands for is another rule's business.
        _ => None,
    }
}
