//! Reading of providers.

use super::WORDING;
use super::elements;
use super::expressions::expression;
use crate::document::Node;
use crate::fields::Fields;
use crate::google::member::Pool;
use crate::google::provider::{Attribute, Mapping, Oidc, Provider, ProviderKind, ProviderReading};
use crate::notice::{Notice, Reading, printable};
use rolecall_syntax::{Span, Spanned};

/// The longest condition and the longest mapping, in characters (IAM API v1).
const MAX_CONDITION: usize = 4096;
const MAX_MAPPING: usize = 2048;

/// Reads the providers of a document, whose text is `source`.
pub fn providers(source: &str, root: &Node) -> Vec<ProviderReading> {
    elements(root).iter().map(|node| provider(source, node)).collect()
}

fn provider(source: &str, node: &Node) -> ProviderReading {
    let mut fields = Fields::new(&WORDING, source, node);
    let name = fields.text("name");
    let parts = name.as_ref().and_then(|name| {
        let (pool, rest) = Pool::split(name)?;
        Some((pool, rest.strip_prefix("providers/")?))
    });
    let parts = parts.filter(|(_, id)| !id.is_empty() && !id.contains('/'));
    let (pool, id) = match parts {
        Some((pool, id)) => (Some(pool), id.to_owned()),
        None => (None, String::new()),
    };
    let at = name.as_ref().map_or(Span::at(node.span.start), |name| name.span);
    let provider = match &pool {
        Some(pool) => read(&mut fields, pool, &id),
        None => {
            let message = "the name is not that of a provider";
            let help = "print the provider with `gcloud iam workload-identity-pools providers describe`";
            fields.refuse("not-a-provider", message, help, at);
            None
        }
    };
    ProviderReading {
        pool,
        id: Spanned::new(id, at),
        reading: Reading::new(provider, fields.notices),
        span: node.span,
    }
}

/// Reads a provider. Nothing is returned without a notice.
fn read(fields: &mut Fields<'_>, pool: &Pool, id: &str) -> Option<Provider> {
    let state = fields.text("state");
    let is_deleted = state.as_ref().is_some_and(|state| state.node == "DELETED");
    if let Some(state) = state.filter(|state| !matches!(state.as_str(), "ACTIVE" | "DELETED")) {
        let message = format!(
            "`{}` is not a state of a provider that is documented",
            printable(&state)
        );
        let help = "ask again when the provider is `ACTIVE`";
        fields.refuse("state-not-understood", message, help, state.span);
    }
    let is_disabled = fields.flag("disabled") || is_deleted;
    let kind = kind(fields, pool, id);
    let mappings = mappings(fields);
    let has_subject = mappings
        .iter()
        .any(|mapping| mapping.attribute.node == Attribute::Subject);
    if !has_subject && matches!(kind, Some(ProviderKind::Oidc(_))) {
        let message = "a provider has a mapping for `google.subject`";
        let help = "add `google.subject=assertion.sub` to the attribute mapping";
        fields.refuse("no-subject", message, help, fields.span);
    }
    let condition = fields.text("attributeCondition");
    let condition = condition.and_then(|condition| expression(fields, &condition, MAX_CONDITION));
    Some(Provider {
        kind: kind?,
        is_disabled,
        mappings,
        condition,
        span: fields.span,
    })
}

fn kind(fields: &mut Fields<'_>, pool: &Pool, id: &str) -> Option<ProviderKind> {
    for other in ["aws", "saml", "x509"] {
        if let Some(node) = fields.get(other) {
            return Some(ProviderKind::Other(Spanned::new(other.to_owned(), node.span)));
        }
    }
    let Some(node) = fields.get("oidc") else {
        let message = "the provider has no issuer";
        let help = "print the provider with `gcloud iam workload-identity-pools providers describe`";
        fields.refuse("no-issuer", message, help, fields.span);
        return None;
    };
    let mut oidc = fields.inner(node);
    let issuer = oidc.text("issuerUri");
    if issuer.is_none() {
        let message = "the provider has no `issuerUri`";
        oidc.refuse("no-issuer", message, "add the URL of the issuer", node.span);
    }
    let mut audiences = Vec::new();
    let keys = oidc.get("jwksJson");
    if let Some(keys) = keys {
        let message = "the keys are in the provider, and not those that the issuer publishes".to_owned();
        let help = "remove `jwksJson`, so that the issuer says its keys";
        oidc.notices
            .push(Notice::odd("keys-of-another-host", message, help, keys.span));
    }
    for node in oidc.list("allowedAudiences") {
        audiences.extend(oidc.text_of(node, "allowedAudiences"));
    }
    fields.absorb(oidc);
    Some(ProviderKind::Oidc(Oidc {
        issuer: issuer?,
        audiences,
        default_audience: format!("https://iam.googleapis.com/{pool}/providers/{id}"),
        keys: keys.and_then(|keys| keys.as_text()).map(str::to_owned),
    }))
}

fn mappings(fields: &mut Fields<'_>) -> Vec<Mapping> {
    let mut mappings = Vec::new();
    for member in fields.map("attributeMapping") {
        let attribute = match member.name.as_str() {
            "google.subject" => Attribute::Subject,
            "google.groups" => Attribute::Groups,
            name => match name.strip_prefix("attribute.").filter(|name| !name.is_empty()) {
                Some(name) => Attribute::Custom(name.to_owned()),
                None => {
                    let message = format!("`{}` is not an attribute of a token", printable(name));
                    let help = "write `google.subject`, `google.groups` or `attribute.NAME`";
                    fields.refuse("unknown-attribute", message, help, member.name.span);
                    continue;
                }
            },
        };
        let Some(written) = fields.text_of(&member.value, "attributeMapping") else {
            continue;
        };
        if let Some(value) = expression(fields, &written, MAX_MAPPING) {
            let attribute = Spanned::new(attribute, member.name.span);
            mappings.push(Mapping { attribute, value });
        }
    }
    mappings
}
