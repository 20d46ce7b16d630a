//! Privileged roles for jobs with a shell.

use crate::ask;
use crate::clause::ClauseView;
use crate::context::RuleContext;
use crate::finding::Finding;
use crate::narrowing;
use crate::rule::{Check, Rule};
use crate::rule_info::RuleInfo;
use crate::severity::{Category, Confidence, Persona, Safety, Severity};

pub(crate) static RULE: Rule = Rule {
    info: RuleInfo {
        name: "shell-in-job-admitted",
        summary: "a job with an open shell gets a privileged role",
        category: Category::Pipeline,
        severity: Severity::High,
        confidence: Confidence::High,
        persona: Persona::Regular,
        fix: Some(Safety::Unsafe),
        page: include_str!("../../docs/shell-in-job-admitted.md"),
    },
    check: Check::Clause(check),
};

fn check(view: &ClauseView<'_>, context: &mut RuleContext<'_, '_>) -> Option<Finding> {
    let shell = view.claim("ssh_rerun").filter(|_| view.is_privileged)?;
    let witness = context.admits(view, ask::is(shell, true))?;
    let condition = format!("!{}", view.name(shell));
    let fix = narrowing::require(context, view, &condition);
    let message = format!("`{}` is granted to jobs with an open shell", view.role.name);
    Some(
        Finding::new(&RULE.info, view.head, message)
            .label("jobs that are rerun with SSH get the role")
            .help(format!("exclude such jobs: `{condition}`"))
            .witness(witness)
            .fix(fix),
    )
}
