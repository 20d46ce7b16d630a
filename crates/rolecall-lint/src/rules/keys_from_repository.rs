//! Issuer keys from another source than the issuer.

use crate::context::RuleContext;
use crate::finding::Finding;
use crate::rule::{Check, Rule};
use crate::rule_info::RuleInfo;
use crate::severity::{Category, Confidence, Persona, Severity};
use rolecall_engine::Location;
use rolecall_syntax::ast::{IssuerMember, Item};

pub(crate) static RULE: Rule = Rule {
    info: RuleInfo {
        name: "keys-from-repository",
        summary: "an issuer's keys come from a file or from another host than the issuer's",
        category: Category::Identity,
        severity: Severity::Medium,
        confidence: Confidence::High,
        persona: Persona::Regular,
        fix: None,
        page: include_str!("../../docs/keys-from-repository.md"),
    },
    check: Check::Set(check),
};

fn check(context: &mut RuleContext<'_, '_>) -> Vec<Finding> {
    let program = context.set.program();
    let found = context.trees.items().filter_map(|(file, item)| {
        let Item::Issuer(issuer) = &item.node else {
            return None;
        };
        let trusted = &program[program.issuer(&issuer.name.node)?].issuer;
        let source = trusted.jwks.as_ref()?;
        let member = issuer.members.iter();
        let mut member = member.filter(|member| matches!(member.node, IssuerMember::Jwks(_)));
        let location = member.next().map_or(item.span, |member| member.span);
        let (message, help) = match (host(source), host(&trusted.url)) {
            (None, _) if source.starts_with('/') => return None,
            (None, _) => (
                format!(
                    "the keys of `{}` come from a file next to the policies",
                    trusted.name
                ),
                "anyone who can change the file can sign tokens: remove `jwks`, so that the issuer's own \
                 keys are fetched",
            ),
            (Some(keys), Some(own)) if keys.eq_ignore_ascii_case(own) => return None,
            (Some(keys), _) => (
                format!("the keys of `{}` come from another host, `{keys}`", trusted.name),
                "anyone who controls that host can sign tokens: remove `jwks`, or use a URL of the issuer",
            ),
        };
        Some(Finding::new(&RULE.info, Location::new(file, location), message).help(help))
    });
    found.collect()
}

/// Returns the host and port of a URL, or `None` if it is a file path.
fn host(url: &str) -> Option<&str> {
    let (_, rest) = url.split_once("://")?;
    rest.split(['/', '?', '#']).next()
}
