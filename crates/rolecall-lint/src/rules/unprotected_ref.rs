//! Refs that need not be protected.

use crate::clause::ClauseView;
use crate::context::RuleContext;
use crate::finding::Finding;
use crate::narrowing;
use crate::refs::{is_of_tags, named, of_unprotected_ref, pattern};
use crate::rule::{Check, Rule};
use crate::rule_info::RuleInfo;
use crate::severity::{Category, Confidence, Persona, Safety, Severity};

pub(crate) static RULE: Rule = Rule {
    info: RuleInfo {
        name: "unprotected-ref",
        summary: "a ref is named, but need not be protected",
        category: Category::Pipeline,
        severity: Severity::Low,
        confidence: Confidence::High,
        persona: Persona::Regular,
        fix: Some(Safety::Unsafe),
        page: include_str!("../../docs/unprotected-ref.md"),
    },
    check: Check::Clause(check),
};

fn check(view: &ClauseView<'_>, context: &mut RuleContext<'_, '_>) -> Option<Finding> {
    let (protected, constraint) = (view.claim("ref_protected")?, named(view)?);
    // Tags and patterns have rules of their own.
    if view.requires(protected) || is_of_tags(view) || pattern(view).is_some() {
        return None;
    }
    let (witness, severity) = of_unprotected_ref(view, context)?;
    let fix = narrowing::require(context, view, &view.name(protected));
    let message = format!(
        "`{}` may be an unprotected ref",
        context.text(constraint.location)
    );
    Some(
        Finding::new(&RULE.info, constraint.location, message)
            .severity(severity)
            .label("a name does not protect a ref")
            .wants(view, [protected])
            .help("also require `ref_protected`, so that the role is lost together with the protection")
            .witness(witness)
            .fix(fix),
    )
}
