//! Roles and OIDC providers of AWS.

mod provider;

use super::instance::{Attribute, Instance, needs};
use super::policy_document::{self, Policies};
use super::values::Values;
use crate::aws::{
    Reading, RegisteredProvider, Role, account_of, issuer_of, may_be_for_tokens, not_for_tokens, policy,
    trust,
};
use crate::document::{Members, Node, first_unknown};
use crate::notice::{Notice, printable};
use rolecall_syntax::{Span, Spanned};

/// The attribute with the trust policy of a role.
const POLICY: &str = "assume_role_policy";

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
    match instance.attribute(POLICY) {
        Attribute::Absent => {}
        Attribute::Known(document) => role.reading = policy(text, Ok(document)),
        Attribute::Unknown(notice) => role.reading = incomplete(instance, policies, notice),
    }
    let place = role.reading.span;
    if role.reading.trust.is_some() && role.span.to(place) != role.span {
        // The role is where its policy is: a tree has no part outside of its item.
        role.span = place;
        let name = role.name.take();
        role.name = name.map(|name| Spanned::new(name.node, Span::at(place.start)));
    }
    role
}

/// Reads a policy that is not known as a whole: from the document that the role names, or from its own parts.
fn incomplete(instance: &Instance<'_>, policies: &Policies<'_, '_>, notice: Notice) -> Reading {
    let named = policies.of_role(instance);
    let mut notices = Vec::new();
    let found = match named {
        Some(document) => policy_document::policy(document, &mut notices),
        // A policy with a value that is not in the configuration has others that are.
        None if notice.needs.is_some() => instance.values.get(POLICY).ok().and_then(|(value, _)| value),
        None => None,
    };
    let Some(mut policy) = found else {
        return Reading::refused(notice);
    };
    let is_filled = provider::fill(&mut policy);
    match first_unknown(&policy) {
        None => {}
        Some(_) if !may_be_for_tokens(&policy) => return not_for_tokens(&policy),
        Some(unknown) => {
            return Reading::refused(match &instance.values {
                Values::Raw(_) => notice,
                Values::Tree(_) => needs(POLICY, &unknown),
            });
        }
    }
    let mut reading = trust(&policy);
    reading.notices.append(&mut notices);
    if is_filled {
        let address = printable(&named.unwrap_or(instance).address);
        let message = format!(
            "the provider is not known: the policy of `{address}` is read for the issuer of its condition keys"
        );
        let help = "apply the plan and check the state";
        let notice = Notice::wider("policy-from-document", message, help, policy.span);
        reading.notices.push(notice);
    }
    reading
}

fn no_policy(role: Span) -> Notice {
    let message = "the role has no trust policy here";
    Notice::refused("no-trust-policy", message, "set `assume_role_policy`", role)
}

/// Returns the ARN of the provider with a URL, in an account that is not known.
pub(super) fn provider_arn(url: &str) -> String {
    provider::arn(issuer_of(url))
}

/// Returns a provider, if its URL is known.
pub(super) fn provider(instance: &Instance<'_>) -> Option<RegisteredProvider> {
    let arn = instance.text("arn");
    let audiences = match instance.attribute("client_id_list") {
        Attribute::Known(list) => texts(&list),
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

/// Returns the texts among the elements of a list.
fn texts(list: &Node) -> Option<Vec<Spanned<String>>> {
    let elements = list.as_list()?.iter();
    let text = |element: &Node| Some(Spanned::new(element.as_text()?.to_owned(), element.span));
    Some(elements.filter_map(text).collect())
}
