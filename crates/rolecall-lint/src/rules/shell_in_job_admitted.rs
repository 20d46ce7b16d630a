//! Whoever opens a shell in a job gets a privileged role.

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
        summary: "whoever opens a shell in a job gets the privileged role",
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
    let message = format!("`{}` goes to jobs that somebody has a shell in", view.role.name);
    Some(
        Finding::new(&RULE.info, view.head, message)
            .label("a job that is run again with SSH gets in")
            .help(format!("keep such jobs out: `{condition}`"))
            .witness(witness)
            .fix(fix),
    )
}
