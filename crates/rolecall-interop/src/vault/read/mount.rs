//! Reading of the configuration of a mount.

use super::WORDING;
use super::data;
use crate::document::Node;
use crate::fields::Fields;
use crate::notice::{Reading, printable};
use crate::vault::mount::{Keys, Mount};

/// Reads the configuration of a mount, as the command line prints it or on its own.
pub fn mount(root: &Node) -> Reading<Mount> {
    let mut fields = Fields::new(&WORDING, "", data(root));
    let mount = read(&mut fields);
    Reading::new(mount, fields.notices)
}

/// Reads the configuration. Nothing is returned without a notice.
fn read(fields: &mut Fields<'_>) -> Option<Mount> {
    if let Some(provider) = fields.map("provider_config").first() {
        let message = "a provider can add groups to the claims of a token".to_owned();
        let help = "leave the roles of this mount out";
        fields.refuse("provider-config", message, help, provider.name.span);
    }
    let keys = keys(fields);
    let issuer = fields.text("bound_issuer");
    match (&keys, &issuer) {
        (Some(Keys::Discovery(url)), Some(issuer)) if url.node != issuer.node => {
            let message = format!(
                "the tokens of `{}` do not name `{}` as their issuer",
                printable(url),
                printable(issuer)
            );
            fields.report(
                "never-matches",
                message,
                "write the discovery URL as `bound_issuer`",
                issuer.span,
            );
        }
        (Some(Keys::Url(url)), None) => {
            let message = "without `bound_issuer`, each token that these keys sign is taken".to_owned();
            fields.report("issuer-not-checked", message, "add `bound_issuer`", url.span);
        }
        _ => {}
    }
    Some(Mount {
        keys: keys?,
        issuer,
        default_role: fields.text("default_role"),
        span: fields.span,
    })
}

/// Reads the source of the keys, of which Vault takes exactly one.
fn keys(fields: &mut Fields<'_>) -> Option<Keys> {
    let inline = fields
        .get("jwt_validation_pubkeys")
        .filter(|keys| keys.as_list().is_some_and(|keys| !keys.is_empty()));
    let pairs = fields
        .get("jwks_pairs")
        .and_then(|pairs| pairs.as_list())
        .unwrap_or_default();
    let mut urls = Vec::new();
    for pair in pairs {
        match pair.named("jwks_url").next_back() {
            Some(url) => urls.extend(fields.text_of(url, "jwks_url")),
            None => fields.refuse(
                "no-key-source",
                "`jwks_pairs` has no `jwks_url` here".to_owned(),
                "add it",
                pair.span,
            ),
        }
    }
    let sources = [
        fields.text("oidc_discovery_url").map(Keys::Discovery),
        fields.text("jwks_url").map(Keys::Url),
        (!urls.is_empty()).then_some(Keys::Urls(urls)),
        inline.map(|keys| Keys::Inline(keys.span)),
    ];
    let mut sources = sources.into_iter().flatten();
    let source = sources.next();
    if source.is_none() || sources.next().is_some() {
        let message = "Vault takes exactly one source of keys".to_owned();
        let help = "write one of `oidc_discovery_url`, `jwks_url`, `jwks_pairs` and `jwt_validation_pubkeys`";
        fields.refuse("no-key-source", message, help, fields.span);
    }
    source
}
