//! A pattern of a list is covered by another one.

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
        summary: "a pattern accepts only what another one of its list accepts already",
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
    // Of many roles, an element may be a parameter, and covered in one of them only.
    if context.is_expanded(view.number) {
        return None;
    }

    let (claim, location) = (constraint.atom.claim, constraint.atom.location);
    let Question::Pattern(patterns) = &constraint.atom.question else {
        return None;
    };
    let comparison = context
        .trees
        .comparison(location)
        .filter(|_| patterns.len() <= MAX_PATTERNS)?;
    // One for a list: without it the others may be needed.
    let found = (0..patterns.len()).rev().find_map(|number| {
        let pattern = patterns.get(number)?;
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
        wider.map(|(wider, _)| (number, wider))
    });
    let (number, wider) = found?;
    let elements = match &comparison.operand.node {
        Operand::List(elements) => elements.as_slice(),
        _ => &[],
    };
    let at = |number: usize| {
        elements
            .get(number)
            .map(|element| Location::new(location.file, element.span))
    };
    // What the pattern accepts, the other one accepts: of each value of this type, that is proved.
    let safety = if view.owns(location) {
        Safety::Safe
    } else {
        Safety::Unsafe
    };
    let edit = edits::remove_part(context, location.file, elements, number, ",");
    let fix = edit.map(|edit| Fix::new(safety, "take it out", vec![edit]));
    let written = |number: usize| patterns.get(number).map(ToString::to_string).unwrap_or_default();
    let message = format!(
        "whatever fits `{}` fits `{}` as well",
        written(number),
        written(wider)
    );
    let mut finding = Finding::new(&RULE.info, at(number).unwrap_or(location), message)
        .help("take it out, or the wider one if that was not meant")
        .fix(fix);
    if let Some(wider) = at(wider) {
        finding = finding.note(wider, "the wider one");
    }
    Some(finding)
}

/// A value that the pattern most likely accepts, to see where a proof is worth while.
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
        Pattern::Matches(regular) => regular.starts().next().unwrap_or_default().to_owned(),
        Pattern::Under(path) => path.to_string(),
        _ => String::new(),
    }
}
