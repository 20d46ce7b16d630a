//! Tokens that a provider takes.

use super::mapping::{Needed, needed, subject};
use super::names::scope;
use crate::google::{Oidc, Provider, ProviderKind, ProviderReading};
use crate::notice::{Notice, NoticeKind, printable};
use crate::translation::cel::{Scope, joined, report, shallow};
use crate::translation::condition::{constant, demands, has};
use crate::translation::shared::Shared;
use rolecall_engine::ir::Profile;
use rolecall_syntax::Span;
use rolecall_syntax::ast::ExprAt;
use std::sync::Arc;

/// The tokens that a provider takes, and their attributes.
#[derive(Debug)]
pub(super) struct Tokens {
    pub(super) provider: Provider,
    pub(super) profile: Arc<Profile>,
    /// The issuer's URL without `https://`.
    pub(super) issuer: String,
    pub(super) issuer_span: Span,
    pub(super) audiences: Vec<String>,
    /// The condition of the provider.
    pub(super) when: ExprAt,
    /// The name of the condition, unless it always holds.
    pub(super) condition: Option<String>,
    /// The claims that the condition demands, but Google perhaps not.
    needed: Vec<Needed>,
}

/// Returns the tokens of a provider, or nothing if its credentials are not ID tokens.
///
/// # Errors
/// The first notice that refuses the provider.
pub(super) fn tokens(
    found: &ProviderReading,
    notices: &mut Vec<Notice>,
    shared: &mut Shared<'_, '_>,
) -> Result<Option<Tokens>, Notice> {
    let Some(provider) = &found.reading.tree else {
        let mut refusals = notices.iter().filter(|notice| notice.kind == NoticeKind::Refused);
        let refusal = refusals.next().cloned();
        return Err(refusal.unwrap_or_else(|| not_translated(found.span)));
    };
    let oidc = match &provider.kind {
        ProviderKind::Oidc(oidc) => oidc,
        ProviderKind::Other(_) => return Ok(None),
    };
    let host = host(oidc)?;
    let audiences: Vec<String> = match oidc.audiences.is_empty() {
        true => vec![oidc.default_audience.clone()],
        false => oidc
            .audiences
            .iter()
            .map(|audience| audience.node.clone())
            .collect(),
    };
    let profile = shared.issuers.add(&host, &audiences);
    let profile = profile.ok_or_else(|| not_an_issuer(oidc))?;
    shared
        .granted
        .insert("no `google.subject` has more than 127 bytes, which Google refuses");
    let scope = scope(provider, &profile, &oidc.issuer);
    let (when, needed) = when(&scope, provider, notices)?;
    report_open(&scope, provider, oidc, notices);
    let always = constant(true, when.span);
    let pool = found.pool.as_ref().map_or("", |pool| pool.id.as_str());
    let project = found.pool.as_ref().map_or("", |pool| pool.project.as_str());
    Ok(Some(Tokens {
        provider: provider.clone(),
        issuer: host,
        issuer_span: oidc.issuer.span,
        audiences,
        condition: (when != always).then(|| format!("gcp:{project}/{pool}/{}", found.id.node)),
        when,
        needed,
        profile,
    }))
}

/// Returns the condition under which the provider takes a token.
fn when(
    scope: &Scope<'_>,
    provider: &Provider,
    notices: &mut Vec<Notice>,
) -> Result<(ExprAt, Vec<Needed>), Notice> {
    let span = provider
        .condition
        .as_ref()
        .map_or(provider.span, |condition| condition.span);
    if provider.is_disabled {
        let message = "the provider is disabled or deleted, so no token gets in";
        let help = "enable it, or delete its bindings";
        notices.push(Notice::odd("never-matches", message, help, span));
        return Ok((constant(false, span), Vec::new()));
    }
    let own = provider.condition.as_ref();
    if let Some(own) = own {
        report(scope, own, notices);
    }
    let own = own.map(|condition| scope.condition(condition, span).holds);
    let own = joined(
        [subject(scope, provider, span)].into_iter().chain(own).collect(),
        span,
        true,
    )?;
    let needed = needed(scope, provider, &own)?;
    let present = needed.iter().map(|needed| Ok(has(&needed.path, span)));
    let whole = joined([Ok(own)].into_iter().chain(present).collect(), span, true)?;
    Ok((shallow(whole, span)?, needed))
}

/// Reports a provider that takes each token of an issuer of many.
fn report_open(scope: &Scope<'_>, provider: &Provider, oidc: &Oidc, notices: &mut Vec<Notice>) {
    let is_shared = scope.profile.shared.contains(&oidc.issuer.node);
    if is_shared && provider.condition.is_none() {
        let message = format!(
            "`{}` also issues tokens to others, and without a condition the pool takes them",
            printable(&oidc.issuer)
        );
        let help = "add `attributeCondition`, such as `assertion.repository_owner_id == '…'`";
        notices.push(Notice::odd("no-condition", message, help, oidc.issuer.span));
    }
}

impl Tokens {
    /// Returns the notices that a role is narrower, of claims that its own condition does not demand.
    pub(super) fn narrower(&self, own: &ExprAt, span: Span) -> impl Iterator<Item = Notice> {
        let needed = self.needed.iter().filter(|needed| !demands(own, &needed.path));
        needed.map(move |needed| needed.notice(span))
    }
}

/// Returns the issuer without `https://`.
fn host(oidc: &Oidc) -> Result<String, Notice> {
    let issuer = oidc.issuer.as_str();
    // Google does not say whether it compares such a URL as written.
    let is_plain = !issuer.ends_with('/') && !issuer.bytes().any(|byte| byte.is_ascii_uppercase());
    let host = issuer.strip_prefix("https://").filter(|_| is_plain);
    host.map(str::to_owned).ok_or_else(|| not_an_issuer(oidc))
}

fn not_an_issuer(oidc: &Oidc) -> Notice {
    let message = format!("`{}` is not the URL of an issuer", printable(&oidc.issuer));
    let help = "write it as the tokens have it in `iss`, with `https://`, in small letters and without `/` at the end";
    Notice::refused("issuer-not-understood", message, help, oidc.issuer.span)
}

fn not_translated(span: Span) -> Notice {
    let message = "the provider is not understood";
    let help = "print it with `gcloud iam workload-identity-pools providers describe --format=json`";
    Notice::refused("not-a-provider", message, help, span)
}
