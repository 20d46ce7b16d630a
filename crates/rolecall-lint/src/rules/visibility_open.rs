//! Privileged roles for jobs of public projects.

use crate::ask;
use crate::clause::ClauseView;
use crate::context::RuleContext;
use crate::finding::Finding;
use crate::rule::{Check, Rule};
use crate::rule_info::RuleInfo;
use crate::severity::{Category, Confidence, Persona, Severity};
use crate::vocabulary::VISIBILITIES;

pub(crate) static RULE: Rule = Rule {
    info: RuleInfo {
        name: "visibility-open",
        summary: "jobs of public projects get a privileged role",
        category: Category::Pipeline,
        severity: Severity::Info,
        confidence: Confidence::High,
        persona: Persona::Auditor,
        fix: None,
        page: include_str!("../../docs/visibility-open.md"),
    },
    check: Check::Clause(check),
};

fn check(view: &ClauseView<'_>, context: &mut RuleContext<'_, '_>) -> Option<Finding> {
    let visibility = VISIBILITIES.iter().find_map(|name| view.claim(name));
    let visibility = visibility.filter(|_| view.is_privileged)?;
    let witness = context.admits(view, ask::one_of(visibility, ["public"]))?;
    let name = view.name(visibility);
    let location = view
        .constraints_on(visibility)
        .next()
        .map_or(view.head, |constraint| constraint.location);
    Some(
        Finding::new(
            &RULE.info,
            location,
            format!("`{}` is granted to jobs of public projects", view.role.name),
        )
        .label("anyone can fork the project and read its logs")
        .help(format!(
            "if the project is private, require that: `{name} == \"private\"`"
        ))
        .witness(witness),
    )
}
