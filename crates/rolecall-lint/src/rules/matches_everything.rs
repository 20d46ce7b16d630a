//! Patterns that match every value.

use crate::ask;
use crate::clause::{ClauseView, Constraint};
use crate::context::RuleContext;
use crate::edits;
use crate::finding::Finding;
use crate::fix::Fix;
use crate::outline::outlines;
use crate::rule::{Check, Rule};
use crate::rule_info::RuleInfo;
use crate::severity::{Category, Confidence, Persona, Safety, Severity};
use rolecall_engine::ir::{Formula, Question};
use rolecall_engine::pattern::{OutlinePiece, Pattern, Wildcard};
use rolecall_syntax::Str;

pub(crate) static RULE: Rule = Rule {
    info: RuleInfo {
        name: "matches-everything",
        summary: "a pattern matches every value",
        category: Category::Operators,
        severity: Severity::Medium,
        confidence: Confidence::High,
        persona: Persona::Regular,
        fix: Some(Safety::Unsafe),
        page: include_str!("../../docs/matches-everything.md"),
    },
    check: Check::Constraint(check),
};

fn check(
    constraint: &Constraint<'_>,
    view: &ClauseView<'_>,
    context: &mut RuleContext<'_, '_>,
) -> Option<Finding> {
    if !constraint.wanted {
        return None;
    }

    let (claim, location) = (constraint.atom.claim, constraint.location);
    let Question::Pattern(patterns) = &constraint.atom.question else {
        return None;
    };
    if !patterns.iter().any(is_open) {
        return None;
    }
    let definition = view.definition(claim);
    let typed = ask::well_typed(claim, definition.claim_type.scalar())?;
    // If nothing else restricts the tenant, other rules report the strangers who get the role.
    let mut tenants = view.claims().filter(|(_, definition)| definition.tenant);
    if definition.tenant && !tenants.any(|(tenant, _)| view.pins(tenant)) {
        return None;
    }
    // `.` does not match a line break, but `.*` is written to match everything.
    let broken = ask::fits(claim, Pattern::Like(Wildcard::new(&line_break())));
    let others = vec![
        Formula::compare(constraint.atom.claim, constraint.atom.question.clone()),
        broken,
    ];
    if !context.implies(view.clause.issuer, typed, others) {
        return None;
    }
    let has = context.claim_text(location).map(|name| format!("has {name}"));
    let fix = has.and_then(|has| {
        let edit = edits::replace(context, location, has.clone())?;
        Some(Fix::new(Safety::Unsafe, format!("write `{has}`"), vec![edit]))
    });
    let message = format!("`{}` matches every value", context.text(location));
    Some(
        Finding::new(&RULE.info, location, message)
            .label("excludes no value")
            .help("list the intended values; if any value will do, remove the comparison or write `has`")
            .fix(fix),
    )
}

fn line_break() -> Str {
    Str::new("*\\n*").unwrap_or_else(|_| Str::quote(""))
}

/// Returns whether a pattern may match every value, so that a proof is worth its time.
fn is_open(pattern: &Pattern) -> bool {
    let has_text =
        |piece: &OutlinePiece| matches!(piece, OutlinePiece::Text(text) if !text.chars().all(is_delimiter));
    let is_pattern = !matches!(pattern, Pattern::Under(_));
    is_pattern
        && outlines(pattern)
            .iter()
            .any(|outline| !outline.iter().any(has_text))
}

/// Returns whether a character separates the parts of a glob.
fn is_delimiter(c: char) -> bool {
    matches!(c, '/' | ':')
}
