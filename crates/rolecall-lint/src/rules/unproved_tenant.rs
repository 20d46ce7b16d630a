//! Clauses whose tenants the analysis cannot decide.

use crate::clause::ClauseView;
use crate::context::RuleContext;
use crate::finding::Finding;
use crate::openness::Reason;
use crate::rule::{Check, Rule};
use crate::rule_info::RuleInfo;
use crate::severity::{Category, Confidence, Persona, Severity};
use crate::tenants::openness;

pub(crate) static RULE: Rule = Rule {
    info: RuleInfo {
        name: "unproved-tenant",
        summary: "the analysis cannot decide whether tenants that the clause does not name get the role",
        category: Category::Identity,
        severity: Severity::Medium,
        confidence: Confidence::Medium,
        persona: Persona::Regular,
        fix: None,
        page: include_str!("../../docs/unproved-tenant.md"),
    },
    check: Check::Clause(check),
};

fn check(view: &ClauseView<'_>, context: &mut RuleContext<'_, '_>) -> Option<Finding> {
    let open = openness(view, context)?;
    let message = format!(
        "it is not proved that only the tenants of the condition get `{}`",
        view.role.name
    );
    (open.reason == Reason::Undecided).then(|| {
        Finding::new(&RULE.info, view.head, message)
            .label("too complex to decide")
            .help("also compare the project or its owner with a value: `project_id == \"…\"`")
    })
}
