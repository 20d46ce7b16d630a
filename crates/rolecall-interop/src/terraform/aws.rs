//! Roles and OIDC providers of AWS.

use super::instance::{Attribute, Instance};
use crate::aws::{Reading, RegisteredProvider, Role, account_of, issuer_of, policy};
use crate::document::Members;
use crate::notice::Notice;

/// Returns a role. Without a known name, it is called by its address.
pub(super) fn role(text: &str, instance: &Instance<'_>) -> Role {
    let arn = instance.text("arn");
    // A role that is replaced stays in its account.
    let previous = || {
        let before = Members::of(instance.previous?).ok()?;
        before.text("arn").ok()?
    };
    let known = arn.clone().or_else(previous);
    Role {
        owner: known.as_ref().and_then(|arn| account_of(arn)),
        name: Some(instance.name("name")),
        path: instance.text("path").map(|path| path.node),
        arn: arn.map(|arn| arn.node),
        reading: match instance.attribute("assume_role_policy") {
            Attribute::Known(document) => policy(text, document),
            Attribute::Unknown(notice) => Reading::refused(notice),
            Attribute::Absent => {
                let message = "the role has no trust policy here";
                let help = "set `assume_role_policy`";
                Reading::refused(Notice::refused("no-trust-policy", message, help, instance.span()))
            }
        },
        span: instance.span(),
    }
}

/// Returns a provider, if its URL is known.
pub(super) fn provider(instance: &Instance<'_>) -> Option<RegisteredProvider> {
    let arn = instance.text("arn");
    let audiences = match instance.attribute("client_id_list") {
        Attribute::Known(list) => list.texts().ok(),
        Attribute::Absent | Attribute::Unknown(_) => None,
    };
    Some(RegisteredProvider {
        owner: arn.as_ref().and_then(|arn| account_of(arn)),
        arn: arn.map(|arn| arn.node),
        issuer: issuer_of(&instance.text("url")?).to_owned(),
        audiences,
        span: instance.span(),
    })
}
