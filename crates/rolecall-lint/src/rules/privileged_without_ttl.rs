//! Privileged roles without a lifetime.

use crate::context::RuleContext;
use crate::finding::Finding;
use crate::fix::{Edit, Fix};
use crate::rule::{Check, Rule};
use crate::rule_info::RuleInfo;
use crate::severity::{Category, Confidence, Persona, Safety, Severity};
use crate::trees::has_any_tag;
use rolecall_engine::Location;
use rolecall_syntax::Span;
use rolecall_syntax::ast::{Item, RoleMember};

pub(crate) static RULE: Rule = Rule {
    info: RuleInfo {
        name: "privileged-without-ttl",
        summary: "a privileged role has no `ttl`",
        category: Category::Hygiene,
        severity: Severity::Low,
        confidence: Confidence::High,
        persona: Persona::Regular,
        fix: Some(Safety::Unsafe),
        page: include_str!("../../docs/privileged-without-ttl.md"),
    },
    check: Check::Set(check),
};

/// The default of an AWS session, and of an access token of Google Cloud.
const USUAL: &str = "1h";

fn check(context: &mut RuleContext<'_, '_>) -> Vec<Finding> {
    let trees = context.trees;
    let found = trees.items().filter_map(|(file, item)| {
        let Item::Role(role) = &item.node else { return None };
        let mut ttls = role.members.iter().map(|member| &member.node);
        if !has_any_tag(role, &context.settings.privileged_tags)
            || ttls.any(|member| matches!(member, RoleMember::Ttl(_)))
        {
            return None;
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
        let message = format!("the privileged role `{}` has no `ttl`", role.name.node);
        Some(
            Finding::new(&RULE.info, location, message)
                .help("set a `ttl` for the duration of the job, such as `ttl 15m`")
                .fix(fix),
        )
    });
    found.collect()
}
