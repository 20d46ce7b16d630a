//! Members of all key types (RFC 7517 section 4).

use rolecall_engine::{Algorithm, Json, Members, TokenKind};

use crate::base64url;
use crate::excerpt::Excerpt;
use crate::member;
use crate::skip_reason::SkipReason;

/// Returns the value of a required string member.
pub(super) fn text<'a>(jwk: &Members<'a>, member: &'static str) -> Result<&'a str, SkipReason> {
    optional_text(jwk, member)?.ok_or(SkipReason::MissingMember { member })
}

/// Returns the value of an optional string member.
pub(super) fn optional_text<'a>(
    jwk: &Members<'a>,
    member: &'static str,
) -> Result<Option<&'a str>, SkipReason> {
    member::member(jwk, member)
        .map(|value| value.as_text().ok_or(SkipReason::MalformedMember { member }))
        .transpose()
}

/// Checks `use` and `key_ops`, and returns the kind of tokens that the key verifies. If both are there, they
/// must agree (RFC 7517 section 4.3): a key that is also for encryption is not used.
pub(super) fn tokens(jwk: &Members<'_>) -> Result<TokenKind, SkipReason> {
    let tokens = match optional_text(jwk, "use")? {
        None | Some("sig") => TokenKind::IdToken,
        Some("jwt-svid") => TokenKind::JwtSvid,
        Some(_) => return Err(SkipReason::NotForVerifying),
    };
    check_operations(jwk)?;
    Ok(tokens)
}

fn check_operations(jwk: &Members<'_>) -> Result<(), SkipReason> {
    let malformed = SkipReason::MalformedMember { member: "key_ops" };
    let operations = match member::member(jwk, "key_ops") {
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
