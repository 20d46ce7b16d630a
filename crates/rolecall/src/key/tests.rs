//! Tests of a key's kind and size.

use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_FIXED_SIGNING, ECDSA_P384_SHA384_FIXED_SIGNING, ECDSA_P521_SHA512_FIXED_SIGNING,
    EcdsaKeyPair, EcdsaSigningAlgorithm, KeyPair,
};
use serde_json::{Value, json};

use crate::base64url::encode;
use crate::key_set::KeySet;

/// The kind and the size of a key.
fn describe(jwk: &Value) -> Option<(&'static str, usize)> {
    let set = KeySet::parse(json!({ "keys": [jwk] }).to_string().as_bytes()).ok()?;
    let key = set.keys().next()?;
    Some((key.kind(), key.bits()))
}

/// An RSA key whose modulus has this many bytes and begins with this one.
fn rsa(first: u8, bytes: usize) -> Value {
    let mut modulus = vec![0xa5; bytes];
    modulus.splice(..1, [first]);
    json!({"kty": "RSA", "n": encode(&modulus), "e": "AQAB"})
}

fn elliptic(crv: &str, algorithm: &'static EcdsaSigningAlgorithm) -> Option<Value> {
    let pair = EcdsaKeyPair::generate(algorithm).ok()?;
    let (_, coordinates) = pair.public_key().as_ref().split_first()?;
    let (x, y) = coordinates.split_at_checked(coordinates.len().div_ceil(2))?;
    Some(json!({"kty": "EC", "crv": crv, "x": encode(x), "y": encode(y)}))
}

#[test]
fn a_key_says_its_kind_and_its_size() {
    assert_eq!(describe(&rsa(0x80, 256)), Some(("RSA", 2048)));
    assert_eq!(describe(&rsa(0xff, 384)), Some(("RSA", 3072)));
    assert_eq!(describe(&rsa(0x01, 257)), Some(("RSA", 2049)));
    assert_eq!(describe(&rsa(0x7f, 256)), None);

    let curves = [
        ("P-256", 256, &ECDSA_P256_SHA256_FIXED_SIGNING),
        ("P-384", 384, &ECDSA_P384_SHA384_FIXED_SIGNING),
        ("P-521", 521, &ECDSA_P521_SHA512_FIXED_SIGNING),
    ];
    for (crv, bits, algorithm) in curves {
        let jwk = elliptic(crv, algorithm);
        assert_eq!(jwk.as_ref().and_then(describe), Some((crv, bits)));
    }

    // RFC 8037 appendix A.2.
    let x = "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo";
    let jwk = json!({"kty": "OKP", "crv": "Ed25519", "x": x});
    assert_eq!(describe(&jwk), Some(("Ed25519", 256)));
}
