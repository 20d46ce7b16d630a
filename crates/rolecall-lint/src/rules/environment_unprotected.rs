//! Environments that need not be protected.

use crate::ask;
use crate::clause::ClauseView;
use crate::context::RuleContext;
use crate::finding::Finding;
use crate::harm::Harm;
use crate::narrowing;
use crate::rule::{Check, Rule};
use crate::rule_info::RuleInfo;
use crate::severity::{Category, Confidence, Persona, Safety, Severity};

pub(crate) static RULE: Rule = Rule {
    info: RuleInfo {
        name: "environment-unprotected",
        summary: "an environment is named, but need not be protected",
        category: Category::Pipeline,
        severity: Severity::Low,
        confidence: Confidence::High,
        persona: Persona::Regular,
        fix: Some(Safety::Unsafe),
        page: include_str!("../../docs/environment-unprotected.md"),
    },
    check: Check::Clause(check),
};

fn check(view: &ClauseView<'_>, context: &mut RuleContext<'_, '_>) -> Option<Finding> {
    let (name, protected) = (view.claim("environment")?, view.claim("environment_protected")?);
    let constraint = view.constraints_on(name).find(|constraint| constraint.names())?;
    if view.requires(protected) {
        return None;
    }
    let witness = context.admits(view, ask::is(protected, false))?;
    let severity = Harm::SecondGate.level(view.is_privileged);
    let fix = narrowing::require(context, view, &view.name(protected));
    let location = constraint.location;
    Some(
        Finding::new(
            &RULE.info,
            location,
            format!("any job can claim `{}`", context.text(location)),
        )
        .severity(severity)
        .label("the author of the job chooses it")
        .wants(view, [protected])
        .help("protect the environment, and also require `environment_protected`")
        .witness(witness)
        .fix(fix),
    )
}
