//! Clauses that restrict the trigger, but not the code.

use crate::clause::ClauseView;
use crate::context::RuleContext;
use crate::finding::Finding;
use crate::harm::Harm;
use crate::narrowing;
use crate::refs::{compares_trigger_alone, of_any_ref};
use crate::rule::{Check, Rule};
use crate::rule_info::RuleInfo;
use crate::severity::{Category, Confidence, Persona, Safety, Severity};

pub(crate) static RULE: Rule = Rule {
    info: RuleInfo {
        name: "pipeline-source-alone",
        summary: "the trigger of the pipeline is restricted, but not the code",
        category: Category::Pipeline,
        severity: Severity::Medium,
        confidence: Confidence::High,
        persona: Persona::Regular,
        fix: Some(Safety::Unsafe),
        page: include_str!("../../docs/pipeline-source-alone.md"),
    },
    check: Check::Clause(check),
};

fn check(view: &ClauseView<'_>, context: &mut RuleContext<'_, '_>) -> Option<Finding> {
    if !compares_trigger_alone(view) {
        return None;
    }
    let witness = of_any_ref(view, context)?;
    let constraint = view
        .trigger()
        .and_then(|trigger| view.constraints_on(trigger).next());
    let location = constraint.map_or(view.head, |constraint| constraint.location);
    let severity = Harm::UnreviewedCode.level(view.is_privileged);
    let fix = view
        .claim("ref_protected")
        .and_then(|_| narrowing::require(context, view, "ref_protected"));
    Some(
        Finding::new(
            &RULE.info,
            location,
            format!("`{}` holds on every branch", context.text(location)),
        )
        .severity(severity)
        .label("does not restrict the code")
        .help("also compare the ref, and require `ref_protected`")
        .witness(witness)
        .fix(fix),
    )
}
