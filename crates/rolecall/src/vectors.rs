//! External test vectors for the signature layer; their payloads are not claims.

#![allow(
    clippy::arithmetic_side_effects,
    clippy::indexing_slicing,
    clippy::print_stdout,
    clippy::string_slice,
    clippy::unwrap_used,
    reason = "tests may end early"
)]

use std::path::Path;

use serde_json::{Value, json};

use crate::key_set::KeySet;
use crate::token::SignedToken;

fn read(path: &str) -> Option<Value> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../../shared/vectors")
        .join(path);
    if !path.exists() {
        println!("no vectors here");
        return None;
    }
    Some(serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap())
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
    SignedToken::read(token).is_ok_and(|token| token.verify(keys).is_ok())
}

/// Runs a Wycheproof file. The overrides list the vectors that a strict verifier of asymmetric signatures
/// accepts.
fn wycheproof(name: &str) -> [usize; 2] {
    let (Some(file), Some(overrides)) = (
        read(&format!("wycheproof/{name}_test.json")),
        read("OVERRIDES.json"),
    ) else {
        return [0, 0];
    };
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
    counts
}

#[test]
fn wycheproof_signed_tokens() {
    let [refused, accepted] = wycheproof("json_web_signature");
    assert!(
        (refused, accepted) == (367, 32) || refused == 0,
        "{refused} {accepted}"
    );
}

#[test]
fn wycheproof_keys() {
    let [refused, accepted] = wycheproof("json_web_key");
    assert!(
        (refused, accepted) == (25, 1) || refused == 0,
        "{refused} {accepted}"
    );
}

#[test]
fn wycheproof_mixed() {
    let [refused, accepted] = wycheproof("json_web_crypto");
    assert!(accepted == 2 || refused == 0, "{refused} {accepted}");
}

#[test]
fn wycheproof_encrypted_tokens_are_all_refused() {
    let Some(file) = read("wycheproof/json_web_encryption_test.json") else {
        return;
    };
    for group in file["testGroups"].as_array().unwrap() {
        for test in group["tests"].as_array().unwrap() {
            let token = test["jwe"]
                .as_str()
                .map_or_else(|| test["jwe"].to_string(), str::to_owned);
            assert!(SignedToken::read(&token).is_err(), "{}", test["tcId"]);
        }
    }
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
        let token = example["output"]["compact"].as_str().unwrap_or_default();
        assert_eq!(accepts(token, &keys(&key)), good, "{path}");
    }
}

/// Wycheproof's signatures of the primitives, each as that of a token.
#[test]
fn wycheproof_primitives() {
    use crate::signature::PublicKey;
    use rolecall_engine::Algorithm;

    let hex = |text: &Value| -> Vec<u8> {
        let text = text.as_str().unwrap();
        (0..text.len() / 2)
            .map(|n| u8::from_str_radix(&text[2 * n..2 * n + 2], 16).unwrap())
            .collect()
    };
    let mut counts = [0, 0];
    for (name, algorithm) in [
        ("ecdsa_secp256r1_sha256_p1363", Algorithm::ES256),
        ("ecdsa_secp384r1_sha384_p1363", Algorithm::ES384),
        ("ecdsa_secp521r1_sha512_p1363", Algorithm::ES512),
        ("ed25519", Algorithm::EdDSA),
        ("rsa_signature_2048_sha256", Algorithm::RS256),
        ("rsa_signature_3072_sha256", Algorithm::RS256),
        ("rsa_signature_4096_sha256", Algorithm::RS256),
        ("rsa_signature_8192_sha256", Algorithm::RS256),
        ("rsa_signature_2048_sha384", Algorithm::RS384),
        ("rsa_signature_3072_sha384", Algorithm::RS384),
        ("rsa_signature_4096_sha384", Algorithm::RS384),
        ("rsa_signature_2048_sha512", Algorithm::RS512),
        ("rsa_signature_3072_sha512", Algorithm::RS512),
        ("rsa_signature_4096_sha512", Algorithm::RS512),
        ("rsa_pss_2048_sha256_mgf1_32", Algorithm::PS256),
        ("rsa_pss_3072_sha256_mgf1_32", Algorithm::PS256),
        ("rsa_pss_4096_sha256_mgf1_32", Algorithm::PS256),
        ("rsa_pss_2048_sha384_mgf1_48", Algorithm::PS384),
        ("rsa_pss_4096_sha384_mgf1_48", Algorithm::PS384),
        ("rsa_pss_4096_sha512_mgf1_64", Algorithm::PS512),
    ] {
        let Some(file) = read(&format!("wycheproof/{name}_test.json")) else {
            return;
        };
        for group in file["testGroups"].as_array().unwrap() {
            let key = &group["publicKey"];
            let public = if key["modulus"].is_string() {
                let trimmed = |number| {
                    hex(number)
                        .into_iter()
                        .skip_while(|byte| *byte == 0)
                        .collect::<Vec<_>>()
                };
                let [modulus, exponent] = [&key["modulus"], &key["publicExponent"]].map(trimmed);
                PublicKey::rsa(&modulus, &exponent, &[algorithm])
            } else {
                let point = if algorithm == Algorithm::EdDSA {
                    &key["pk"]
                } else {
                    &key["uncompressed"]
                };
                PublicKey::elliptic(algorithm, &hex(point))
            };
            for test in group["tests"].as_array().unwrap() {
                let good = public
                    .as_ref()
                    .is_some_and(|key| key.verifies(algorithm, &hex(&test["msg"]), &hex(&test["sig"])));
                let expected = test["result"] == "valid";
                assert!(
                    good == expected || test["result"] == "acceptable",
                    "{name} {}",
                    test["tcId"]
                );
                counts[usize::from(good)] += 1;
            }
        }
    }
    assert!(counts[0] > 500 && counts[1] > 500, "{counts:?}");
}
