//! Key sets: which entries are used, and why the others are not.

use crate::outside::vectors;
use crate::support::{Attempt, Signer, base64url, code, drop, key_set, signer};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use rolecall::{Algorithm, JsonFault, KeySet, KeySetError, SkipReason};
use serde_json::{Value, json};

type Change = fn(&mut Value);

fn bytes(jwk: &Value, member: &str) -> Vec<u8> {
    URL_SAFE_NO_PAD.decode(jwk[member].as_str().unwrap()).unwrap()
}

/// Puts other bytes into a member.
fn edit(jwk: &mut Value, member: &str, change: impl FnOnce(&mut Vec<u8>)) {
    let mut bytes = bytes(jwk, member);
    change(&mut bytes);
    jwk[member] = json!(base64url(bytes));
}

/// An odd modulus of so many bits.
fn modulus(bits: usize) -> Value {
    let mut bytes = vec![0xa5_u8; bits.div_ceil(8)];
    bytes[0] = 1 << ((bits - 1) % 8);
    json!(base64url(bytes))
}

/// 65537 to the power of 128, which has 2049 bits: the simplest modulus with the mark of CVE-2017-15361.
fn power_of_65537() -> Value {
    let mut bytes = vec![1_u8];
    for _ in 0..128 {
        // Times 65537 is the number and the number two bytes further up.
        let shifted = [bytes.as_slice(), &[0, 0]].concat();
        let padded = [&[0, 0], bytes.as_slice()].concat();
        let mut carry = 0;
        bytes = vec![];
        for (a, b) in shifted.iter().zip(&padded).rev() {
            let sum = u16::from(*a) + u16::from(*b) + carry;
            bytes.insert(0, sum.to_le_bytes()[0]);
            carry = sum >> 8;
        }
        assert_eq!(carry, 0);
    }
    json!(base64url(bytes))
}

