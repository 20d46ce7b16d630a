//! Providers of pools and bindings of Google Cloud.
//!
//! The resources have the parts of what `gcloud` prints under other names, and blocks are lists of one.

use super::instance::Instance;
use crate::document::{Member, Node, Value, first_unknown, json_inside};
use crate::google::{Documents, FoundPolicy, Pool, ProviderReading, policy, providers};
use crate::notice::{Notice, Reading};
use rolecall_syntax::{Span, Spanned};

/// The attributes of a provider, with the names that `gcloud` has for them.
const PROVIDER: &[(&str, &str)] = &[
    ("attribute_condition", "attributeCondition"),
    ("attribute_mapping", "attributeMapping"),
    ("aws", "aws"),
    ("disabled", "disabled"),
    ("name", "name"),
    ("oidc", "oidc"),
    ("saml", "saml"),
    ("state", "state"),
    ("x509", "x509"),
];

/// The attributes of the block `oidc`.
const OIDC: &[(&str, &str)] = &[
    ("allowed_audiences", "allowedAudiences"),
    ("issuer_uri", "issuerUri"),
];

/// Returns whether resources of a kind bind members: those of service accounts, projects, buckets and others.
pub(super) fn is_binding(kind: &str) -> bool {
    let ends = ["_iam_binding", "_iam_member", "_iam_policy"];
    kind.starts_with("google_") && ends.iter().any(|end| kind.ends_with(end)) && kind != "google_iam_policy"
}

/// Adds a provider.
pub(super) fn provider(text: &str, instance: &Instance<'_>, documents: &mut Documents) {
    let names: Vec<&str> = PROVIDER
        .iter()
        .map(|(name, _)| *name)
        .filter(|name| *name != "state")
        .collect();
    match instance.whole(&names) {
        Ok(node) => {
            let mut written = renamed(&node, PROVIDER);
            if let Value::Map(members) = &mut written.node {
                for member in members {
                    block(member);
                }
            }
            documents.providers.extend(providers(text, &written));
        }
        Err(notice) => documents.providers.push(ProviderReading {
            pool: None,
            id: instance.name("workload_identity_pool_provider_id"),
            reading: Reading::new(None, vec![notice]),
            span: instance.visible(),
        }),
    }
}

/// Adds a binding, if it has tokens of pools as members.
pub(super) fn binding(text: &str, instance: &Instance<'_>, documents: &mut Documents) {
    let reading = match written(text, instance) {
        Ok(None) => return,
        Ok(Some(document)) => {
            let mut reading = policy(text, &document);
            if let Some(policy) = &mut reading.tree {
                policy.account = account(instance);
            }
            reading
        }
        Err(notice) => Reading::new(None, vec![notice]),
    };
    let span = instance.visible();
    documents.policies.push(FoundPolicy { reading, span });
}

/// Returns the e-mail of the service account that a binding is of: the end of
/// `projects/PROJECT/serviceAccounts/EMAIL`.
fn account(instance: &Instance<'_>) -> Option<String> {
    let account = instance.text("service_account_id")?;
    let email = account.rsplit('/').next()?;
    email.contains('@').then(|| email.to_owned())
}

/// Returns the policy of a binding in the form of `gcloud`, or nothing if no member is a token. Its resource is
/// the address: several bindings can be of one resource and one role.
fn written(text: &str, instance: &Instance<'_>) -> Result<Option<Node>, Notice> {
    let node = instance.whole(&["member", "members", "policy_data"])?;
    let span = node.span;
    let named = |name: &'static str| {
        node.named(name)
            .next_back()
            .filter(|value| value.node != Value::Null)
            .cloned()
    };
    let bindings = match named("policy_data") {
        Some(data) => {
            let data = json_inside(text, data).map_err(|error| {
                let help = "print the policy with `gcloud … get-iam-policy --format=json`";
                Notice::refused("not-a-document", error.message, help, error.span)
            })?;
            let bindings = data.named("bindings").next_back().cloned();
            bindings.unwrap_or_else(|| Spanned::new(Value::List(Vec::new()), data.span))
        }
        None => {
            let one = named("member").map(|member| Spanned::new(Value::List(vec![member]), span));
            let parts = [
                ("role", named("role")),
                ("members", one.or_else(|| named("members"))),
                ("condition", named("condition")),
            ];
            let parts = parts
                .into_iter()
                .filter_map(|(name, value)| Some(member(name, value?)));
            let mut parts: Vec<Member> = parts.collect();
            parts.iter_mut().for_each(block);
            let binding = Spanned::new(Value::Map(parts), span);
            Spanned::new(Value::List(vec![binding]), span)
        }
    };
    if !has_tokens(&bindings) {
        return Ok(None);
    }
    instance.whole(&["condition", "role"])?;
    let address = Spanned::new(Value::Text(instance.address.clone()), Span::at(span.start));
    let members = vec![member("resourceId", address), member("bindings", bindings)];
    Ok(Some(Spanned::new(Value::Map(members), span)))
}

