//! Properties that take more than a few lines, and for the one of tokens a key, its key set, and an issuer that uses it.

pub mod agreement;
pub mod differential;
pub mod discovery;
pub mod foreign;
pub mod key_set;
pub mod lint;
#[allow(dead_code, reason = "the tests use more of it")]
#[path = "../../crates/rolecall/tests/it/support/mod.rs"]
mod support;

use aws_lc_rs::signature::{Ed25519KeyPair, KeyPair};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD as BASE64};
use rolecall::{Issuer, KeySet, UnixTime, VerifiedToken, Verifier, VerifyError};
use std::collections::HashMap;
use std::sync::LazyLock;

const URL: &str = "https://issuer.example";

static KEY: LazyLock<Ed25519KeyPair> =
    LazyLock::new(|| Ed25519KeyPair::from_seed_unchecked(&[7; 32]).unwrap());
static KEYS: LazyLock<HashMap<String, KeySet>> = LazyLock::new(|| {
    let x = BASE64.encode(KEY.public_key());
    let jwks = format!(r#"{{"keys":[{{"kty":"OKP","crv":"Ed25519","x":"{x}"}}]}}"#);
    HashMap::from([(URL.to_owned(), KeySet::parse(jwks.as_bytes()).unwrap())])
});
static VERIFIER: LazyLock<Verifier> =
    LazyLock::new(|| Verifier::new([Issuer::new("a", URL, "generic", vec!["us".to_owned()])]).unwrap());

/// A token with a good signature over any header and payload.
pub fn sign(header: &str, payload: &str) -> String {
    let signed = format!("{}.{}", BASE64.encode(header), BASE64.encode(payload));
    format!("{signed}.{}", BASE64.encode(KEY.sign(signed.as_bytes())))
}

/// Verifies a token, in the year 2027.
pub fn verify(token: &str) -> Result<VerifiedToken, VerifyError> {
    VERIFIER.verify(token, &*KEYS, UnixTime::from_secs(1_800_000_000))
}