/// Why an entry is not used: a key of an algorithm, what is done to it, and the code of the reason.
#[rustfmt::skip]
const TABLE: &[(&str, &str, Algorithm, Change)] = &[
    ("for encryption", "not_for_verifying", Algorithm::ES256, |k| k["use"] = json!("enc")),
    ("for something new", "not_for_verifying", Algorithm::ES256, |k| k["use"] = json!("SIG")),
    ("use is a number", "malformed_member", Algorithm::ES256, |k| k["use"] = json!(1)),
    ("not to verify with", "not_for_verifying", Algorithm::ES256, |k| k["key_ops"] = json!(["sign"])),
    ("for no operation", "not_for_verifying", Algorithm::ES256, |k| k["key_ops"] = json!([])),
    ("to encrypt with, too", "not_for_verifying", Algorithm::RS256, |k| k["key_ops"] = json!(["verify", "encrypt"])),
    ("use and operations disagree", "not_for_verifying", Algorithm::RS256, |k| {
        k["use"] = json!("sig");
        k["key_ops"] = json!(["wrapKey"]);
    }),
    ("operation named twice", "malformed_member", Algorithm::ES256, |k| k["key_ops"] = json!(["verify", "verify"])),
    ("operations are text", "malformed_member", Algorithm::ES256, |k| k["key_ops"] = json!("verify")),
    ("operation is a number", "malformed_member", Algorithm::ES256, |k| k["key_ops"] = json!(["verify", 1])),
    ("no type", "missing_member", Algorithm::ES256, |k| drop(k, "kty")),
    ("type is a number", "malformed_member", Algorithm::ES256, |k| k["kty"] = json!(1)),
    ("type in small letters", "unsupported_key_type", Algorithm::ES256, |k| k["kty"] = json!("ec")),
    ("type of the future", "unsupported_key_type", Algorithm::ES256, |k| k["kty"] = json!("AKP")),
    ("type of another key", "missing_member", Algorithm::ES256, |k| k["kty"] = json!("RSA")),
    ("kid is a number", "malformed_member", Algorithm::ES256, |k| k["kid"] = json!(1)),
    ("kid is empty", "malformed_member", Algorithm::ES256, |k| k["kid"] = json!("")),
    ("kid is long", "kid_too_long", Algorithm::ES256, |k| k["kid"] = json!("k".repeat(257))),
    ("algorithm of another curve", "wrong_algorithm", Algorithm::ES256, |k| k["alg"] = json!("ES384")),
    ("algorithm of another type", "wrong_algorithm", Algorithm::RS256, |k| k["alg"] = json!("ES256")),
    ("algorithm of another curve's type", "wrong_algorithm", Algorithm::EdDSA, |k| k["alg"] = json!("ES256")),
    ("algorithm that does not sign", "unsupported_algorithm", Algorithm::RS256, |k| k["alg"] = json!("RSA-OAEP")),
    ("algorithm that is symmetric", "unsupported_algorithm", Algorithm::RS256, |k| k["alg"] = json!("HS256")),
    ("no curve", "missing_member", Algorithm::ES256, |k| drop(k, "crv")),
    ("curve that is not used", "unsupported_curve", Algorithm::ES256, |k| k["crv"] = json!("secp256k1")),
    ("bytes of another curve", "wrong_length", Algorithm::ES256, |k| k["crv"] = json!("P-521")),
    ("curve of another type", "unsupported_curve", Algorithm::ES256, |k| k["crv"] = json!("Ed25519")),
    ("curve for key agreement", "unsupported_curve", Algorithm::EdDSA, |k| k["crv"] = json!("X25519")),
    ("no y", "missing_member", Algorithm::ES256, |k| drop(k, "y")),
    ("y is empty", "wrong_length", Algorithm::ES256, |k| k["y"] = json!("")),
    ("y is padded", "malformed_member", Algorithm::ES256, |k| k["y"] = json!(k["y"].as_str().unwrap().to_owned() + "=")),
    ("point beside the curve", "invalid_key", Algorithm::ES256, |k| edit(k, "y", |y| y[31] ^= 1)),
    ("point beside the larger curve", "invalid_key", Algorithm::ES512, |k| edit(k, "x", |x| x[65] ^= 1)),
    ("point of zeros", "invalid_key", Algorithm::ES256, |k| {
        k["x"] = json!(base64url([0; 32]));
        k["y"] = json!(base64url([0; 32]));
    }),
    ("coordinate beyond the field", "invalid_key", Algorithm::ES256, |k| k["x"] = json!(base64url([0xff; 32]))),
    ("Ed25519 point 1, of order 1", "small_order", Algorithm::EdDSA, |k| edit(k, "x", |x| { x.fill(0); x[0] = 1; })),
    ("Ed25519 point 0, of order 4", "small_order", Algorithm::EdDSA, |k| edit(k, "x", |x| x.fill(0))),
    ("Ed25519 point spelled beyond p", "small_order", Algorithm::EdDSA, |k| edit(k, "x", |x| { x.fill(0xff); x[0] = 0xf0; })),
    ("RSA of 1024 bits", "rsa_size", Algorithm::RS256, |k| k["n"] = modulus(1024)),
    ("RSA of 2047 bits", "rsa_size", Algorithm::RS256, |k| k["n"] = modulus(2047)),
    ("RSA of 8193 bits", "rsa_size", Algorithm::RS256, |k| k["n"] = modulus(8193)),
    ("RSA without a modulus", "missing_member", Algorithm::RS256, |k| drop(k, "n")),
    ("RSA with an empty modulus", "malformed_member", Algorithm::RS256, |k| k["n"] = json!("")),
    ("RSA with a leading zero", "leading_zero", Algorithm::RS256, |k| edit(k, "n", |n| n.insert(0, 0))),
    ("RSA with an even modulus", "even_modulus", Algorithm::RS256, |k| edit(k, "n", |n| n[255] &= 0xfe)),
    ("RSA of the broken generator", "factorable", Algorithm::RS256, |k| k["n"] = power_of_65537()),
    ("RSA without an exponent", "missing_member", Algorithm::RS256, |k| drop(k, "e")),
    ("RSA with an empty exponent", "malformed_member", Algorithm::RS256, |k| k["e"] = json!("")),
    ("RSA with exponent 1", "exponent_out_of_range", Algorithm::RS256, |k| k["e"] = json!("AQ")),
    ("RSA with exponent 3", "exponent_out_of_range", Algorithm::RS256, |k| k["e"] = json!("Aw")),
    ("RSA with exponent 65535", "exponent_out_of_range", Algorithm::RS256, |k| k["e"] = json!(base64url([255, 255]))),
    ("RSA with exponent 65536", "exponent_out_of_range", Algorithm::RS256, |k| k["e"] = json!(base64url([1, 0, 0]))),
    ("RSA with an even exponent", "exponent_out_of_range", Algorithm::RS256, |k| k["e"] = json!(base64url([1, 0, 2]))),
    ("RSA with an exponent over 32 bits", "exponent_out_of_range", Algorithm::RS256, |k| k["e"] = json!(base64url([1, 0, 1, 0, 1]))),
    ("RSA with a huge exponent", "exponent_out_of_range", Algorithm::RS256, |k| k["e"] = json!(base64url([1; 200]))),
    ("RSA with a zero before the exponent", "leading_zero", Algorithm::RS256, |k| edit(k, "e", |e| e.insert(0, 0))),
    ("private part of a curve", "private_key", Algorithm::ES256, |k| k["d"] = json!("AAAA")),
    ("private part of RSA", "private_key", Algorithm::RS256, |k| k["qi"] = json!("AAAA")),
    ("secret beside a public key", "private_key", Algorithm::RS256, |k| k["k"] = json!("AAAA")),
    ("symmetric", "symmetric", Algorithm::ES256, |k| *k = json!({"kty": "oct", "k": "AAAA", "alg": "HS256"})),
    ("symmetric and empty", "symmetric", Algorithm::ES256, |k| *k = json!({"kty": "oct", "k": ""})),
    ("null", "not_an_object", Algorithm::ES256, |k| *k = json!(null)),
    ("text", "not_an_object", Algorithm::ES256, |k| *k = json!("key")),
    ("a list", "not_an_object", Algorithm::ES256, |k| *k = json!([k])),
    ("an empty object", "missing_member", Algorithm::ES256, |k| *k = json!({})),
];

