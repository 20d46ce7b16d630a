//! Roles for strangers with tokens of a shared issuer.

use crate::clause::ClauseView;
use crate::context::RuleContext;
use crate::finding::Finding;
use crate::rule::{Check, Rule};
use crate::rule_info::RuleInfo;
use crate::severity::{Category, Confidence, Persona, Severity};
use crate::tenants::{also_compare, tenants_to_compare, without_tenant};

pub(crate) static RULE: Rule = Rule {
    info: RuleInfo {
        name: "shared-issuer-without-tenant",
        summary: "strangers get tokens of the issuer, and the clause does not restrict the tenant",
        category: Category::Identity,
        severity: Severity::High,
        confidence: Confidence::High,
        persona: Persona::Regular,
        fix: None,
        page: include_str!("../../docs/shared-issuer-without-tenant.md"),
    },
    check: Check::Clause(check),
};

fn check(view: &ClauseView<'_>, context: &mut RuleContext<'_, '_>) -> Option<Finding> {
    if !view.is_shared() {
        return None;
    }
    let (witness, label) = without_tenant(view, context)?;
    let url = &view.issuer.issuer.url;
    let message = format!(
        "`{}` is granted to anyone who can run a job on `{url}`",
        view.role.name
    );
    Some(
        Finding::new(&RULE.info, view.head, message)
            .label(label)
            .wants(view, tenants_to_compare(view))
            .help(also_compare(view))
            .witness(witness),
    )
}
