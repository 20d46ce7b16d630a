//! Resources of configurations: the attributes that the provider gives a resource for those that are written.

use super::configuration::{Configured, without_keys};
use super::instance::Instance;
use super::values::Values;
use super::{aws, google, is_ours};
use crate::document::{Member, Node, Value};
use crate::hcl::{Configuration, Given, Kinds, Place, Resource};
use rolecall_syntax::{Span, Spanned};

/// The meaning of references to resources.
const KINDS: Kinds = Kinds {
    is_read: is_ours,
    attribute,
};

/// The defaults of attributes, by the types of resources. (hashicorp/terraform-provider-vault 5.0.)
const DEFAULTS: &[(&str, &str, Default)] = &[
    ("vault_jwt_auth_backend", "path", Default::Text("jwt")),
    ("vault_jwt_auth_backend_role", "backend", Default::Text("jwt")),
    (
        "vault_jwt_auth_backend_role",
        "disable_bound_claims_parsing",
        Default::False,
    ),
];

/// A default of an attribute.
enum Default {
    False,
    Text(&'static str),
}

/// The attributes that are not texts and not made of texts: Terraform converts values of others.
const OTHER_TYPES: &[&str] = &[
    "assume_role_policy",
    "clock_skew_leeway",
    "disable_bound_claims_parsing",
    "disabled",
    "expiration_leeway",
    "not_before_leeway",
    "policy_data",
    "user_claim_json_pointer",
];

/// Returns the resources of a configuration, in the order of the text. Instances with other keys have the same trust, so
/// that each resource is one.
pub(super) fn instances(text: &str, configuration: &Configuration) -> Vec<Instance<'static>> {
    let resources = configuration.resources(text, &KINDS).into_iter();
    resources.map(instance).collect()
}

fn instance(resource: Resource) -> Instance<'static> {
    let Resource {
        is_data,
        kind,
        name,
        mut values,
    } = resource;
    complete(&kind, &mut values);
    let policy = values.named("assume_role_policy").next();
    let references = policy.and_then(|policy| match &policy.node {
        Value::Unknown(reference) => Some(without_keys(reference)),
        _ => None,
    });
    let attributes = values.as_map().unwrap_or_default().iter();
    let configured = Configured {
        attributes: attributes.map(|member| member.name.node.clone()).collect(),
        policy: Vec::from_iter(references),
    };
    let data = if is_data { "data." } else { "" };
    Instance {
        address: format!("{data}{kind}.{name}"),
        kind,
        is_data,
        values: Values::Tree(values),
        previous: None,
        unknown: None,
        sensitive: None,
        module: None,
        configured: Some(configured),
    }
}

/// Converts the attributes of a resource into their types, and adds those with defaults.
fn complete(kind: &str, values: &mut Node) {
    let start = Span::at(values.span.start);
    let name = google::full_name(kind, values).map(|name| ("name", name));
    let is_given = |name: &str| values.named(name).any(|value| value.node != Value::Null);
    let defaults = DEFAULTS
        .iter()
        .filter(|(of, name, _)| *of == kind && !is_given(name));
    let defaults = defaults.map(|(_, name, value)| match value {
        Default::False => (*name, Spanned::new(Value::Bool(false), start)),
        Default::Text(text) => (*name, Spanned::new(Value::Text((*text).to_owned()), start)),
    });
    let added: Vec<Member> = defaults
        .chain(name)
        .map(|(name, value)| Member {
            name: Spanned::new(name.to_owned(), start),
            value,
        })
        .collect();
    if let Value::Map(members) = &mut values.node {
        members.retain(|member| added.iter().all(|added| added.name.node != member.name.node));
        members.iter_mut().for_each(convert);
        members.extend(added);
    }
}

/// Converts an attribute into texts.
fn convert(member: &mut Member) {
    if !OTHER_TYPES.contains(&member.name.as_str()) {
        into_texts(&mut member.value);
    }
}

fn into_texts(node: &mut Node) {
    match &mut node.node {
        Value::Bool(value) => node.node = Value::Text(value.to_string()),
        Value::Number(number) => node.node = Value::Text(std::mem::take(number)),
        Value::List(elements) => elements.iter_mut().for_each(into_texts),
        Value::Map(members) => members.iter_mut().for_each(convert),
        _ => {}
    }
}

/// Returns the value of an attribute that follows from others of its resource.
fn attribute(kind: &str, attribute: &str, place: Place, given: Given<'_>) -> Option<String> {
    let text = |name: &str| given(name).and_then(|value| value.as_text().map(str::to_owned));
    match (kind, attribute) {
        ("aws_iam_openid_connect_provider", "arn") if place == Place::Provider => {
            Some(aws::provider_arn(&text("url")?))
        }
        ("aws_iam_openid_connect_provider", "url") if place == Place::Host => text("url"),
        ("google_iam_workload_identity_pool", "name") if place == Place::Member => {
            let id = text("workload_identity_pool_id")?;
            Some(google::pool_name(text("project").as_deref(), id))
        }
        ("google_iam_workload_identity_pool", "workload_identity_pool_id") => text(attribute),
        // Its name is not that of a token.
        ("google_service_account", "member") if place == Place::Member => Some("serviceAccount:".to_owned()),
        ("vault_jwt_auth_backend", "path") => match given(attribute) {
            None => Some("jwt".to_owned()),
            Some(_) => text(attribute),
        },
        _ => None,
    }
}
