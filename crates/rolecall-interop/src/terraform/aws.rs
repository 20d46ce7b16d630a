//! Roles and OIDC providers of AWS.

use super::instance::{Attribute, Instance};
use super::policy_document::Policies;
use crate::aws::{Reading, RegisteredProvider, Role, account_of, issuer_of, policy};
use crate::document::Members;
use crate::notice::Notice;
use rolecall_syntax::{Span, Spanned};

/// Returns a role. Without a known name, it is called by its address.
pub(super) fn role(text: &str, instance: &Instance<'_>, policies: &Policies<'_, '_>) -> Role {
    let arn = instance.text("arn");
    // A role that is replaced stays in its account.
    let previous = || {
        let before = Members::of(instance.previous?).ok()?;
        before.text("arn").ok()?
    };
    let known = arn.clone().or_else(previous);
    let mut role = Role {
        owner: known.as_ref().and_then(|arn| account_of(arn)),
        name: Some(instance.name("name")),
        path: instance.text("path").map(|path| path.node),
        arn: arn.map(|arn| arn.node),
        reading: Reading::refused(no_policy(instance.span())),
        span: instance.span(),
    };
    match instance.attribute("assume_role_policy") {
        Attribute::Absent => {}
        Attribute::Known(document) => role.reading = policy(text, document),
        Attribute::Unknown(notice) => {
            role.reading = match policies.of_role(instance) {
                None => Reading::refused(notice),
                Some(reading) => {
                    // The role is where its policy is: a tree has no part outside of its item.
                    role.span = reading.span;
                    let name = role.name.take();
                    role.name = name.map(|name| Spanned::new(name.node, Span::at(reading.span.start)));
                    reading
                }
            }
        }
    }
    role
}

fn no_policy(role: Span) -> Notice {
    let message = "the role has no trust policy here";
    Notice::refused("no-trust-policy", message, "set `assume_role_policy`", role)
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
