//! A privileged role goes to jobs on machines of anybody.

use crate::ask;
use crate::clause::ClauseView;
use crate::finding::Finding;
use crate::linting::Linting;
use crate::rule::{Category, Check, Confidence, Persona, Rule, Severity};

pub(crate) static RULE: Rule = Rule {
    name: "self-hosted-runner",
    summary: "a privileged role goes to jobs on any self-hosted runner",
    category: Category::Pipeline,
    severity: Severity::Info,
    confidence: Confidence::High,
    persona: Persona::Auditor,
    fix: None,
    page: include_str!("../../docs/self-hosted-runner.md"),
    check: Check::Clause(check),
};

fn check(view: &ClauseView<'_>, linting: &mut Linting<'_, '_>) {
    let Some(runner) = view.claim("runner_environment").filter(|_| view.is_privileged) else {
        return;
    };
    let Some(witness) = linting.lets_in(view, ask::one_of(runner, ["self-hosted"])) else {
        return;
    };
    let location = view
        .asked(runner)
        .next()
        .map_or(view.head, |asked| asked.atom.location);
    linting.report(
        Finding::new(
            &RULE,
            location,
            format!("`{}` goes to jobs on self-hosted runners", view.role.name),
        )
        .label("whoever runs the machine sees the token")
        .help("if the jobs run on the hosted ones, ask for that: compare `runner_environment`")
        .witness(witness),
    );
}