#[test]
fn each_is_skipped_with_its_reason_and_the_others_stay() {
    for (name, code, algorithm, change) in TABLE {
        let mut jwk = signer(*algorithm).jwk("bad");
        change(&mut jwk);
        let keys = key_set(&[
            signer(Algorithm::ES384).jwk("a"),
            jwk,
            signer(Algorithm::EdDSA).jwk("b"),
        ]);
        let kids: Vec<_> = keys.keys().map(|key| key.kid().unwrap()).collect();
        assert_eq!(kids, ["a", "b"], "{name}");
        let skipped: Vec<_> = keys.skipped().collect();
        assert_eq!(skipped.len(), 1, "{name}");
        assert_eq!(
            (skipped[0].position, skipped[0].reason.code()),
            (1, *code),
            "{name}: {}",
            skipped[0].reason
        );
    }
}

#[test]
fn coordinates_of_each_other_length_are_refused() {
    for (algorithm, member, right) in [
        (Algorithm::ES256, "x", 32),
        (Algorithm::ES256, "y", 32),
        (Algorithm::ES384, "x", 48),
        (Algorithm::ES512, "y", 66),
        (Algorithm::EdDSA, "x", 32),
    ] {
        for length in (0..80).filter(|length| *length != right) {
            let mut jwk = signer(algorithm).jwk("key");
            edit(&mut jwk, member, |bytes| bytes.resize(length, 7));
            let keys = key_set(&[jwk]);
            let reason = &keys.skipped().next().unwrap().reason;
            let SkipReason::WrongLength {
                length: found,
                expected,
                ..
            } = reason
            else {
                panic!("{algorithm} {length}: {reason}");
            };
            assert_eq!((*found, *expected), (length, right));
        }
    }
}

