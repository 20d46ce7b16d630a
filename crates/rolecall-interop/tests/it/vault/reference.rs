//! Reference evaluator: Vault as its source says, over plain JSON (vault-plugin-auth-jwt v0.26.1
//! `path_login.go` and `claims.go`, cap v0.12.0 `jwt/jwt.go`). Signatures, times, the issuer and the caller's
//! address fit.

use serde_json::{Map, Value as Json};

/// A value as Go has it after `getClaim`: numbers that are claims themselves are texts of integers, those in
/// lists are not.
#[derive(Clone, PartialEq)]
enum Go {
    Text(String),
    Bool(bool),
    Number(String),
    Float(f64),
    Other,
}

/// Decides a token, or returns nothing for a role that Vault does not write. No token gets into one for browsers.
pub(crate) fn allows(document: &Json, token: &Json) -> Option<bool> {
    let role = document
        .get("data")
        .filter(|data| data.is_object())
        .unwrap_or(document);
    if role["role_type"] == "oidc" {
        return Some(false);
    }
    if role["role_type"] != "jwt" || role["user_claim"].as_str().unwrap_or("").is_empty() {
        return None;
    }
    let use_globs = match role["bound_claims_type"].as_str().unwrap_or("") {
        "" | "string" => false,
        "glob" => true,
        _ => return None,
    };
    let no_claims = Map::new();
    let bound_claims = role["bound_claims"].as_object().unwrap_or(&no_claims);
    if use_globs {
        for value in bound_claims.values() {
            let values = value.as_array().cloned().unwrap_or_else(|| vec![value.clone()]);
            if !values.iter().all(Json::is_string) {
                return None;
            }
        }
    }
    Some(login(role, bound_claims, use_globs, token).is_ok())
}

fn login(role: &Json, bound_claims: &Map<String, Json>, use_globs: bool, token: &Json) -> Result<(), String> {
    // The registered claims are decoded into Go's texts, where null changes nothing.
    for claim in ["iss", "sub"] {
        match token.get(claim) {
            None | Some(Json::Null | Json::String(_)) => {}
            Some(_) => return Err(format!("{claim} is not a text")),
        }
    }
    let mut audiences: Vec<&str> = Vec::new();
    match token.get("aud") {
        None => {}
        Some(Json::String(audience)) => audiences.push(audience),
        Some(Json::Array(elements)) => {
            for element in elements {
                audiences.push(element.as_str().ok_or("aud has another element than texts")?);
            }
        }
        Some(_) => return Err("aud is neither a text nor a list".to_owned()),
    }
    let bound_subject = role["bound_subject"].as_str().unwrap_or("");
    if !bound_subject.is_empty() && bound_subject != token["sub"].as_str().unwrap_or("") {
        return Err("sub".to_owned());
    }
    let no_audiences = Vec::new();
    let bound_audiences = role["bound_audiences"].as_array().unwrap_or(&no_audiences);
    if !bound_audiences.is_empty() {
        if !bound_audiences
            .iter()
            .any(|bound| audiences.contains(&bound.as_str().unwrap()))
        {
            return Err("aud".to_owned());
        }
    } else {
        match token.get("aud") {
            Some(Json::Array(elements)) if !elements.is_empty() => return Err("aud is there".to_owned()),
            Some(Json::String(audience)) if !audience.is_empty() => return Err("aud is there".to_owned()),
            _ => {}
        }
    }
    // The identity.
    let user_claim = role["user_claim"].as_str().unwrap();
    let user = match role["user_claim_json_pointer"].as_bool() {
        Some(true) => get(token, user_claim),
        _ => token.get(user_claim),
    };
    if !user.is_some_and(Json::is_string) {
        return Err("user_claim".to_owned());
    }
    if let Some(mappings) = role["claim_mappings"].as_object() {
        for source in mappings.keys() {
            if get(token, source).is_some_and(|value| !value.is_null() && !value.is_string()) {
                return Err("claim_mappings".to_owned());
            }
        }
    }
    let groups_claim = role["groups_claim"].as_str().unwrap_or("");
    if !groups_claim.is_empty() {
        match get(token, groups_claim) {
            Some(Json::String(_)) => {}
            Some(Json::Array(groups)) if groups.iter().all(Json::is_string) => {}
            _ => return Err("groups_claim".to_owned()),
        }
    }
    for (claim, expected) in bound_claims {
        let actual = get(token, claim)
            .filter(|value| !value.is_null())
            .ok_or("missing")?;
        let actual: Vec<Go> = match actual {
            Json::Array(elements) => elements.iter().map(element).collect(),
            Json::Object(_) => return Err("an object".to_owned()),
            Json::Number(number) => vec![Go::Number(integer(number.as_f64().unwrap()))],
            value => vec![element(value)],
        };
        let expected = expected
            .as_array()
            .cloned()
            .unwrap_or_else(|| vec![expected.clone()]);
        if !expected
            .iter()
            .any(|expected| actual.iter().any(|actual| matches(expected, actual, use_globs)))
        {
            return Err(format!("{claim} does not match"));
        }
    }
    Ok(())
}

/// Returns the text of a number without its fraction. Zero has no sign.
fn integer(number: f64) -> String {
    (number.trunc() + 0.0).to_string()
}

fn element(value: &Json) -> Go {
    match value {
        Json::String(text) => Go::Text(text.clone()),
        Json::Bool(value) => Go::Bool(*value),
        Json::Number(number) => Go::Float(number.as_f64().unwrap()),
        _ => Go::Other,
    }
}

fn matches(expected: &Json, actual: &Go, use_globs: bool) -> bool {
    match (expected, actual) {
        (Json::String(glob), Go::Text(text)) if use_globs => is_glob(glob.as_bytes(), text.as_bytes()),
        (Json::String(expected), Go::Text(text)) => expected == text,
        (Json::Bool(expected), Go::Bool(value)) => expected == value,
        (Json::Number(expected), Go::Number(text)) => expected.to_string() == *text,
        _ => false,
    }
}

fn is_glob(glob: &[u8], text: &[u8]) -> bool {
    match (glob, text) {
        ([], []) => true,
        ([b'*', glob @ ..], _) if is_glob(glob, text) => true,
        ([b'*', ..], [_, text @ ..]) => is_glob(glob, text),
        ([c, glob @ ..], [d, text @ ..]) => c == d && is_glob(glob, text),
        _ => false,
    }
}

/// Finds a claim by name, or by JSON pointer if it begins with a slash.
fn get<'a>(token: &'a Json, claim: &str) -> Option<&'a Json> {
    match claim.starts_with('/') {
        // serde_json follows RFC 6901 for objects and decimal indices, as pointerstructure does.
        true => token.pointer(claim),
        false => token.get(claim),
    }
}
