//! Reading of the issuer of an authenticator, and of its audiences.

use super::Seen;
use super::fields::object;
use crate::fields::Fields;
use crate::notice::printable;
use rolecall_syntax::Spanned;
use std::collections::HashSet;

const KNOWN: &[&str] = &[
    "audienceMatchPolicy",
    "audiences",
    "certificateAuthority",
    "discoveryURL",
    "egressSelectorType",
    "url",
];

/// The URL and the audiences. Either is absent only with a notice.
pub(super) type Issuer = (Option<Spanned<String>>, Vec<Spanned<String>>);

/// Reads the member `issuer`.
pub(super) fn issuer(fields: &mut Fields<'_>, seen: &mut Seen) -> Issuer {
    let Some(mut inner) = object(fields, "issuer", KNOWN) else {
        fields.invalid("an authenticator has an issuer", "add `issuer`", fields.span);
        return (None, Vec::new());
    };
    let url = inner.text("url");
    match &url {
        Some(url) => {
            check(&mut inner, url);
            if !seen.issuers.insert(url.node.clone()) {
                let message = format!("another authenticator has the issuer `{}`", printable(url));
                inner.invalid(message, "join them, with all audiences", url.span);
            }
        }
        None => inner.invalid("an issuer has a `url`", "add `url: https://…`", inner.span),
    }
    if let Some(discovery) = inner.text("discoveryURL") {
        check(&mut inner, &discovery);
        let is_same = url
            .as_ref()
            .is_some_and(|url| url.trim_end_matches('/') == discovery.trim_end_matches('/'));
        if is_same || !seen.discovery_urls.insert(discovery.node.clone()) {
            let message = "`discoveryURL` differs from `url`, and from those of other authenticators";
            inner.invalid(message, "remove it", discovery.span);
        }
    }
    if let Some(egress) = inner.text("egressSelectorType")
        && !["cluster", "controlplane"].contains(&egress.as_str())
    {
        let message = "`egressSelectorType` is `cluster` or `controlplane`";
        inner.invalid(message, "write one of them", egress.span);
    }
    inner.text("certificateAuthority");
    let audiences = audiences(&mut inner);
    fields.absorb(inner);
    (url, audiences)
}

fn audiences(inner: &mut Fields<'_>) -> Vec<Spanned<String>> {
    let (mut audiences, mut seen) = (Vec::new(), HashSet::new());
    for node in inner.list("audiences") {
        let Some(audience) = inner.text_of(node, "audiences") else {
            continue;
        };
        if audience.is_empty() || !seen.insert(audience.node.clone()) {
            let message = "an audience is not empty, and given once";
            inner.invalid(message, "remove it", audience.span);
        }
        audiences.push(audience);
    }
    if audiences.is_empty() {
        let message = "an issuer has audiences";
        inner.invalid(message, "add `audiences: [NAME]`", inner.span);
    }
    match inner.text("audienceMatchPolicy") {
        Some(policy) if policy.node != "MatchAny" => {
            let message = format!("`{}` is not an `audienceMatchPolicy`", printable(&policy));
            inner.invalid(message, "write `MatchAny`", policy.span);
        }
        None if audiences.len() > 1 => {
            let message = "several audiences need `audienceMatchPolicy`";
            inner.invalid(message, "add `audienceMatchPolicy: MatchAny`", inner.span);
        }
        _ => {}
    }
    audiences
}

/// Refuses a text that is not the URL of an issuer.
fn check(fields: &mut Fields<'_>, url: &Spanned<String>) {
    let rest = url.strip_prefix("https://").unwrap_or_default();
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    if authority.is_empty() || authority.contains('@') || rest.contains(['?', '#']) {
        let message = format!("the API server refuses the URL `{}`", printable(url));
        let help = "write a URL with `https://`, and without a user, a query and a fragment";
        fields.invalid(message, help, url.span);
    }
}
