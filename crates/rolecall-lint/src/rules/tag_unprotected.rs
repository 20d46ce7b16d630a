//! Tags that need not be protected.

use crate::clause::ClauseView;
use crate::context::RuleContext;
use crate::finding::Finding;
use crate::harm::Harm;
use crate::narrowing;
use crate::refs::{is_of_tags, named, of_any_ref, unprotected};
use crate::rule::{Check, Rule};
use crate::rule_info::RuleInfo;
use crate::severity::{Category, Confidence, Persona, Safety, Severity};

pub(crate) static RULE: Rule = Rule {
    info: RuleInfo {
        name: "tag-unprotected",
        summary: "a tag is named, but need not be protected",
        category: Category::Pipeline,
        severity: Severity::Medium,
        confidence: Confidence::High,
        persona: Persona::Regular,
        fix: Some(Safety::Unsafe),
        page: include_str!("../../docs/tag-unprotected.md"),
    },
    check: Check::Clause(check),
};

fn check(view: &ClauseView<'_>, context: &mut RuleContext<'_, '_>) -> Option<Finding> {
    let protected = view.claim("ref_protected")?;
    if view.requires(protected) || !is_of_tags(view) {
        return None;
    }
    let witness = context.admits(view, unprotected(view))?;
    if of_any_ref(view, context).is_some() {
        return None;
    }
    let kind = view
        .claim("ref_type")
        .and_then(|claim| view.constraints_on(claim).next());
    let location = named(view)
        .or(kind)
        .map_or(view.head, |constraint| constraint.location);
    let severity = Harm::UnreviewedCode.level(view.is_privileged);
    let fix = narrowing::require(context, view, &view.name(protected));
    Some(
        Finding::new(
            &RULE.info,
            location,
            format!(
                "anyone with push access can create a tag that matches `{}`",
                context.text(location)
            ),
        )
        .severity(severity)
        .label("tags can be created, deleted and moved")
        .wants(view, [protected])
        .help("protect the tags, and also require `ref_protected`")
        .witness(witness)
        .fix(fix),
    )
}
