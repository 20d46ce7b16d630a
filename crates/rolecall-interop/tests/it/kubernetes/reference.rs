//! Reference evaluator of authenticators over plain JSON, as the source of the API server says.

use crate::google::cel::{Open, evaluate};
use serde_json::{Map, Value as Json, json};

/// Values of different kinds are not equal (cel-go, heterogeneous equality).
const OPEN: Open = Open {
    kinds_are_errors: false,
    attributes_are_required: true,
};

/// Returns whether an entry of `jwt` accepts a token.
pub(crate) fn accepts(entry: &Json, token: &Json) -> bool {
    user(entry, token).is_some_and(|user| {
        let rules = |name: &str| entry[name].as_array().cloned().unwrap_or_default();
        let names = |name: &str, value: &Json| Map::from_iter([(name.to_owned(), value.clone())]);
        let claims = rules("claimValidationRules")
            .iter()
            .all(|rule| match rule["claim"].as_str() {
                Some(claim) => {
                    let wanted = rule["requiredValue"].as_str().unwrap_or("");
                    text(token, claim).as_deref() == Some(wanted)
                }
                None => is_true(&rule["expression"], &names("claims", token)),
            });
        let users = rules("userValidationRules");
        let mut users = users.iter();
        claims && users.all(|rule| is_true(&rule["expression"], &names("user", &user)))
    })
}

fn is_true(expression: &Json, names: &Map<String, Json>) -> bool {
    evaluate(expression.as_str().unwrap(), names, OPEN) == Ok(json!(true))
}

/// Returns the user of a token, if its parts have values.
fn user(entry: &Json, token: &Json) -> Option<Json> {
    let issuer = &entry["issuer"];
    let audiences = issuer["audiences"].as_array().unwrap();
    let own = match &token["aud"] {
        Json::Array(own) => own.clone(),
        one => vec![one.clone()],
    };
    if token["iss"] != issuer["url"] || !own.iter().any(|own| audiences.contains(own)) {
        return None;
    }
    let mappings = &entry["claimMappings"];
    let names = Map::from_iter([("claims".to_owned(), token.clone())]);
    let of = |expression: &str| evaluate(expression, &names, OPEN).ok();
    let username = match &mappings["username"] {
        mapping if mapping["claim"].is_string() => {
            let claim = mapping["claim"].as_str().unwrap();
            let name = text(token, claim)?;
            let verified = token.get("email_verified");
            if claim == "email" && verified.is_some_and(|verified| *verified != json!(true)) {
                return None;
            }
            format!("{}{name}", mapping["prefix"].as_str().unwrap())
        }
        mapping => {
            let name = of(mapping["expression"].as_str().unwrap())?;
            name.as_str().filter(|name| !name.is_empty())?.to_owned()
        }
    };
    let groups = &mappings["groups"];
    let groups = match (groups["claim"].as_str(), groups["expression"].as_str()) {
        (Some(claim), _) => {
            let prefix = groups["prefix"].as_str().unwrap();
            let groups = match token.get(claim) {
                None | Some(Json::Null) => Vec::new(),
                Some(Json::String(one)) => vec![one.clone()],
                Some(Json::Array(all)) => {
                    let all = all.iter().map(|one| match one {
                        Json::Null => Some(String::new()),
                        one => one.as_str().map(str::to_owned),
                    });
                    all.collect::<Option<_>>()?
                }
                Some(_) => return None,
            };
            groups
                .into_iter()
                .map(|group| format!("{prefix}{group}"))
                .collect()
        }
        (None, Some(expression)) => texts(&of(expression)?)?,
        (None, None) => Vec::new(),
    };
    let uid = &mappings["uid"];
    let uid = match (uid["claim"].as_str(), uid["expression"].as_str()) {
        (Some(claim), _) => text(token, claim)?,
        (None, Some(expression)) => of(expression)?.as_str()?.to_owned(),
        (None, None) => String::new(),
    };
    for extra in mappings["extra"].as_array().into_iter().flatten() {
        texts(&of(extra["valueExpression"].as_str().unwrap())?)?;
    }
    Some(json!({"username": username, "groups": groups, "uid": uid, "extra": {}}))
}

/// Decodes a claim into a text of Go, which `null` leaves empty.
fn text(token: &Json, claim: &str) -> Option<String> {
    match token.get(claim)? {
        Json::Null => Some(String::new()),
        value => value.as_str().map(str::to_owned),
    }
}

/// Returns the texts of a value of CEL that are not empty.
fn texts(value: &Json) -> Option<Vec<String>> {
    let all = match value {
        Json::Null => Vec::new(),
        Json::Array(all) => all.clone(),
        one => vec![one.clone()],
    };
    let all: Option<Vec<String>> = all.iter().map(|one| one.as_str().map(str::to_owned)).collect();
    all.map(|all| all.into_iter().filter(|one| !one.is_empty()).collect())
}
