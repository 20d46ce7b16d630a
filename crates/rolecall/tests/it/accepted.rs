//! Tokens that are accepted, and what is known of them then.

use crate::support::{Attempt, NOW, base64url, claims, drop, issuer, key_set, signer};
use aws_lc_rs::signature::{EcdsaKeyPair, KeyPair};
use rolecall::{
    Algorithm, Claims, ConfigError, Issuer, Json, Key, KeySet, KeySetError, SkippedKey, UnixTime,
    UnverifiedToken, VerifiedToken, Verifier, VerifyError,
};
use serde_json::json;

#[test]
fn each_algorithm_verifies_with_its_key() {
    for algorithm in Algorithm::ALL {
        let mut attempt = Attempt::new(algorithm);
        attempt
            .run()
            .unwrap_or_else(|error| panic!("{algorithm}: {error}"));
        attempt.jwk()["alg"] = json!(algorithm.name());
        attempt.jwk()["use"] = json!("sig");
        attempt.jwk()["key_ops"] = json!(["verify"]);
        attempt
            .run()
            .unwrap_or_else(|error| panic!("{algorithm} named by its key: {error}"));
    }
}

#[test]
fn a_verified_token_says_what_was_verified() {
    let attempt = Attempt::new(Algorithm::RS256);
    let token = attempt.run().unwrap();
    assert_eq!(token.issuer(), "gitlab");
    assert_eq!(
        token.subject(),
        "project_path:group/project:ref_type:branch:ref:main"
    );
    assert_eq!(token.expires_at(), UnixTime::from_secs(NOW + 290));
    assert_eq!(
        token.claims().members().get("project_path"),
        Some(Json::Text("group/project"))
    );
    let keys = key_set(attempt.keys.as_ref().unwrap());
    assert_eq!(token.key_thumbprint(), keys.keys().next().unwrap().thumbprint());
}

#[test]
fn an_unverified_token_says_whose_keys_it_takes() {
    let verifier = Verifier::new([issuer()]).unwrap();
    let token = Attempt::new(Algorithm::ES256).token();
    let unverified = verifier.read(&token).unwrap();
    assert_eq!(unverified.issuer().name, "gitlab");
    assert_eq!(unverified.kid(), Some("key"));
    assert_eq!(unverified.algorithm(), Algorithm::ES256);
}

#[test]
fn nothing_that_is_shown_holds_the_token_or_its_claims() {
    let attempt = Attempt::new(Algorithm::ES256);
    let verifier = Verifier::new([issuer()]).unwrap();
    let token = attempt.token();
    let shown = format!(
        "{:?} {:?}",
        verifier.read(&token).unwrap(),
        attempt.run().unwrap()
    );
    let payload = token.split('.').nth(1).unwrap();
    assert!(!shown.contains(payload) && !shown.contains("project"), "{shown}");
}

type Change = fn(&mut Attempt);

/// What may differ from the usual token without harm.
#[rustfmt::skip]
const VARIATIONS: &[(&str, Change)] = &[
    ("no type", |a| drop(&mut a.header, "typ")),
    ("type in small letters", |a| a.header["typ"] = json!("jwt")),
    ("type as a media type", |a| a.header["typ"] = json!("application/JWT")),
    ("no kid, and one key", |a| drop(&mut a.header, "kid")),
    ("no kid, and one key that fits among others", |a| {
        drop(&mut a.header, "kid");
        let others = [
            signer(Algorithm::ES384).jwk("a"),
            signer(Algorithm::RS256).jwk("b"),
        ];
        a.keys.as_mut().unwrap().extend(others);
    }),
    ("one kid for two keys of different algorithms", |a| {
        a.keys.as_mut().unwrap().push(signer(Algorithm::RS256).jwk("key"));
    }),
    ("a symmetric key beside", |a| {
        a.keys
            .as_mut()
            .unwrap()
            .push(json!({"kty": "oct", "k": "AAAA", "kid": "key"}));
    }),
    ("the longest kid", |a| { let kid = "k".repeat(256); a.header["kid"] = json!(kid); a.jwk()["kid"] = json!(kid); }),
    ("unknown header members", |a| a.header["future"] = json!({"a": [1, 2.5, null]})),
    ("places of keys, which nobody visits", |a| {
        for member in ["jku", "x5u", "x5t", "x5t#S256"] {
            a.header[member] = json!("https://evil.example/keys");
        }
        a.header["x5c"] = json!(["AAAA"]);
        a.header["jwk"] = signer(Algorithm::ES384).jwk("key");
    }),
    ("claims repeated in the header", |a| a.header["iss"] = json!("https://evil.example")),
    ("a list of one audience", |a| a.claims["aud"] = json!(["rolecall"])),
    ("the other audience", |a| a.claims["aud"] = json!("other")),
    ("issued to its audience", |a| a.claims["azp"] = json!("rolecall")),
    ("no nbf", |a| drop(&mut a.claims, "nbf")),
    ("a fraction of a second", |a| a.claims["exp"] = json!(1_800_000_290.75)),
    ("the longest life", |a| a.claims["exp"] = json!(NOW - 10 + 3600)),
    ("the last second with leeway", |a| a.now = NOW + 290 + 29),
    ("issued in the future, within leeway", |a| a.now = NOW - 10 - 30),
    ("the longest subject", |a| a.claims["sub"] = json!("ü".repeat(2048))),
    ("the claim `typ` of an ID token", |a| a.claims["typ"] = json!("ID")),
    ("the header's `typ` as a claim", |a| a.claims["typ"] = json!("JWT")),
    ("strange names of claims", |a| {
        for name in ["", "__proto__", "a.b", "a[0]", "ISS", "Iss", "ı\u{307}ss"] {
            a.claims[name] = json!("anything");
        }
    }),
];

