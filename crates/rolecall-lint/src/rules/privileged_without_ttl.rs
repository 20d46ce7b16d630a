//! What a privileged role grants lives as long as the service likes.

use crate::finding::{Edit, Finding, Fix, Safety};
use crate::linting::Linting;
use crate::rule::{Category, Check, Confidence, Persona, Rule, Severity};
use crate::rules::role_without_description::is_privileged;
use rolecall_engine::Location;
use rolecall_syntax::Span;
use rolecall_syntax::ast::{Item, RoleMember};

pub(crate) static RULE: Rule = Rule {
    name: "privileged-without-ttl",
    summary: "a privileged role does not say how long it lasts",
    category: Category::Hygiene,
    severity: Severity::Low,
    confidence: Confidence::High,
    persona: Persona::Regular,
    fix: Some(Safety::Unsafe),
    page: include_str!("../../docs/privileged-without-ttl.md"),
    check: Check::Set(check),
};

/// The default of an AWS session, and of an access token of Google Cloud.
const USUAL: &str = "1h";

fn check(linting: &mut Linting<'_, '_>) {
    let trees = linting.trees;
    for (file, item) in trees.items() {
        let Item::Role(role) = &item.node else { continue };
        let mut ttls = role.members.iter().map(|member| &member.node);
        if !is_privileged(role, &linting.settings.privileged_tags)
            || ttls.any(|member| matches!(member, RoleMember::Ttl(_)))
        {
            continue;
        }
        let tags = role
            .members
            .iter()
            .find(|member| matches!(member.node, RoleMember::Tags(_)));
        let fix = tags.map(|tags| {
            let after = Location::new(file, Span::at(tags.span.end));
            let edit = Edit::new(after, format!("\n  ttl {USUAL}"));
            Fix::new(Safety::Unsafe, format!("write `ttl {USUAL}`"), vec![edit])
        });
        let location = Location::new(file, Span::new(item.span.start, role.name.span.end));
        let message = format!(
            "`{}` is privileged and does not say how long it lasts",
            role.name.node
        );
        linting.report(
            Finding::new(&RULE, location, message)
                .help("write a `ttl`, as long as the job needs it: `ttl 15m`")
                .fix(fix),
        );
    }
}
