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
use rolecall_engine::pattern::{Glob, Pattern};
use rolecall_syntax::Str;
use rolecall_syntax::ast::{Operand, Operator};

pub(crate) static RULE: Rule = Rule {
    info: RuleInfo {
        name: "wildcard-crosses-delimiter",
        summary: "a wildcard in `like` may match more than the part where it is written",
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
    if !is_path && !is_made && view.claim("sub") != Some(claim) {
        return None;
    }
    patterns.iter().find_map(|pattern| {
        let Pattern::Like(wildcard) = pattern else {
            return None;
        };
        let (narrow, glob) = narrow(wildcard, is_path, is_made)?;
        let crosses = ask::all([
            ask::fits(claim, pattern.clone()),
            danger(view, claim, wildcard, narrow),
        ]);
        let witness = context.admits(view, crosses)?;
        // A pattern that admits strangers is reported by another rule.
        if by_pattern(view, context).is_some_and(|(location, ..)| location == constraint.location) {
            return None;
        }
        let of_use = Str::new(&glob).ok().and_then(|text| Glob::new(&text).ok());
        let of_use = of_use.filter(|_| !glob.ends_with('*'));
        let is_of_use = of_use.is_some_and(|glob| {
            context
                .admits(view, ask::fits(claim, Pattern::Glob(glob)))
                .is_some()
        });
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
            .fix(is_of_use.then(|| fix(context, location, &glob)).flatten()),
        )
    })
}

fn fix(context: &RuleContext<'_, '_>, location: Location, written: &str) -> Option<Fix> {
    let comparison = context.trees.comparison(location)?;
    if comparison.operator.node != Operator::Like || !matches!(comparison.operand.node, Operand::Text(_)) {
        return None;
    }
    let at = |span| Location::new(location.file(), span);
    let edits = vec![
        Edit::new(at(comparison.operator.span), "glob"),
        Edit::new(at(comparison.operand.span), format!("\"{written}\"")),
    ];
    Some(Fix::new(
        Safety::Unsafe,
        format!("write `glob \"{written}\"`"),
        edits,
    ))
}
