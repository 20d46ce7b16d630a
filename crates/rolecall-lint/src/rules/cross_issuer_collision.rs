//! Project names that are trusted from two issuers.

use crate::clause::ClauseView;
use crate::collision::{Collision, collision};
use crate::context::RuleContext;
use crate::finding::Finding;
use crate::harm::Harm;
use crate::rule::{Check, Rule};
use crate::rule_info::RuleInfo;
use crate::severity::{Category, Confidence, Persona, Severity};

pub(crate) static RULE: Rule = Rule {
    info: RuleInfo {
        name: "cross-issuer-collision",
        summary: "a name is trusted from two issuers, and may have another owner at one of them",
        category: Category::Identity,
        severity: Severity::Medium,
        confidence: Confidence::High,
        persona: Persona::Regular,
        fix: None,
        page: include_str!("../../docs/cross-issuer-collision.md"),
    },
    check: Check::Clause(check),
};

fn check(view: &ClauseView<'_>, context: &mut RuleContext<'_, '_>) -> Option<Finding> {
    let Collision {
        location,
        name,
        other,
        witness,
    } = collision(view, context)?;
    let severity = Harm::OtherTenants.level(view.is_privileged);
    let url = &view.issuer.issuer.url;
    Some(
        Finding::new(
            &RULE.info,
            location,
            format!("`{name}` on `{url}` may have another owner"),
        )
        .severity(severity)
        .label("the same name at two issuers")
        .help("also compare the id that the project has at this issuer")
        .note(other, "the same name from another issuer")
        .witness(witness),
    )
}
