//! Roles of Vault's JWT auth method. Each has one way to get it, for the tokens of its mount's issuer.

mod bound;
mod mounts;

pub(super) use mounts::Mounts;

use super::Fact;
use super::condition::{all, any, compare, constant, text};
use super::draft::{Draft, DraftClause};
use super::names::of_role;
use super::resource::Resource;
use super::shared::{Place, Shared};
use crate::notice::{Notice, printable};
use crate::target::Target;
use crate::vault::{Documents, FoundRole, Role};
use bound::Bound;
use rolecall_syntax::ast::{Expr, ExprAt, Operator};
use rolecall_syntax::{Span, Spanned};
use std::collections::BTreeSet;

/// Translates the roles of a document.
pub(super) fn roles(
    documents: &Documents,
    mounts: &Mounts,
    place: Place<'_>,
    shared: &mut Shared<'_, '_>,
) -> Vec<Draft> {
    let roles = documents.roles.iter();
    roles.map(|found| role(found, mounts, place, shared)).collect()
}

fn role(found: &FoundRole, mounts: &Mounts, place: Place<'_>, shared: &mut Shared<'_, '_>) -> Draft {
    let mut notices = found.reading.notices.clone();
    let mut clauses = Vec::new();
    let mut beside = BTreeSet::new();
    if let Some(tree) = &found.reading.tree {
        let policies = tree.policies.iter().map(|policy| format!("policy {}", **policy));
        beside.extend(policies.map(Fact::Gives));
        let keys = mounts.keys(found.mount.as_deref());
        beside.extend(keys.map(|keys| Fact::Keys(keys.to_owned())));
        if !tree.is_for_browsers {
            match clause(found, tree, mounts, shared, &mut notices) {
                Ok(clause) => clauses.push(clause),
                Err(notice) => notices.push(notice),
            }
        }
    }
    let written = found.name.as_ref();
    let name = written.map(|name| name.node.as_str());
    let own = of_role("vault", found.mount.as_deref(), name, place.file);
    let at = written.map_or(Span::at(found.span.start), |name| name.span);
    Draft {
        resource: Some(resource(found, place)),
        beside,
        name: Spanned::new(own, at),
        file: place.number,
        span: found.span,
        clauses,
        notices,
    }
}

/// Returns the resource of a role: `[NAMESPACE/]auth/MOUNT:ROLE`, or what the document says of it.
fn resource(found: &FoundRole, place: Place<'_>) -> Resource {
    match (&found.mount, &found.name) {
        (Some(mount), Some(name)) => {
            let namespace = found.namespace.as_ref();
            let namespace = namespace.map_or_else(String::new, |namespace| format!("{namespace}/"));
            let path = mount.strip_prefix(&namespace).unwrap_or(mount);
            Resource::whole(Target::Vault, format!("{namespace}auth/{path}:{}", name.node))
        }
        (None, Some(name)) => Resource::end(Target::Vault, name.node.as_str()),
        (_, None) => Resource::of_file(Target::Vault, place.file),
    }
}

fn clause(
    found: &FoundRole,
    role: &Role,
    mounts: &Mounts,
    shared: &mut Shared<'_, '_>,
    notices: &mut Vec<Notice>,
) -> Result<DraftClause, Notice> {
    let span = role.span;
    let issuer = mounts.issuer(found.mount.as_deref(), span)?;
    let host = issuer.url.strip_prefix("https://").unwrap_or_default();
    let audiences: Vec<String> = role
        .audiences
        .iter()
        .map(|audience| audience.node.clone())
        .collect();
    let profile = shared.issuers.add(host, &audiences);
    let profile = profile.ok_or_else(|| not_an_issuer(&issuer.url, span))?;
    if issuer.has_other_keys {
        let message = format!(
            "the keys of the mount are not on the host of its issuer: {}",
            printable(&issuer.keys)
        );
        let help = "write `oidc_discovery_url`, so that the issuer says its keys";
        notices.push(Notice::odd("keys-of-another-host", message, help, span));
    }
    let mut parts = Vec::new();
    if !issuer.is_possible || audiences.is_empty() {
        parts.push(constant(false, span));
    }
    if let Some(subject) = &role.subject {
        let path = ["sub".to_owned()];
        let operand = text(subject, subject.span);
        parts.push(compare(&path, Operator::Equal, operand, subject.span));
    }
    let mut bound = Bound {
        profile: &profile,
        issuer: &issuer.url,
        audiences: &audiences,
        notices,
    };
    for claim in &role.claims {
        parts.push(bound.claim(claim)?);
    }
    parts.push(bound.user(&role.user_claim)?);
    if let Some(groups) = &role.groups_claim {
        parts.push(bound.groups(groups)?);
    }
    for mapping in &role.mappings {
        parts.push(bound.mapped(&mapping.claim)?);
    }
    parts.extend(addresses(&role.cidrs));
    Ok(DraftClause {
        // The members of a clause have the order of the text, and the issuer is in another document.
        issuer: Spanned::new(host.to_owned(), Span::at(span.start)),
        when: all(parts, span),
        audiences,
        span,
    })
}

/// Returns the condition that the caller has one of some addresses, which no token decides.
fn addresses(cidrs: &[Spanned<String>]) -> Option<ExprAt> {
    let (first, last) = (cidrs.first()?, cidrs.last()?);
    let span = first.span.to(last.span);
    let mut texts: Vec<&str> = cidrs.iter().map(|cidr| cidr.node.as_str()).collect();
    texts.sort_unstable();
    texts.dedup();
    let one = |cidr: &str| Spanned::new(Expr::External(format!("vault: the address is in {cidr}")), span);
    Some(any(texts.into_iter().map(one), span))
}

fn not_an_issuer(url: &str, span: Span) -> Notice {
    let message = format!(
        "the mount takes tokens of `{}`, which is not the URL of an issuer",
        printable(url)
    );
    let help = "write `bound_issuer` as the tokens have it in `iss`, with `https://`";
    Notice::refused("issuer-not-understood", message, help, span)
}
