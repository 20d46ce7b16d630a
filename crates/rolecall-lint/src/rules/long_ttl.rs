//! Roles whose grants live longer than a job needs them.

use crate::context::RuleContext;
use crate::finding::Finding;
use crate::fix::{Edit, Fix};
use crate::rule::{Check, Rule};
use crate::rule_info::RuleInfo;
use crate::severity::{Category, Confidence, Persona, Safety, Severity};
use crate::trees::has_any_tag;
use rolecall_engine::{FileId, Location};
use rolecall_syntax::Spanned;
use rolecall_syntax::ast::{Duration, Item, Role, RoleMember};

pub(crate) static RULE: Rule = Rule {
    info: RuleInfo {
        name: "long-ttl",
        summary: "the grants of a role live for very long",
        category: Category::Hygiene,
        severity: Severity::Low,
        confidence: Confidence::High,
        persona: Persona::Regular,
        fix: Some(Safety::Unsafe),
        page: include_str!("../../docs/long-ttl.md"),
    },
    check: Check::Set(check),
};

const HOUR: u64 = 60 * 60;
/// The longest session of an AWS role, and the longest access token of Google Cloud.
const LONGEST: (u64, &str) = (12 * HOUR, "12h");
/// The default of both.
const USUAL: (u64, &str) = (HOUR, "1h");

fn check(context: &mut RuleContext<'_, '_>) -> Vec<Finding> {
    let found = context.trees.items().filter_map(|(file, item)| match &item.node {
        Item::Role(role) => Some((file, role)),
        _ => None,
    });
    found
        .flat_map(|(file, role)| of_role(file, role, context))
        .collect()
}

fn of_role(file: FileId, role: &Role, context: &RuleContext<'_, '_>) -> Vec<Finding> {
    let is_privileged = has_any_tag(role, &context.settings.privileged_tags);
    let (most, written) = if is_privileged { USUAL } else { LONGEST };
    let ttls = role.members.iter().filter_map(|member| match &member.node {
        RoleMember::Ttl(ttl) if ttl.node.seconds() > most => Some(ttl),
        _ => None,
    });
    let finding = |ttl: &Spanned<Duration>| {
        let severity = if ttl.node.seconds() > LONGEST.0 {
            Severity::Medium
        } else {
            Severity::Low
        };
        let location = Location::new(file, ttl.span);
        let privileged = if is_privileged { "privileged role " } else { "" };
        let message = format!(
            "the grants of {privileged}`{}` can be used for {}",
            role.name.node,
            context.text(location)
        );
        let edit = Edit::new(location, written);
        Finding::new(&RULE.info, location, message)
            .severity(severity)
            .help(format!(
                "write at most `{written}`: a longer job can request a new token"
            ))
            .fix(Fix::new(Safety::Unsafe, format!("write `{written}`"), vec![edit]))
    };
    ttls.map(finding).collect()
}