/// Bytes that are moved from one coordinate to the other, so that both together have the right length.
#[test]
fn a_point_cut_at_another_place_is_refused() {
    for cut in (0..=64).filter(|cut| *cut != 32) {
        let mut jwk = signer(Algorithm::ES256).jwk("key");
        let point = [bytes(&jwk, "x"), bytes(&jwk, "y")].concat();
        jwk["x"] = json!(base64url(&point[..cut]));
        jwk["y"] = json!(base64url(&point[cut..]));
        assert!(key_set(&[jwk]).is_empty(), "{cut}");
    }
}

#[test]
fn neither_of_two_keys_with_one_kid_is_used_unless_their_algorithms_tell() {
    let twin = Signer::generate(Algorithm::ES256);
    let keys = key_set(&[
        signer(Algorithm::ES256).jwk("same"),
        signer(Algorithm::RS256).jwk("same"),
        signer(Algorithm::ES256).jwk("other"),
        twin.jwk("same"),
    ]);
    let kept: Vec<_> = keys
        .keys()
        .map(|key| (key.kid().unwrap(), key.algorithms().count()))
        .collect();
    assert_eq!(kept, [("same", 6), ("other", 1)]);
    let skipped: Vec<_> = keys.skipped().map(|key| (key.position, &key.reason)).collect();
    assert_eq!(
        skipped,
        [(0, &SkipReason::DuplicateKid), (3, &SkipReason::DuplicateKid)]
    );

    let rsa = |alg: &str| {
        let mut jwk = signer(Algorithm::RS256).jwk("same");
        jwk["alg"] = json!(alg);
        jwk
    };
    assert_eq!(key_set(&[rsa("RS256"), rsa("PS256")]).len(), 2);
    let mut other = rsa("RS256");
    other["n"] = modulus(2048);
    assert_eq!(key_set(&[rsa("RS256"), other]).len(), 0);
}

/// The same key in several entries, as some issuers publish it while they rotate: it is one key.
#[test]
fn a_key_that_is_there_twice_counts_once() {
    let es256 = |kid: Option<&str>, members: Value| {
        let mut jwk = signer(Algorithm::ES256).jwk("key");
        match kid {
            Some(kid) => jwk["kid"] = json!(kid),
            None => drop(&mut jwk, "kid"),
        }
        jwk.as_object_mut()
            .unwrap()
            .extend(members.as_object().unwrap().clone());
        jwk
    };
    let skipped = |keys: &[Value]| -> Vec<(usize, &'static str)> {
        let set = key_set(keys);
        assert_eq!(set.len() + set.skipped().count(), keys.len());
        set.skipped()
            .map(|key| (key.position, key.reason.code()))
            .collect()
    };
    let plain = || es256(Some("key"), json!({}));
    assert_eq!(skipped(&[plain(), plain()]), [(1, "repeated")]);
    let three = [plain(), signer(Algorithm::EdDSA).jwk("b"), plain(), plain()];
    assert_eq!(skipped(&three), [(2, "repeated"), (3, "repeated")]);
    // Each of these verifies the same tokens.
    let same = [
        json!({"use": "sig"}),
        json!({"alg": "ES256"}),
        json!({"x5c": ["AAAA"]}),
        json!({"key_ops": ["verify"]}),
    ];
    for members in same {
        assert_eq!(
            skipped(&[plain(), es256(Some("key"), members)]),
            [(1, "repeated")]
        );
    }
    assert_eq!(
        skipped(&[es256(None, json!({})), es256(None, json!({}))]),
        [(1, "repeated")]
    );
    let message = key_set(&[plain(), plain()])
        .skipped()
        .next()
        .unwrap()
        .reason
        .to_string();
    assert_eq!(message, "it is the same key as entry 1, and counts once");

    // These are two keys: by their `kid`, their algorithms or their use.
    let rsa = |alg: Value| {
        let mut jwk = signer(Algorithm::RS256).jwk("key");
        jwk["alg"] = alg;
        jwk
    };
    assert_eq!(skipped(&[plain(), es256(Some("b"), json!({}))]), []);
    assert_eq!(skipped(&[plain(), es256(None, json!({}))]), []);
    assert_eq!(
        skipped(&[plain(), es256(Some("key"), json!({"use": "jwt-svid"}))]),
        []
    );
    let doubles = [(0, "duplicate_kid"), (1, "duplicate_kid")];
    assert_eq!(skipped(&[rsa(json!("RS256")), rsa(json!(null))]), doubles);
    // What a different key with its `kid` takes away, it takes from both.
    let stranger = Signer::generate(Algorithm::ES256).jwk("key");
    let found = [(0, "duplicate_kid"), (1, "repeated"), (2, "duplicate_kid")];
    assert_eq!(skipped(&[plain(), plain(), stranger]), found);
}

