//! Keys of an issuer that do not come from the issuer.

use crate::finding::Finding;
use crate::linting::Linting;
use crate::rule::{Category, Check, Confidence, Persona, Rule, Severity};
use rolecall_engine::Location;
use rolecall_syntax::ast::{IssuerMember, Item};

pub(crate) static RULE: Rule = Rule {
    name: "keys-from-repository",
    summary: "an issuer's keys come from a file beside the policies, or from another host than the issuer's",
    category: Category::Identity,
    severity: Severity::Medium,
    confidence: Confidence::High,
    persona: Persona::Regular,
    fix: None,
    page: include_str!("../../docs/keys-from-repository.md"),
    check: Check::Set(check),
};

fn check(linting: &mut Linting<'_, '_>) {
    let program = linting.set.program();
    for (file, item) in linting.trees.items() {
        let Item::Issuer(issuer) = &item.node else {
            continue;
        };
        let mut trusted = program.issuers.iter().map(|trusted| &trusted.issuer);
        let Some(trusted) = trusted.find(|trusted| trusted.name == issuer.name.node) else {
            continue;
        };
        let Some(source) = &trusted.jwks else {
            continue;
        };
        let member = issuer.members.iter();
        let mut member = member.filter(|member| matches!(member.node, IssuerMember::Jwks(_)));
        let location = member.next().map_or(item.span, |member| member.span);
        let (message, help) = match (host(source), host(&trusted.url)) {
            (None, _) if source.starts_with('/') => continue,
            (None, _) => (
                format!(
                    "the keys of `{}` are a file that is reviewed like a policy",
                    trusted.name
                ),
                "whoever can change the file can sign tokens: leave `jwks` out, so that the issuer's own keys are read",
            ),
            (Some(keys), Some(own)) if keys.eq_ignore_ascii_case(own) => continue,
            (Some(keys), _) => (
                format!(
                    "the keys of `{}` come from `{keys}`, which is another host",
                    trusted.name
                ),
                "whoever controls that host can sign tokens: leave `jwks` out, or name an address of the issuer",
            ),
        };
        linting.report(Finding::new(&RULE, Location::new(file, location), message).help(help));
    }
}

/// The host and port of a URL, or `None` if it is the path of a file.
fn host(url: &str) -> Option<&str> {
    let (_, rest) = url.split_once("://")?;
    rest.split(['/', '?', '#']).next()
}
