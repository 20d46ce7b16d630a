//! Regexes that a wildcard can replace.

use crate::ask;
use crate::clause::{ClauseView, Constraint};
use crate::context::RuleContext;
use crate::edits;
use crate::finding::Finding;
use crate::fix::Fix;
use crate::rule::{Check, Rule};
use crate::rule_info::RuleInfo;
use crate::severity::{Category, Confidence, Persona, Safety, Severity};
use crate::written::{in_pattern, is_regex};
use rolecall_engine::ir::{Formula, Question};
use rolecall_engine::pattern::{Glob, OutlinePiece, Pattern, Regular, Wildcard};
use rolecall_syntax::Str;

pub(crate) static RULE: Rule = Rule {
    info: RuleInfo {
        name: "regex-for-wildcard",
        summary: "a regex can be written as a wildcard",
        category: Category::Operators,
        severity: Severity::Low,
        confidence: Confidence::High,
        persona: Persona::Regular,
        fix: Some(Safety::Safe),
        page: include_str!("../../docs/regex-for-wildcard.md"),
    },
    check: Check::Constraint(check),
};

fn check(
    constraint: &Constraint<'_>,
    view: &ClauseView<'_>,
    context: &mut RuleContext<'_, '_>,
) -> Option<Finding> {
    let (claim, location) = (constraint.atom.claim, constraint.location);
    let Question::Pattern(patterns) = &constraint.atom.question else {
        return None;
    };
    let [Pattern::Matches(regular)] = &**patterns else {
        return None;
    };
    let comparison = context
        .trees
        .comparison(location)
        .filter(|comparison| is_regex(comparison))?;
    let scalar = view.definition(claim).claim_type.scalar();
    let wildcard = simple(regular)?;
    let (instead, pattern) = written(wildcard, scalar.is_path())?;
    // Both match the same tokens, and are UNKNOWN for the same tokens: proved for this type.
    let (old, new) = (
        Formula::compare(constraint.atom.claim, constraint.atom.question.clone()),
        ask::fits(claim, pattern),
    );
    let is_same = context.is_equivalent(view.clause.issuer, &old, &new);
    let safety = if is_same && view.owns(location) {
        Safety::Safe
    } else {
        Safety::Unsafe
    };
    let edit = edits::compare_with(context, location.file(), comparison, instead.clone());
    let fix = edit.map(|edit| Fix::new(safety, format!("write `{instead}`"), vec![edit]));
    let help = if is_same {
        format!("write `{instead}`, which means the same")
    } else {
        format!("write `{instead}`, which differs only for unusual values, such as one with a line break")
    };
    let message = format!("`{}` does not need a regex", context.text(location));
    Some(Finding::new(&RULE.info, location, message).help(help).fix(fix))
}

/// Returns the text of a wildcard with its operator, and its pattern.
fn written(wildcard: Simple, is_path: bool) -> Option<(String, Pattern)> {
    let (operator, raw) = match wildcard {
        Simple::Glob(raw) => ("glob", raw),
        Simple::Like(raw) => match raw.strip_suffix("/*") {
            Some(folder) if is_path && !folder.contains(['*', '?']) => ("glob", format!("{folder}/**")),
            _ => ("like", raw),
        },
    };
    let string = Str::new(&raw).ok()?;
    let pattern = match operator {
        "glob" => Pattern::Glob(Glob::new(&string).ok()?),
        _ => Pattern::Like(Wildcard::new(&string)),
    };
    Some((format!("{operator} \"{raw}\""), pattern))
}

/// The text of a pattern with `*`, by its operator.
enum Simple {
    /// `[^/]*`: `*` in `glob`.
    Glob(String),
    /// `.*`: `*` in `like`.
    Like(String),
}

/// Returns a regex as a pattern with `*`, if it can be one.
fn simple(regular: &Regular) -> Option<Simple> {
    let outlines = regular.outlines();
    let [outline] = outlines.as_slice() else {
        return None;
    };
    let (mut pattern, mut dots, mut segments) = (String::new(), false, false);
    for piece in outline {
        let at_least_one = match piece {
            OutlinePiece::Text(text) => {
                pattern.push_str(&in_pattern(text));
                continue;
            }
            OutlinePiece::Any { at_least_one } => {
                dots = true;
                at_least_one
            }
            OutlinePiece::Segment { at_least_one } => {
                segments = true;
                at_least_one
            }
            _ => return None,
        };
        pattern.push_str(if *at_least_one { "?*" } else { "*" });
    }
    match (outline.len() > 1, dots, segments) {
        (true, true, false) => Some(Simple::Like(pattern)),
        (true, false, true) => Some(Simple::Glob(pattern)),
        _ => None,
    }
}