/// A token without a `kid` needs one key that fits, and one that is there twice is one.
#[test]
fn a_repeated_key_verifies_tokens() {
    for named in [true, false] {
        let mut attempt = Attempt::new(Algorithm::ES256);
        if !named {
            drop(&mut attempt.header, "kid");
            drop(attempt.jwk(), "kid");
        }
        let keys = attempt.keys.as_mut().unwrap();
        keys.push(keys[0].clone());
        assert_eq!(code(&attempt.run()), "accepted");
    }
}

#[test]
fn a_skipped_key_is_listed_with_a_kid_that_a_token_could_name() {
    let listed = |kid: Value| {
        let keys = key_set(&[json!({"kty": "oct", "kid": kid})]);
        keys.skipped().next().unwrap().kid.clone()
    };
    assert_eq!(listed(json!("key")).as_deref(), Some("key"));
    for kid in [json!(""), json!("a\nb"), json!("k".repeat(257)), json!(7)] {
        assert_eq!(listed(kid), None);
    }
}

#[test]
fn keys_without_a_kid_are_not_one_another_s_doubles() {
    let signers = [Algorithm::ES256, Algorithm::ES256, Algorithm::RS256].map(Signer::generate);
    let jwks = signers.map(|signer| {
        let mut jwk = signer.jwk("key");
        drop(&mut jwk, "kid");
        jwk
    });
    assert_eq!(key_set(&jwks).len(), 3);
}

