//! Patterns that another one of their list covers.

use crate::ask;
use crate::clause::{ClauseView, Constraint};
use crate::context::RuleContext;
use crate::edits;
use crate::finding::Finding;
use crate::fix::Fix;
use crate::rule::{Check, Rule};
use crate::rule_info::RuleInfo;
use crate::severity::{Category, Confidence, Persona, Safety, Severity};
use rolecall_engine::Location;
use rolecall_engine::ir::Question;
use rolecall_engine::pattern::{GlobSegment, Pattern, WildcardPiece};
use rolecall_syntax::ast::Operand;

pub(crate) static RULE: Rule = Rule {
    info: RuleInfo {
        name: "redundant-alternative",
        summary: "a pattern matches only values that another one of its list already matches",
        category: Category::Operators,
        severity: Severity::Low,
        confidence: Confidence::High,
        persona: Persona::Regular,
        fix: Some(Safety::Safe),
        page: include_str!("../../docs/redundant-alternative.md"),
    },
    check: Check::Constraint(check),
};

/// Longer lists are left alone.
const MAX_PATTERNS: usize = 64;

fn check(
    constraint: &Constraint<'_>,
    view: &ClauseView<'_>,
    context: &mut RuleContext<'_, '_>,
) -> Option<Finding> {
    // In an expanded role, an element may be a parameter, and covered in one role only.
    if context.is_expanded(view.id) {
        return None;
    }

    let (claim, location) = (constraint.atom.claim, constraint.location);
    let Question::Pattern(patterns) = &constraint.atom.question else {
        return None;
    };
    let comparison = context
        .trees
        .comparison(location)
        .filter(|_| patterns.len() <= MAX_PATTERNS)?;
    // One per list: without it the others may be needed.
    let mut candidates = patterns.iter().enumerate().rev();
    let ((number, narrow), (wider_number, wide)) = candidates.find_map(|(number, pattern)| {
        let some = example(pattern);
        let mut others = patterns.iter().enumerate().filter(|(other, _)| *other != number);
        let wider = others.find(|(_, other)| {
            other.accepts(&some) && *other != pattern && {
                let alone = ask::all([
                    ask::fits(claim, pattern.clone()),
                    ask::not(ask::fits(claim, (*other).clone())),
                ]);
                context.is_unsatisfiable(view.clause.issuer, alone)
            }
        });
        Some(((number, pattern), wider?))
    })?;
    let elements = match &comparison.operand.node {
        Operand::List(elements) => elements.as_slice(),
        _ => &[],
    };
    let at = |number: usize| {
        elements
            .get(number)
            .map(|element| Location::new(location.file(), element.span))
    };
    // Proved for each value of this type.
    let safety = if view.owns(location) {
        Safety::Safe
    } else {
        Safety::Unsafe
    };
    let edit = edits::remove_part(context, location.file(), elements, number, ",");
    let fix = edit.map(|edit| Fix::new(safety, "remove it", vec![edit]));
    let message = format!("every value that matches `{narrow}` also matches `{wide}`");
    let mut finding = Finding::new(&RULE.info, at(number).unwrap_or(location), message)
        .help("remove it, or remove the wider pattern if that is not intended")
        .fix(fix);
    if let Some(wider) = at(wider_number) {
        finding = finding.note(wider, "the wider pattern");
    }
    Some(finding)
}

/// Returns a value that the pattern most likely matches, to decide where a proof is worth its time.
fn example(pattern: &Pattern) -> String {
    let fill = |pieces: &[WildcardPiece]| -> String {
        let piece = |piece: &WildcardPiece| match piece {
            WildcardPiece::One | WildcardPiece::Run => "x".to_owned(),
            WildcardPiece::Text(text) => text.to_string(),
        };
        pieces.iter().map(piece).collect()
    };
    match pattern {
        Pattern::Glob(glob) => {
            let segment = |segment: &GlobSegment| match segment {
                GlobSegment::Any => "x".to_owned(),
                GlobSegment::One(wildcard) => fill(wildcard.pieces()),
            };
            let fields = glob
                .fields()
                .map(|field| field.iter().map(segment).collect::<Vec<String>>().join("/"));
            fields.collect::<Vec<String>>().join(":")
        }
        Pattern::Like(wildcard) => fill(wildcard.pieces()),
        Pattern::Matches(regular) => regular.starts().take(1).collect(),
        Pattern::Under(path) => path.to_string(),
        _ => String::new(),
    }
}
