//! Evaluator over our tree. The address of the caller fits.

use rolecall_interop::vault::{Claim, Expected, Role};
use serde_json::Value as Json;

/// Decides a token.
pub(crate) fn allows(role: &Role, token: &Json) -> bool {
    let is_text_or_null = |claim: &str| matches!(token.get(claim), None | Some(Json::Null | Json::String(_)));
    let Some(audiences) = audiences(token) else {
        return false;
    };
    let has_audience = match token.get("aud") {
        Some(Json::Array(elements)) => !elements.is_empty(),
        Some(Json::String(audience)) => !audience.is_empty(),
        _ => false,
    };
    let fits_audience = match role.audiences.as_slice() {
        [] => !has_audience,
        bound => bound.iter().any(|bound| audiences.contains(&&*bound.node)),
    };
    let fits_subject = role
        .subject
        .as_ref()
        .is_none_or(|subject| token["sub"] == subject.node.as_str());
    !role.is_for_browsers
        && is_text_or_null("iss")
        && is_text_or_null("sub")
        && fits_audience
        && fits_subject
        && matches!(find(&role.user_claim, token), Some(Json::String(_)))
        && role
            .mappings
            .iter()
            .all(|mapping| matches!(find(&mapping.claim, token), None | Some(Json::String(_))))
        && role
            .groups_claim
            .as_ref()
            .is_none_or(|claim| match find(claim, token) {
                Some(Json::String(_)) => true,
                Some(Json::Array(groups)) => groups.iter().all(Json::is_string),
                _ => false,
            })
        && role.claims.iter().all(|bound| match find(&bound.claim, token) {
            Some(value) => bound.values.iter().any(|expected| equals(expected, value)),
            None => false,
        })
}

fn audiences(token: &Json) -> Option<Vec<&str>> {
    match token.get("aud") {
        None => Some(Vec::new()),
        Some(Json::String(audience)) => Some(vec![audience]),
        Some(Json::Array(elements)) => elements.iter().map(Json::as_str).collect(),
        Some(_) => None,
    }
}

/// Returns a claim that is not `null`.
fn find<'a>(claim: &Claim, token: &'a Json) -> Option<&'a Json> {
    let step = |value: &'a Json, step: &String| match value {
        Json::Object(members) => members.get(step),
        Json::Array(elements) => {
            let index = step
                .parse::<usize>()
                .ok()
                .filter(|index| index.to_string() == *step);
            index.and_then(|index| elements.get(index))
        }
        _ => None,
    };
    let found = claim.path.iter().try_fold(token, step);
    found.filter(|value| !value.is_null())
}

fn equals(expected: &Expected, value: &Json) -> bool {
    match (expected, value) {
        (Expected::Integer(integer), Json::Number(number)) => {
            (number.as_f64().unwrap().trunc() + 0.0).to_string() == integer.to_string()
        }
        (Expected::Integer(_), _) => false,
        (_, Json::Array(elements)) => elements.iter().any(|element| equals_one(expected, element)),
        _ => equals_one(expected, value),
    }
}

fn equals_one(expected: &Expected, value: &Json) -> bool {
    match (expected, value) {
        (Expected::Text(text), Json::String(value)) => text == value,
        (Expected::Bool(expected), Json::Bool(value)) => expected == value,
        (Expected::Glob(parts), Json::String(value)) => is_of_parts(parts, value),
        _ => false,
    }
}

/// Returns whether a text consists of parts with anything between them.
fn is_of_parts(parts: &[String], text: &str) -> bool {
    let [first, rest @ ..] = parts else {
        return text.is_empty();
    };
    let Some(after) = text.strip_prefix(first.as_str()) else {
        return false;
    };
    match rest {
        [] => after.is_empty(),
        _ => {
            (0..=after.len()).any(|start| after.is_char_boundary(start) && is_of_parts(rest, &after[start..]))
        }
    }
}
