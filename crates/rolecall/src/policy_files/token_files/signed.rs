//! Signed tokens in files, verified with the keys beside them.

use rolecall_engine::{Document, Issuer, Json, JsonLimits, Members, TokenFileFault};

use super::{KEYS, MAX_FILE, beside, text};
use crate::key_set::{KeySet, MAX_KEY_SET_BYTES};
use crate::member::member;
use crate::time::UnixTime;
use crate::token::SignedToken;
use crate::verifier::Verifier;

/// Returns the claims of a signed token, which is verified with the keys beside it; `None` if it cannot be had, or the issuers
/// do not compile.
pub(super) fn signed<'i>(
    path: &str,
    issuers: impl Fn() -> Option<&'i [Issuer]>,
    mut read: impl FnMut(&str, usize) -> Result<Option<Vec<u8>>, TokenFileFault>,
) -> Result<Option<String>, TokenFileFault> {
    let Some(token) = read(path, MAX_FILE)? else {
        return Ok(None);
    };
    let of_keys = |reason: &str| TokenFileFault {
        reason: format!("its keys, `{}`: {reason}", beside(path, KEYS)),
        help: "put the keys of its issuer there, as the `jwks_uri` of the issuer has them".to_owned(),
    };
    let keys = read(&beside(path, KEYS), MAX_KEY_SET_BYTES).map_err(|fault| of_keys(&fault.reason))?;
    let Some(keys) = keys else {
        return Ok(None);
    };
    let keys = KeySet::parse(&keys).map_err(|error| of_keys(&error.to_string()))?;
    // The errors of issuers are reported when the set is compiled.
    let Some(issuers) = issuers() else {
        return Ok(None);
    };
    let token = text(token)?;
    // One line end after it is ignored, as editors write it.
    let line = token.strip_suffix("\r\n").or_else(|| token.strip_suffix('\n'));
    let token = line.unwrap_or(&token);
    let payload = verified(token, issuers, keys).map_err(|reason| TokenFileFault {
        reason,
        help: "keep the token as its issuer signed it, or write its claims into a `.json` file".to_owned(),
    })?;
    text(payload).map(Some)
}

/// Returns the payload of a token that passes all rules but that of its audience, at its own time.
fn verified(token: &str, issuers: &[Issuer], keys: KeySet) -> Result<Vec<u8>, String> {
    let payload = SignedToken::read(token)
        .map_err(|error| error.to_string())?
        .payload;
    let claims = Document::parse(payload.clone(), &JsonLimits::CLAIMS).map_err(|error| error.to_string())?;
    let claims = claims.members();
    let audiences = audiences(&claims);
    let issuers = issuers.iter().cloned().map(|mut issuer| {
        if !audiences.is_empty() {
            issuer.audiences.clone_from(&audiences);
        }
        issuer
    });
    let verifier = Verifier::new(issuers).map_err(|error| error.to_string())?;
    let unverified = verifier.read(token).map_err(|error| error.to_string())?;
    let keys = keys.for_tokens(unverified.issuer().tokens);
    let verified = unverified.verify(&keys, issued(&claims));
    verified.map_err(|error| error.to_string())?;
    Ok(payload)
}

fn audiences(claims: &Members<'_>) -> Vec<String> {
    let texts = |json: Json<'_>| match json {
        Json::Text(text) => Some(text.to_owned()),
        _ => None,
    };
    match member(claims, "aud") {
        Some(Json::List(items)) => items.filter_map(texts).collect(),
        other => other.and_then(texts).into_iter().collect(),
    }
}

/// Returns the time at which a token was issued, or became valid if that is later.
fn issued(claims: &Members<'_>) -> UnixTime {
    let time = |name| match member(claims, name) {
        Some(Json::Int(time)) => time,
        _ => 0,
    };
    UnixTime::from_secs(time("iat").max(time("nbf")))
}
