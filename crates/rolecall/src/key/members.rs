//! Members of all key types (RFC 7517 section 4).

use rolecall_engine::{Algorithm, Json, Members};

use crate::base64url;
use crate::excerpt::Excerpt;
use crate::skip_reason::SkipReason;

/// Returns the value of a required string member.
pub(super) fn text<'a>(jwk: &Members<'a>, member: &'static str) -> Result<&'a str, SkipReason> {
    optional_text(jwk, member)?.ok_or(SkipReason::MalformedMember { member })
}

/// Returns the value of an optional string member.
pub(super) fn optional_text<'a>(
    jwk: &Members<'a>,
    member: &'static str,
) -> Result<Option<&'a str>, SkipReason> {
    match jwk.get(member) {
        None => Ok(None),
        Some(Json::Text(text)) => Ok(Some(text)),
        Some(_) => Err(SkipReason::MalformedMember { member }),
    }
}

/// Checks `use` and `key_ops`. If both are there, they must agree (RFC 7517 section 4.3): a key that is also
/// for encryption is not used.
pub(super) fn check_purpose(jwk: &Members<'_>) -> Result<(), SkipReason> {
    if optional_text(jwk, "use")?.is_some_and(|purpose| purpose != "sig") {
        return Err(SkipReason::NotForVerifying);
    }
    let malformed = SkipReason::MalformedMember { member: "key_ops" };
    let operations = match jwk.get("key_ops") {
        None => return Ok(()),
        Some(Json::List(operations)) => operations.map(|name| name.as_text()).collect::<Option<Vec<_>>>(),
        Some(_) => None,
    };
    let mut operations = operations.ok_or_else(|| malformed.clone())?;
    if !operations.contains(&"verify") || !operations.iter().all(|name| matches!(*name, "sign" | "verify")) {
        return Err(SkipReason::NotForVerifying);
    }
    let named = operations.len();
    operations.sort_unstable();
    operations.dedup();
    if operations.len() < named {
        Err(malformed)
    } else {
        Ok(())
    }
}

/// Returns the algorithms that a key may be used with: all that fit it, or the one that its `alg` names (RFC
/// 7517 section 4.4).
pub(super) fn algorithms(jwk: &Members<'_>, fitting: &[Algorithm]) -> Result<Vec<Algorithm>, SkipReason> {
    let Some(alg) = optional_text(jwk, "alg")? else {
        return Ok(fitting.to_vec());
    };
    match Algorithm::from_name(alg) {
        None => Err(SkipReason::UnsupportedAlgorithm {
            alg: Excerpt::of(alg),
        }),
        Some(algorithm) if fitting.contains(&algorithm) => Ok(vec![algorithm]),
        Some(algorithm) => Err(SkipReason::WrongAlgorithm { algorithm }),
    }
}

/// Returns the bytes of a base64url member.
pub(super) fn bytes(jwk: &Members<'_>, member: &'static str) -> Result<Vec<u8>, SkipReason> {
    base64url::decode(text(jwk, member)?).ok_or(SkipReason::MalformedMember { member })
}
