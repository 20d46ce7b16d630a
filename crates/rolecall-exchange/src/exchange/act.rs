//! The claim `act` of role tokens: the job for which a role token is issued (RFC 8693 section 4.1).

use rolecall::{PolicySet, VerifiedToken};
use rolecall_engine::Json;
use rolecall_engine::ir::Trust;
use serde_json::{Map, Value};

use crate::config::OF_TOKEN;

/// The maximum number of exchanges in a row.
pub(super) const MAX_CHAIN: usize = 3;

/// Returns the `act` of a role token for a job's token: its `iss` and `sub`, the chosen claims, and its own `act`.
///
/// By default, the claims are those that the profile of the issuer calls immutable. `None` if the token has too many
/// `act` inside each other.
pub(super) fn act(
    token: &VerifiedToken,
    policies: &PolicySet,
    chosen: Option<&[String]>,
) -> Option<Map<String, Value>> {
    let claims = token.claims().members();
    let mut act = Map::new();
    let mut add = |name: &str| {
        if let Some(value) = claims.get(name).and_then(scalar) {
            act.insert(name.to_owned(), value);
        }
    };
    add("iss");
    add("sub");
    match chosen {
        Some(names) => names.iter().for_each(|name| add(name)),
        None => {
            let program = policies.program();
            let mut issuers = program.issuers().values();
            if let Some(issuer) = issuers.find(|issuer| issuer.issuer.name == token.issuer()) {
                for (_, claim) in issuer.profile.claims().iter() {
                    if let ([name], Trust::Immutable) = (claim.path.as_slice(), claim.trust) {
                        add(name);
                    }
                }
            }
        }
    }
    if let Some(before) = claims.get("act") {
        act.insert("act".to_owned(), earlier(before, 1)?);
    }
    Some(act)
}

/// Returns the `act` of a role token of this exchange, for another one in its stead.
pub(super) fn of_own(token: &VerifiedToken) -> Option<Map<String, Value>> {
    match earlier(token.claims().members().get("act")?, 0)? {
        Value::Object(act) => Some(act),
        _ => None,
    }
}

/// Returns an `act` of the job's token, with its scalar members only, and none about the token itself; `None` if it is too deep or not an object.
fn earlier(before: Json<'_>, depth: usize) -> Option<Value> {
    let Json::Object(members) = before else {
        return None;
    };
    if depth >= MAX_CHAIN {
        return None;
    }
    let mut act = Map::new();
    for (name, value) in members {
        let value = match name {
            "act" => Some(earlier(value, depth.checked_add(1)?)?),
            _ if OF_TOKEN.contains(&name) => None,
            _ => scalar(value),
        };
        if let Some(value) = value {
            act.insert(name.to_owned(), value);
        }
    }
    Some(Value::Object(act))
}

/// Returns a text, an integer or a truth value; relying parties take no other members.
fn scalar(value: Json<'_>) -> Option<Value> {
    match value {
        Json::Bool(value) => Some(value.into()),
        Json::Int(value) => Some(value.into()),
        Json::Text(text) => Some(text.into()),
        _ => None,
    }
}