/// Returns the name of a pool. Without a number, its project is not known.
pub(super) fn pool_name(project: Option<&str>, id: String) -> String {
    let number = project.filter(|project| is_number(project));
    let project = number.unwrap_or("unknown").to_owned();
    Pool { project, id }.to_string()
}

/// Returns the name that a provider of a configuration gets, from its other attributes. It is an audience if there is no
/// other one.
pub(super) fn full_name(kind: &str, attributes: &Node) -> Option<Node> {
    if kind != "google_iam_workload_identity_pool_provider" {
        return None;
    }
    let named = |name: &'static str| attributes.named(name).next_back();
    let [pool, id] = ["workload_identity_pool_id", "workload_identity_pool_provider_id"].map(named);
    if let Some(unknown) = [pool, id].into_iter().flatten().find_map(first_unknown) {
        let needed = Value::Unknown(unknown.node.to_owned());
        return Some(Spanned::new(needed, unknown.span));
    }
    let id = id?;
    let project = named("project").and_then(text_of);
    let mut blocks = named("oidc")
        .into_iter()
        .flat_map(|blocks| blocks.as_list().unwrap_or_default());
    let has_audience = blocks.any(|oidc| {
        let audiences = oidc.named("allowed_audiences").next_back();
        audiences
            .and_then(|audiences| audiences.as_list())
            .is_some_and(|list| !list.is_empty())
    });
    if !has_audience && !project.as_deref().is_some_and(is_number) {
        let needed = Value::Unknown("the number of the project".to_owned());
        return Some(Spanned::new(needed, id.span));
    }
    let pool = pool_name(project.as_deref(), pool?.as_text()?.to_owned());
    let name = format!("{pool}/providers/{}", id.as_text()?);
    Some(Spanned::new(Value::Text(name), id.span))
}

fn is_number(project: &str) -> bool {
    !project.is_empty() && project.bytes().all(|byte| byte.is_ascii_digit())
}

fn text_of(node: &Node) -> Option<String> {
    match &node.node {
        Value::Text(text) | Value::Number(text) => Some(text.clone()),
        _ => None,
    }
}

/// Returns whether a binding has a member that is a token of a pool.
fn has_tokens(bindings: &Node) -> bool {
    let bindings = bindings.as_list().unwrap_or_default().iter();
    let members = bindings.flat_map(|binding| binding.named("members"));
    let mut texts = members.flat_map(|members| members.as_list().unwrap_or_default());
    texts.any(|member| {
        member
            .as_text()
            .is_some_and(|member| member.starts_with("principal"))
    })
}

/// Returns a map with some of the members of another one, under other names.
fn renamed(node: &Node, names: &[(&str, &str)]) -> Node {
    let members = node.as_map().unwrap_or_default().iter();
    let known = members.filter_map(|found| {
        let (_, new) = names.iter().find(|(name, _)| found.name.node == *name)?;
        let name = Spanned::new((*new).to_owned(), found.name.span);
        let value = found.value.clone();
        Some(Member { name, value })
    });
    Spanned::new(Value::Map(known.collect()), node.span)
}

/// Replaces a block, which is a list of one, by its content. One that is not given is an empty list.
fn block(member: &mut Member) {
    if !["aws", "condition", "oidc", "saml", "x509"].contains(&member.name.as_str()) {
        return;
    }
    let content = match &member.value.node {
        Value::List(elements) => elements.first().cloned(),
        _ => return,
    };
    let span = member.value.span;
    member.value = match content {
        Some(content) if member.name.node == "oidc" => renamed(&content, OIDC),
        Some(content) => content,
        None => Spanned::new(Value::Null, span),
    };
}

fn member(name: &str, value: Node) -> Member {
    let name = Spanned::new(name.to_owned(), value.span);
    Member { name, value }
}
