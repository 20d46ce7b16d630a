//! Wildcards that match more than one part.

use crate::ask;
use crate::clause::{ClauseView, Constraint};
use crate::context::RuleContext;
use crate::crossing::{danger, narrow};
use crate::finding::Finding;
use crate::fix::{Edit, Fix};
use crate::harm::Harm;
use crate::rule::{Check, Rule};
use crate::rule_info::RuleInfo;
use crate::severity::{Category, Confidence, Persona, Safety, Severity};
use crate::tenants::by_pattern;
use rolecall_engine::Location;
use rolecall_engine::ir::Question;
use rolecall_engine::pattern::{Glob, Pattern, Wildcard};
use rolecall_syntax::Str;
use rolecall_syntax::ast::{Operand, Operator};

pub(crate) static RULE: Rule = Rule {
    info: RuleInfo {
        name: "wildcard-crosses-delimiter",
        summary: "a wildcard in `like` on `sub` may match more than the part where it is written",
        category: Category::Identity,
        severity: Severity::Medium,
        confidence: Confidence::High,
        persona: Persona::Regular,
        fix: Some(Safety::Unsafe),
        page: include_str!("../../docs/wildcard-crosses-delimiter.md"),
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

    let Question::Pattern(patterns) = &constraint.atom.question else {
        return None;
    };
    let claim = constraint.atom.claim;
    let is_path = view.definition(claim).claim_type.scalar().is_path();
    let is_made = view.is_derived(claim);
    // Paths have a rule of their own.
    if !is_made && (is_path || view.claim("sub") != Some(claim)) {
        return None;
    }
    patterns.iter().find_map(|pattern| {
        let Pattern::Like(wildcard) = pattern else {
            return None;
        };
        let (narrow, glob) = narrow(wildcard, is_made)?;
        let crosses = ask::all([
            ask::fits(claim, pattern.clone()),
            danger(view, claim, wildcard, narrow),
        ]);
        let witness = context.admits(view, crosses)?;
        // A pattern that admits strangers is reported by another rule.
        if by_pattern(view, context).is_some_and(|(location, ..)| location == constraint.location) {
            return None;
        }
        let fix = fix(context, view, constraint, wildcard, &glob);
        let location = constraint.location;
        Some(
            Finding::new(
                &RULE.info,
                location,
                format!(
                    "a `*` in `{pattern}` may match several parts of `{}`",
                    view.name(claim)
                ),
            )
            .severity(Harm::UnreviewedCode.level(view.is_privileged))
            .label("`*` also matches `/` and `:` here")
            .help("use `glob`, whose `*` stays in its part, or compare the separate claims")
            .witness(witness)
            .fix(fix),
        )
    })
}

/// Returns the fix that writes a glob. It is proved to narrow the comparison, and to leave some tokens.
fn fix(
    context: &mut RuleContext<'_, '_>,
    view: &ClauseView<'_>,
    constraint: &Constraint<'_>,
    wildcard: &Wildcard,
    written: &str,
) -> Option<Fix> {
    let (claim, location) = (constraint.atom.claim, constraint.location);
    // No one knows the parts of a `sub` without layouts, and another clause may negate a named condition.
    if view.is_opaque(claim) || !view.owns(location) || written.ends_with('*') {
        return None;
    }
    let comparison = context.trees.comparison(location)?;
    let Operand::Text(text) = &comparison.operand.node else {
        return None;
    };
    // A parameter stands for several values.
    if comparison.operator.node != Operator::Like || text.raw() != wildcard.to_string() {
        return None;
    }
    let at = |span| Location::new(location.file(), span);
    let edits = vec![
        Edit::new(at(comparison.operator.span), "glob"),
        Edit::new(at(comparison.operand.span), format!("\"{written}\"")),
    ];
    let glob = Glob::new(&Str::new(written).ok()?).ok()?;
    let narrowed = ask::fits(claim, Pattern::Glob(glob));
    let is_narrower = context.implies(view.clause.issuer, narrowed.clone(), vec![constraint.formula()]);
    context.admits(view, narrowed).filter(|_| is_narrower)?;
    Some(Fix::new(
        Safety::Unsafe,
        format!("write `glob \"{written}\"`"),
        edits,
    ))
}
