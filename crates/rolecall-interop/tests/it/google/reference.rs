//! Reference evaluator of providers and bindings over plain JSON, as the documentation of Google Cloud says.

use super::cel::{Open, evaluate};
use serde_json::{Map, Value as Json, json};

/// Returns whether a token gets a role of an allow policy. The condition of the binding holds.
pub(crate) fn admits(policy: &Json, role: &str, providers: &[Json], token: &Json, open: Open) -> bool {
    let bindings = policy["bindings"].as_array().unwrap().iter();
    let mut members = bindings
        .filter(|binding| binding["role"] == role)
        .flat_map(|binding| binding["members"].as_array().unwrap());
    members.any(|member| {
        let member = member.as_str().unwrap();
        providers
            .iter()
            .any(|provider| is_member(member, provider, token, open))
    })
}

/// Returns whether a token is a member by a provider.
fn is_member(member: &str, provider: &Json, token: &Json, open: Open) -> bool {
    let name = provider["name"].as_str().unwrap();
    let (pool, _) = name.split_once("/providers/").unwrap();
    let attributes = match attributes(provider, token, open) {
        Some(attributes) => attributes,
        None => return false,
    };
    let selection = ["principal", "principalSet"].into_iter().find_map(|kind| {
        let start = format!("{kind}://iam.googleapis.com/{pool}/");
        member.strip_prefix(&start)
    });
    let Some(selection) = selection else {
        return false;
    };
    match selection.split_once('/') {
        None => selection == "*",
        Some(("subject", value)) => attributes["google"]["subject"] == json!(value),
        Some(("group", value)) => {
            let groups = attributes["google"].get("groups").and_then(Json::as_array);
            groups.is_some_and(|groups| groups.contains(&json!(value)))
        }
        Some((attribute, value)) => {
            let name = attribute.strip_prefix("attribute.").unwrap();
            attributes["attribute"].get(name) == Some(&json!(value))
        }
    }
}

/// Returns the attributes of a token, or nothing if the provider does not take it.
pub(crate) fn attributes(provider: &Json, token: &Json, open: Open) -> Option<Map<String, Json>> {
    let oidc = provider.get("oidc")?;
    let is_disabled = provider["disabled"] == json!(true) || provider["state"] == json!("DELETED");
    if is_disabled || token["iss"] != oidc["issuerUri"] {
        return None;
    }
    let own = json!([format!(
        "https://iam.googleapis.com/{}",
        provider["name"].as_str().unwrap()
    )]);
    let listed = oidc
        .get("allowedAudiences")
        .filter(|listed| **listed != json!([]));
    let audiences = listed.unwrap_or(&own).as_array().unwrap();
    if !audiences.contains(&token["aud"]) {
        return None;
    }
    let mut names = Map::new();
    names.insert("assertion".to_owned(), token.clone());
    let mut found = json!({"google": {}, "attribute": {}});
    for (key, expression) in provider["attributeMapping"].as_object().unwrap() {
        let (kind, name) = key.split_once('.').unwrap();
        match evaluate(expression.as_str().unwrap(), &names, open) {
            Ok(value) => found[kind][name] = value,
            Err(_) if open.attributes_are_required => return None,
            Err(_) => {}
        }
    }
    let subject = found["google"].get("subject")?.as_str()?;
    if subject.len() > 127 {
        return None;
    }
    names.append(found.as_object_mut().unwrap());
    let condition = provider
        .get("attributeCondition")
        .and_then(Json::as_str)
        .unwrap_or("true");
    (evaluate(condition, &names, open) == Ok(json!(true))).then_some(names)
}
