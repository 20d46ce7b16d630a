//! Roles for any branch.

use crate::author::only_author_decides;
use crate::clause::ClauseView;
use crate::context::RuleContext;
use crate::finding::Finding;
use crate::harm::Harm;
use crate::narrowing;
use crate::refs::{compares_trigger_alone, has_other_gate, of_any_ref};
use crate::rule::{Check, Rule};
use crate::rule_info::RuleInfo;
use crate::severity::{Category, Confidence, Persona, Safety, Severity};
use crate::vocabulary::PROJECT_IDS;

pub(crate) static RULE: Rule = Rule {
    info: RuleInfo {
        name: "any-ref",
        summary: "any branch gets the role, including unreviewed code",
        category: Category::Pipeline,
        severity: Severity::Medium,
        confidence: Confidence::High,
        persona: Persona::Regular,
        fix: Some(Safety::Unsafe),
        page: include_str!("../../docs/any-ref.md"),
    },
    check: Check::Clause(check),
};

fn check(view: &ClauseView<'_>, context: &mut RuleContext<'_, '_>) -> Option<Finding> {
    let witness = of_any_ref(view, context)?;
    // Conditions that look like a gate for the code have rules of their own.
    if compares_trigger_alone(view) || only_author_decides(view) {
        return None;
    }
    let harm = if has_other_gate(view, context) {
        Harm::HeldBack
    } else if view.narrows_any(&PROJECT_IDS) {
        // The id limits the role to the code of one project.
        Harm::Unprotected
    } else {
        Harm::UnreviewedCode
    };
    let code_ref = view.code_ref()?;
    let name = view.name(code_ref);
    let main = if view.writes_full_refs(code_ref) {
        "refs/heads/main"
    } else {
        "main"
    };
    let condition = match view.claim("ref_protected") {
        Some(protected) => view.name(protected),
        None => format!("{name} == \"{main}\""),
    };
    let fix = view
        .claim("ref_protected")
        .and_then(|_| narrowing::require(context, view, "ref_protected"));
    let message = format!(
        "`{}` is granted to any branch, whatever the value of `{name}`",
        view.role.name
    );
    Some(
        Finding::new(&RULE.info, view.head, message)
            .severity(harm.level(view.is_privileged))
            .label("anyone who can push a branch gets the role")
            .wants(view, view.claim("ref_protected").or_else(|| view.claim("ref")))
            .help(format!("restrict the role to reviewed code: `{condition}`"))
            .witness(witness)
            .fix(fix),
    )
}
