//! Whoever opens a shell in a job gets a privileged role.

use crate::ask;
use crate::clause::ClauseView;
use crate::finding::{Finding, Safety};
use crate::linting::Linting;
use crate::rule::{Category, Check, Confidence, Persona, Rule, Severity};

pub(crate) static RULE: Rule = Rule {
    name: "shell-in-job-admitted",
    summary: "whoever opens a shell in a job gets the privileged role",
    category: Category::Pipeline,
    severity: Severity::High,
    confidence: Confidence::High,
    persona: Persona::Regular,
    fix: Some(Safety::Unsafe),
    page: include_str!("../../docs/shell-in-job-admitted.md"),
    check: Check::Clause(check),
};

fn check(view: &ClauseView<'_>, linting: &mut Linting<'_, '_>) {
    let Some(shell) = view.claim("ssh_rerun").filter(|_| view.is_privileged) else {
        return;
    };
    let Some(witness) = linting.lets_in(view, ask::is(shell, true)) else {
        return;
    };
    let condition = format!("!{}", view.name(shell));
    let fix = linting.ask_also(view, &condition);
    let message = format!("`{}` goes to jobs that somebody has a shell in", view.role.name);
    linting.report(
        Finding::new(&RULE, view.head, message)
            .label("a job that is run again with SSH gets in")
            .help(format!("keep such jobs out: `{condition}`"))
            .witness(witness)
            .fix(fix),
    );
}
