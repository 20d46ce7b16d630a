//! Wildcards in exact comparisons.

use crate::clause::{ClauseView, Constraint};
use crate::context::RuleContext;
use crate::edits;
use crate::finding::Finding;
use crate::fix::Fix;
use crate::rule::{Check, Rule};
use crate::rule_info::RuleInfo;
use crate::severity::{Category, Confidence, Persona, Safety, Severity};
use crate::written::literals;
use rolecall_engine::ir::Question;
use rolecall_engine::pattern::{Glob, Pattern};
use rolecall_engine::{Location, Scalar};
use rolecall_syntax::ast::{Comparison, Operand, Operator};
use rolecall_syntax::{Span, Spanned};

pub(crate) static RULE: Rule = Rule {
    info: RuleInfo {
        name: "wildcard-in-equality",
        summary: "an exact comparison contains a `*` or a `?`, which is an ordinary character there",
        category: Category::Operators,
        severity: Severity::High,
        confidence: Confidence::High,
        persona: Persona::Regular,
        fix: Some(Safety::Unsafe),
        page: include_str!("../../docs/wildcard-in-equality.md"),
    },
    check: Check::Constraint(check),
};

fn check(
    constraint: &Constraint<'_>,
    view: &ClauseView<'_>,
    context: &mut RuleContext<'_, '_>,
) -> Option<Finding> {
    if let Question::Pattern(patterns) = &constraint.atom.question {
        return of_under(patterns, constraint.location);
    }
    let (Question::OneOf(texts) | Question::ContainsAny(texts) | Question::ContainsAll(texts)) =
        &constraint.atom.question
    else {
        return None;
    };
    let scalar = view.definition(constraint.atom.claim).claim_type.scalar();
    if !scalar.has_patterns() {
        return None;
    }
    let mut texts = texts.iter().filter_map(|text| text.as_text());
    let text = texts.find(|text| text.contains(['*', '?']))?;
    let location = constraint.location;
    let message = if constraint.wanted {
        format!("`{text}` is not a pattern here: it equals only a value with this exact character")
    } else {
        format!("`{text}` is not a pattern here, so this excludes no token")
    };
    let comparison = context.trees.comparison(location);
    let fix = comparison.and_then(|comparison| pattern(constraint, comparison, scalar, context));
    Some(
        Finding::new(&RULE.info, location, message)
            .label("compared literally")
            .help("write `like` or `glob` for a pattern")
            .fix(fix),
    )
}

/// Reports a wildcard in the path of `under`.
fn of_under(patterns: &[Pattern], location: Location) -> Option<Finding> {
    let mut paths = patterns.iter().filter_map(|pattern| match pattern {
        Pattern::Under(path) => Some(path),
        _ => None,
    });
    let path = paths.find(|path| path.contains(['*', '?']))?;
    let message =
        format!("`{path}` is not a pattern here: `under` takes a path, and only a path below this one fits");
    Some(
        Finding::new(&RULE.info, location, message)
            .label("compared literally")
            .help("write the path without a wildcard, `under \"acme\"`, or a pattern with `glob`"),
    )
}

/// Returns the fix that uses an operator with wildcards.
fn pattern(
    constraint: &Constraint<'_>,
    comparison: &Comparison,
    scalar: &Scalar,
    context: &RuleContext<'_, '_>,
) -> Option<Fix> {
    let is_glob = |element: &Spanned<Operand>| match &element.node {
        Operand::Text(text) => Some(Glob::new(text).is_ok()),
        _ => None,
    };
    let globs: Vec<bool> = literals(comparison).iter().map(is_glob).collect::<Option<_>>()?;
    let is_path = scalar.is_path() && globs.iter().all(|is_glob| *is_glob);
    let operator = if is_path { "glob" } else { "like" };
    let (file, span) = (constraint.location.file(), constraint.location.span());
    let mut edits = vec![edits::replace_operator(context, file, comparison, operator)?];
    match comparison.operator.node {
        Operator::Equal | Operator::In => {}
        Operator::NotEqual => {
            edits.push(edits::replace(
                context,
                Location::new(file, Span::at(span.start)),
                "!(",
            )?);
            edits.push(edits::replace(
                context,
                Location::new(file, Span::at(span.end)),
                ")",
            )?);
        }
        _ => return None,
    }
    Some(Fix::new(Safety::Unsafe, format!("write `{operator}`"), edits))
}