#[test]
fn these_variations_are_accepted() {
    for (name, change) in VARIATIONS {
        let mut attempt = Attempt::new(Algorithm::ES256);
        change(&mut attempt);
        attempt.run().unwrap_or_else(|error| panic!("{name}: {error}"));
    }
}

#[test]
fn both_names_of_ed25519_are_one_algorithm() {
    for name in ["EdDSA", "Ed25519"] {
        let mut attempt = Attempt::new(Algorithm::EdDSA);
        attempt.header["alg"] = json!(name);
        attempt.jwk()["alg"] = json!("Ed25519");
        assert!(attempt.run().is_ok(), "{name}");
    }
}

#[test]
fn a_token_that_another_library_signed_is_accepted() {
    let parameters = &aws_lc_rs::signature::ECDSA_P256_SHA256_FIXED_SIGNING;
    let pair = EcdsaKeyPair::generate(parameters).unwrap();
    let (x, y) = pair.public_key().as_ref()[1..].split_at(32);
    let jwk = json!({"kty": "EC", "crv": "P-256", "kid": "key", "x": base64url(x), "y": base64url(y)});

    let mut header = jsonwebtoken::Header::new(jsonwebtoken::Algorithm::ES256);
    header.kid = Some("key".to_owned());
    let secret = jsonwebtoken::EncodingKey::from_ec_der(pair.to_pkcs8v1().unwrap().as_ref());
    let token = jsonwebtoken::encode(&header, &claims(), &secret).unwrap();

    let verifier = Verifier::new([issuer()]).unwrap();
    let verdict = verifier
        .read(&token)
        .unwrap()
        .verify(&key_set(&[jwk]), UnixTime::from_secs(NOW));
    assert!(verdict.is_ok());
}

#[test]
fn two_issuers_may_use_one_kid() {
    let urls = ["https://a.example", "https://b.example"];
    let named = |url: &str| Issuer::new(url, url, "gitlab", vec!["rolecall".to_owned()]);
    let verifier = Verifier::new(urls.map(named)).unwrap();
    let signers = [signer(Algorithm::ES256), signer(Algorithm::RS256)];
    let keys: std::collections::HashMap<String, KeySet> = urls
        .iter()
        .zip(signers)
        .map(|(url, signer)| ((*url).to_owned(), key_set(&[signer.jwk("key")])))
        .collect();
    for (place, url) in urls.iter().enumerate() {
        for (other, signer) in signers.iter().enumerate() {
            let mut attempt = Attempt::new(signer.algorithm);
            attempt.claims["iss"] = json!(url);
            let verdict = verifier.verify(&attempt.token(), &keys, UnixTime::from_secs(NOW));
            assert_eq!(verdict.is_ok(), place == other);
        }
    }
}

#[test]
fn everything_can_be_shared_between_threads() {
    fn check<T: Send + Sync>() {}
    check::<Claims>();
    check::<ConfigError>();
    check::<Key>();
    check::<KeySet>();
    check::<KeySetError>();
    check::<SkippedKey>();
    check::<UnverifiedToken<'_, '_>>();
    check::<VerifiedToken>();
    check::<Verifier>();
    check::<VerifyError>();
}
