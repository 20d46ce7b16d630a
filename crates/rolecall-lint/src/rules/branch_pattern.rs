//! Patterns for branches that need not be protected.

use crate::clause::ClauseView;
use crate::context::RuleContext;
use crate::finding::Finding;
use crate::narrowing;
use crate::prefix::unfinished_name;
use crate::refs::{is_of_tags, of_unprotected_ref, pattern};
use crate::rule::{Check, Rule};
use crate::rule_info::RuleInfo;
use crate::severity::{Category, Confidence, Persona, Safety, Severity};

pub(crate) static RULE: Rule = Rule {
    info: RuleInfo {
        name: "branch-pattern",
        summary: "a pattern matches branches that need not be protected",
        category: Category::Pipeline,
        severity: Severity::Low,
        confidence: Confidence::High,
        persona: Persona::Regular,
        fix: Some(Safety::Unsafe),
        page: include_str!("../../docs/branch-pattern.md"),
    },
    check: Check::Clause(check),
};

fn check(view: &ClauseView<'_>, context: &mut RuleContext<'_, '_>) -> Option<Finding> {
    let (protected, constraint) = (view.claim("ref_protected")?, pattern(view)?);
    if view.requires(protected) || is_of_tags(view) || unfinished_name(constraint).is_some() {
        return None;
    }
    let (witness, severity) = of_unprotected_ref(view, context)?;
    let fix = narrowing::require(context, view, &view.name(protected));
    let location = constraint.location;
    Some(
        Finding::new(
            &RULE.info,
            location,
            format!(
                "anyone with push access can create a branch that matches `{}`",
                context.text(location)
            ),
        )
        .severity(severity)
        .label("a name does not protect a branch")
        .wants(view, [protected])
        .help("protect the branches of this pattern, and also require `ref_protected`")
        .witness(witness)
        .fix(fix),
    )
}
