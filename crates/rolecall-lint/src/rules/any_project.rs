//! Roles for every project of a server.

use crate::clause::ClauseView;
use crate::context::RuleContext;
use crate::finding::Finding;
use crate::harm::Harm;
use crate::rule::{Check, Rule};
use crate::rule_info::RuleInfo;
use crate::severity::{Category, Confidence, Persona, Severity};
use crate::tenants::{also_compare, tenants_to_compare, without_tenant};

pub(crate) static RULE: Rule = Rule {
    info: RuleInfo {
        name: "any-project",
        summary: "every project of the server gets the role",
        category: Category::Identity,
        severity: Severity::Medium,
        confidence: Confidence::High,
        persona: Persona::Regular,
        fix: None,
        page: include_str!("../../docs/any-project.md"),
    },
    check: Check::Clause(check),
};

fn check(view: &ClauseView<'_>, context: &mut RuleContext<'_, '_>) -> Option<Finding> {
    // Shared issuers have a rule of their own, and some profiles have no claim for the project.
    if view.tenants().is_empty() || view.is_shared() {
        return None;
    }
    let (witness, label) = without_tenant(view, context)?;
    let severity = Harm::OtherTenants.level(view.is_privileged);
    let url = &view.issuer.issuer.url;
    Some(
        Finding::new(
            &RULE.info,
            view.head,
            format!("`{}` is granted to every project of `{url}`", view.role.name),
        )
        .severity(severity)
        .label(label)
        .wants(view, tenants_to_compare(view))
        .help(also_compare(view))
        .witness(witness),
    )
}
