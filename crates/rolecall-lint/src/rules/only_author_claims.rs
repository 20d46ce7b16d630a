//! Clauses that compare only claims chosen by the author of the job.

use crate::author::{is_chosen_by_author, only_author_decides};
use crate::clause::ClauseView;
use crate::context::RuleContext;
use crate::finding::Finding;
use crate::harm::Harm;
use crate::refs::unprotected;
use crate::rule::{Check, Rule};
use crate::rule_info::RuleInfo;
use crate::severity::{Category, Confidence, Persona, Severity};
use crate::tells::asks_for_tenant;
use crate::tenants::is_open;

pub(crate) static RULE: Rule = Rule {
    info: RuleInfo {
        name: "only-author-claims",
        summary: "apart from the project, only claims that the author of the job chooses are compared",
        category: Category::Identity,
        severity: Severity::Medium,
        confidence: Confidence::High,
        persona: Persona::Regular,
        fix: None,
        page: include_str!("../../docs/only-author-claims.md"),
    },
    check: Check::Clause(check),
};

fn check(view: &ClauseView<'_>, context: &mut RuleContext<'_, '_>) -> Option<Finding> {
    if !only_author_decides(view) || !asks_for_tenant(view) {
        return None;
    }
    let constraint = view
        .constraints
        .iter()
        .find(|constraint| is_chosen_by_author(view, constraint.atom.claim))?;
    let witness = context.admits(view, unprotected(view))?;
    // A clause that admits strangers is reported by another rule.
    if is_open(view, context) {
        return None;
    }
    let severity = Harm::UnreviewedCode.level(view.is_privileged);
    let message = format!(
        "the author of the job decides whether `{}` holds",
        context.text(constraint.location)
    );
    Some(
        Finding::new(&RULE.info, constraint.location, message)
            .severity(severity)
            .label("excludes no job")
            .wants(view, view.claim("ref_protected"))
            .help(match view.claim("ref_protected") {
                Some(_) => "also require a claim that the CI system controls, such as `ref_protected`",
                None => "also compare a claim that the issuer controls",
            })
            .witness(witness),
    )
}