#[test]
fn the_sizes_at_the_bounds_are_used() {
    for bits in [2048, 8192] {
        let mut jwk = signer(Algorithm::RS256).jwk("key");
        jwk["n"] = modulus(bits);
        let keys = key_set(&[jwk]);
        assert_eq!(keys.len(), 1, "{bits}: {:?}", keys.skipped().next());
    }
    let frame = r#"{"keys":[]}"#.len();
    let full = format!(r#"{{"keys":[]{}}}"#, " ".repeat(256 * 1024 - frame));
    assert!(KeySet::parse(full.as_bytes()).is_ok());
}

#[test]
fn the_alg_of_a_key_binds_it() {
    for algorithm in Algorithm::ALL {
        let mut jwk = signer(algorithm).jwk("key");
        jwk["alg"] = json!(algorithm.name());
        let keys = key_set(&[jwk]);
        let bound: Vec<_> = keys.keys().next().unwrap().algorithms().collect();
        assert_eq!(bound, [algorithm]);
    }
}

#[test]
fn whole_documents_are_refused() {
    let parse = |text: &str| KeySet::parse(text.as_bytes()).map(|_| ()).unwrap_err();
    for text in ["{}", r#"{"keys":null}"#, r#"{"keys":{}}"#, r#"{"Keys":[]}"#] {
        assert_eq!(parse(text), KeySetError::NoKeyList, "{text}");
    }
    for (text, fault) in [
        ("<!doctype html>", JsonFault::Syntax),
        ("", JsonFault::Syntax),
        ("[]", JsonFault::NotAnObject),
        (r#"{"keys":[],"keys":[]}"#, JsonFault::DuplicateMember),
        (
            r#"{"keys":[{"kty":"EC","kty":"RSA"}]}"#,
            JsonFault::DuplicateMember,
        ),
    ] {
        let KeySetError::NotJson(error) = parse(text) else {
            panic!("{text}");
        };
        assert_eq!(error.fault, fault, "{text}");
    }
    let too_many = json!({"keys": vec![json!({}); 101]}).to_string();
    assert_eq!(
        parse(&too_many),
        KeySetError::TooManyKeys {
            keys: 101,
            limit: 100
        }
    );
    let large = format!(r#"{{"keys":[]{}}}"#, " ".repeat(256 * 1024));
    assert_eq!(
        parse(&large),
        KeySetError::TooLarge {
            length: large.len(),
            limit: 256 * 1024
        }
    );
}

#[test]
fn large_sets_and_strange_members_are_no_fault() {
    let mut jwk = signer(Algorithm::RS256).jwk("key");
    jwk["x5c"] = json!(["A".repeat(20_000)]);
    jwk["x5t"] = json!(7);
    jwk["custom"] = json!({"deep": [[["x"]]]});
    let mut jwks = vec![jwk];
    jwks.extend((0..99).map(|n| signer(Algorithm::ES256).jwk(&format!("{n}"))));
    assert_eq!(key_set(&jwks).len(), 100);
}

#[test]
fn a_set_without_usable_keys_says_so() {
    let empty = KeySet::parse(br#"{"keys":[]}"#).unwrap();
    assert!(empty.is_empty() && empty.skipped().next().is_none());
    let symmetric = key_set(&[json!({"kty": "oct", "k": "AAAA"})]);
    assert!(symmetric.is_empty() && symmetric.skipped().count() == 1);
}

/// The example of RFC 7638 section 3.1 and that of RFC 8037 appendix A.3.
#[test]
fn thumbprints_are_those_of_the_specifications() {
    let rsa = json!({"kty": "RSA", "kid": "2011-04-29", "alg": "RS256", "e": "AQAB", "n": concat!(
        "0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc_BJECPebWKRXjBZCiFV4n3okn",
        "jhMstn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_FDW2QvzqY368QQMicAtaSqzs8KJZgnYb9c7d0zgdAZHzu6q",
        "MQvRL5hajrn1n91CbOpbISD08qNLyrdkt-bFTWhAI4vMQFh6WeZu0fM4lFd2NcRwr3XPksINHaQ-G_xBniIqbw0Ls1jF44-csFCur-kEgU8awap",
        "JzKnqDKgw",
    )});
    let ed25519 = json!({"kty": "OKP", "crv": "Ed25519", "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"});
    let keys = key_set(&[rsa, ed25519]);
    let thumbprints: Vec<_> = keys.keys().map(|key| key.thumbprint().to_string()).collect();
    assert_eq!(
        thumbprints,
        [
            "NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs",
            "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k",
        ]
    );
}

/// All keys of small order, and all that are not the one spelling of their point.
#[test]
fn ed25519_keys_of_small_order_are_refused() {
    let Some(path) = vectors("cctv-ed25519/ed25519vectors.json") else {
        return;
    };
    let cases: Vec<Value> = serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap();
    let mut seen = [0, 0];
    for case in cases {
        let hex = case["key"].as_str().unwrap();
        let key: Vec<u8> = (0..32)
            .map(|n| u8::from_str_radix(&hex[2 * n..2 * n + 2], 16).unwrap())
            .collect();
        let bad = |flag: &Value| matches!(flag.as_str(), Some("low_order_A" | "non_canonical_A"));
        let bad = case["flags"]
            .as_array()
            .is_some_and(|flags| flags.iter().any(bad));
        let keys = key_set(&[json!({"kty": "OKP", "crv": "Ed25519", "x": base64url(key)})]);
        assert_eq!(keys.is_empty(), bad, "{}", case["number"]);
        seen[usize::from(bad)] += 1;
    }
    assert!(seen[0] > 100 && seen[1] > 100, "{seen:?}");
}
