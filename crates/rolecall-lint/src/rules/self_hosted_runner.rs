//! Privileged roles for jobs on self-hosted runners.

use crate::ask;
use crate::clause::ClauseView;
use crate::context::RuleContext;
use crate::finding::Finding;
use crate::rule::{Check, Rule};
use crate::rule_info::RuleInfo;
use crate::severity::{Category, Confidence, Persona, Severity};

pub(crate) static RULE: Rule = Rule {
    info: RuleInfo {
        name: "self-hosted-runner",
        summary: "jobs on any self-hosted runner get a privileged role",
        category: Category::Pipeline,
        severity: Severity::Info,
        confidence: Confidence::High,
        persona: Persona::Auditor,
        fix: None,
        page: include_str!("../../docs/self-hosted-runner.md"),
    },
    check: Check::Clause(check),
};

fn check(view: &ClauseView<'_>, context: &mut RuleContext<'_, '_>) -> Option<Finding> {
    let runner = view.claim("runner_environment").filter(|_| view.is_privileged)?;
    let witness = context.admits(view, ask::one_of(runner, ["self-hosted"]))?;
    let location = view
        .constraints_on(runner)
        .next()
        .map_or(view.head, |constraint| constraint.location);
    Some(
        Finding::new(
            &RULE.info,
            location,
            format!("`{}` is granted to jobs on self-hosted runners", view.role.name),
        )
        .label("the operator of the machine sees the token")
        .help("if the jobs run on hosted runners, also compare `runner_environment`")
        .witness(witness),
    )
}
