//! Patterns that match one value.

use crate::clause::{ClauseView, Constraint};
use crate::context::RuleContext;
use crate::finding::Finding;
use crate::fix::{Edit, Fix};
use crate::rule::{Check, Rule};
use crate::rule_info::RuleInfo;
use crate::severity::{Category, Confidence, Persona, Safety, Severity};
use rolecall_engine::Location;
use rolecall_engine::ir::Question;
use rolecall_engine::pattern::{GlobSegment, Pattern, WildcardPiece};
use rolecall_syntax::ast::{Operand, Operator};

pub(crate) static RULE: Rule = Rule {
    info: RuleInfo {
        name: "pattern-without-wildcard",
        summary: "a pattern has no wildcard, and matches one value",
        category: Category::Operators,
        severity: Severity::Low,
        confidence: Confidence::High,
        persona: Persona::Regular,
        fix: Some(Safety::Safe),
        page: include_str!("../../docs/pattern-without-wildcard.md"),
    },
    check: Check::Constraint(check),
};

fn check(
    constraint: &Constraint<'_>,
    view: &ClauseView<'_>,
    context: &mut RuleContext<'_, '_>,
) -> Option<Finding> {
    let Question::Pattern(patterns) = &constraint.atom.question else {
        return None;
    };
    let values = patterns.iter().map(value).collect::<Option<Vec<String>>>()?;
    let location = constraint.location;
    let comparison = context.trees.comparison(location)?;
    // A set may be used elsewhere, with `==`.
    let operator = match (comparison.operator.node, &comparison.operand.node) {
        (Operator::Like | Operator::Glob | Operator::Matches, Operand::Text(_)) => "==",
        (Operator::Like | Operator::Glob | Operator::Matches, Operand::List(_)) => "in",
        _ => return None,
    };
    let at = Location::new(location.file(), comparison.operator.span);
    let fix = Fix::new(
        Safety::Safe,
        format!("write `{operator}`"),
        vec![Edit::new(at, operator)],
    );
    // `==` needs a value of the claim's type, and no escaped `*`.
    let scalar = view.definition(constraint.atom.claim).claim_type.scalar();
    let can_be = |value: &String| scalar.holds(value) && !value.contains(['*', '?']);
    let fix = values.iter().all(can_be).then_some(fix);
    let message = format!("`{}` has no wildcard", context.text(location));
    Some(
        Finding::new(&RULE.info, location, message)
            .label("matches one value")
            .help(format!("write `{operator}`"))
            .fix(fix),
    )
}

/// Returns the value that a pattern matches, if it is one.
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
        // Regexes have a rule of their own.
        _ => None,
    }
}
