//! Keys that no issuer should publish: whole classes of them, each by itself and among good ones.

use crate::outside::vectors;
use crate::support::{Attempt, Signer, base64url, code, key_set, signer};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use rolecall::Algorithm;
use serde_json::{Value, json};

type Change = fn(&mut Value);

/// Why the one key of a set is skipped, or that it is used.
fn reason(jwk: &Value) -> &'static str {
    let keys = key_set(std::slice::from_ref(jwk));
    keys.skipped().next().map_or("used", |key| key.reason.code())
}

/// An ES256 key with something wrong that other readers refuse the whole set for, or overlook.
#[rustfmt::skip]
const TABLE: &[(&str, &str, Change)] = &[
    ("entry is null", "not_an_object", |k| *k = json!(null)),
    ("entry is true", "not_an_object", |k| *k = json!(true)),
    ("entry is a number", "not_an_object", |k| *k = json!(7)),
    ("entry is text", "not_an_object", |k| *k = json!(k.to_string())),
    ("entry is a list of it", "not_an_object", |k| *k = json!([k])),
    ("entry is an empty object", "missing_member", |k| *k = json!({})),
    ("entry is a set of it", "missing_member", |k| *k = json!({"keys": [k]})),
    ("kty is null", "missing_member", |k| k["kty"] = json!(null)),
    ("kty is a list", "malformed_member", |k| k["kty"] = json!(["EC"])),
    ("kty is empty", "unsupported_key_type", |k| k["kty"] = json!("")),
    ("kty with a space", "unsupported_key_type", |k| k["kty"] = json!("EC ")),
    ("kty of both", "unsupported_key_type", |k| k["kty"] = json!("EC,RSA")),
    ("kid is true", "malformed_member", |k| k["kid"] = json!(true)),
    ("kid is a list", "malformed_member", |k| k["kid"] = json!(["bad"])),
    ("kid is an object", "malformed_member", |k| k["kid"] = json!({})),
    ("kid with a newline", "malformed_member", |k| k["kid"] = json!("bad\n")),
    ("kid with an escape sequence", "malformed_member", |k| k["kid"] = json!("\u{1b}[2J")),
    ("use is a number", "malformed_member", |k| k["use"] = json!(1)),
    ("use is a list", "malformed_member", |k| k["use"] = json!(["sig"])),
    ("use is empty", "not_for_verifying", |k| k["use"] = json!("")),
    ("use in capitals", "not_for_verifying", |k| k["use"] = json!("SIG")),
    ("use for both", "not_for_verifying", |k| k["use"] = json!("sig enc")),
    ("use for encryption", "not_for_verifying", |k| k["use"] = json!("enc")),
    ("operations are an object", "malformed_member", |k| k["key_ops"] = json!({"verify": true})),
    ("operations are lists", "malformed_member", |k| k["key_ops"] = json!([["verify"]])),
    ("operations without verifying", "not_for_verifying", |k| k["key_ops"] = json!(["sign"])),
    ("operations in capitals", "not_for_verifying", |k| k["key_ops"] = json!(["Verify"])),
    ("operations with deriving", "not_for_verifying", |k| k["key_ops"] = json!(["verify", "deriveBits"])),
    ("operations against the use", "not_for_verifying", |k| { k["use"] = json!("enc"); k["key_ops"] = json!(["verify"]); }),
    ("alg is a number", "malformed_member", |k| k["alg"] = json!(-7)),
    ("alg is a list", "malformed_member", |k| k["alg"] = json!(["ES256"])),
    ("alg is empty", "unsupported_algorithm", |k| k["alg"] = json!("")),
    ("alg is none", "unsupported_algorithm", |k| k["alg"] = json!("none")),
    ("alg in small letters", "unsupported_algorithm", |k| k["alg"] = json!("es256")),
    ("alg of key agreement", "unsupported_algorithm", |k| k["alg"] = json!("ECDH-ES")),
    ("crv is a number", "malformed_member", |k| k["crv"] = json!(1)),
    ("crv is empty", "unsupported_curve", |k| k["crv"] = json!("")),
    ("crv without its hyphen", "unsupported_curve", |k| k["crv"] = json!("P256")),
    ("crv in small letters", "unsupported_curve", |k| k["crv"] = json!("p-256")),
    ("crv by its other name", "unsupported_curve", |k| k["crv"] = json!("secp256r1")),
    ("coordinate is a number", "malformed_member", |k| k["x"] = json!(7)),
    ("coordinate is null", "missing_member", |k| k["y"] = json!(null)),
    ("coordinate is a list of bytes", "malformed_member", |k| k["x"] = json!(vec![1; 32])),
    ("coordinates as one", "wrong_length", |k| { let x = k["x"].as_str().unwrap(); k["x"] = json!(format!("{x}A{x}")); }),
    ("coordinates of 180,000 bytes", "wrong_length", |k| k["x"] = json!("A".repeat(180_000))),
    // `null` says nothing.
    ("kid is null", "used", |k| k["kid"] = json!(null)),
    ("use is null", "used", |k| k["use"] = json!(null)),
    ("operations are null", "used", |k| k["key_ops"] = json!(null)),
    ("alg is null", "used", |k| k["alg"] = json!(null)),
    ("private part that is null", "used", |k| k["d"] = json!(null)),
    ("certificates that are null", "used", |k| k["x5c"] = json!(null)),
    // What nobody uses cannot be wrong.
    ("certificates that are text", "used", |k| k["x5c"] = json!("AAAA")),
    ("certificates that are numbers", "used", |k| k["x5c"] = json!([1, null])),
    ("fingerprint that is a number", "used", |k| k["x5t#S256"] = json!(1)),
    ("address of another key", "used", |k| k["x5u"] = json!("https://evil.example")),
    ("expiry that is over", "used", |k| k["exp"] = json!(1)),
];

/// At the front, in the middle and at the end: tokens of the other keys are accepted.
#[test]
fn one_bad_entry_harms_no_other() {
    for (name, expected, change) in TABLE {
        for place in 0..3 {
            let mut attempt = Attempt::new(Algorithm::EdDSA);
            let mut bad = signer(Algorithm::ES256).jwk("bad");
            change(&mut bad);
            let mut keys = vec![
                signer(Algorithm::EdDSA).jwk("key"),
                signer(Algorithm::RS256).jwk("third"),
            ];
            keys.insert(place, bad);
            let set = key_set(&keys);
            let skipped: Vec<_> = set
                .skipped()
                .map(|key| (key.position, key.reason.code()))
                .collect();
            let listed = if *expected == "used" {
                vec![]
            } else {
                vec![(place, *expected)]
            };
            assert_eq!(skipped, listed, "{name}");
            attempt.keys = Some(keys);
            assert_eq!(code(&attempt.run()), "accepted", "{name}");
        }
    }
}

/// A token of the damaged key itself is refused, whatever the damage.
#[test]
fn no_bad_key_verifies_its_own_token() {
    for (name, expected, change) in TABLE.iter().filter(|(_, expected, _)| *expected != "used") {
        let mut attempt = Attempt::new(Algorithm::ES256);
        change(attempt.jwk());
        let found = code(&attempt.run());
        assert!(
            matches!(found, "unusable_key" | "unknown_key"),
            "{name}: {found} for {expected}"
        );
    }
}

#[test]
fn a_key_is_for_the_algorithms_of_its_kind() {
    for algorithm in Algorithm::ALL {
        for named in Algorithm::ALL {
            let mut jwk = signer(algorithm).jwk("key");
            jwk["alg"] = json!(named.name());
            let rsa = |algorithm: Algorithm| matches!(algorithm.name().as_bytes()[0], b'R' | b'P');
            let fits = named == algorithm || rsa(named) && rsa(algorithm);
            assert_eq!(
                reason(&jwk),
                if fits { "used" } else { "wrong_algorithm" },
                "{algorithm} as {named}"
            );
        }
    }
}

/// Every curve's name on every curve's bytes, for both types of keys. Only 32 bytes named Ed25519 are always such a key.
#[test]
fn a_curve_is_what_its_name_says() {
    let curves = [
        (Algorithm::ES256, "P-256"),
        (Algorithm::ES384, "P-384"),
        (Algorithm::ES512, "P-521"),
        (Algorithm::EdDSA, "Ed25519"),
    ];
    let others = [
        "X25519",
        "Ed448",
        "X448",
        "secp256k1",
        "P-192",
        "P-224",
        "BP-256",
        "Curve25519",
        "ed25519",
    ];
    for (algorithm, own) in curves {
        for (kty, own_kty) in [("EC", own != "Ed25519"), ("OKP", own == "Ed25519")] {
            for name in curves.map(|(_, name)| name).into_iter().chain(others) {
                if (own, kty, name) == ("P-256", "OKP", "Ed25519") {
                    continue;
                }
                let mut jwk = signer(algorithm).jwk("key");
                jwk["crv"] = json!(name);
                jwk["kty"] = json!(kty);
                assert_eq!(
                    reason(&jwk) == "used",
                    name == own && own_kty,
                    "{own} as {kty} {name}"
                );
            }
        }
    }
}

/// Points that are none, on each curve: zeros, coordinates off by a bit, beyond the field or in the other's place.
#[test]
fn a_point_lies_on_its_curve() {
    for (algorithm, length) in [
        (Algorithm::ES256, 32),
        (Algorithm::ES384, 48),
        (Algorithm::ES512, 66),
    ] {
        let jwk = signer(algorithm).jwk("key");
        let bytes = |member: &str| URL_SAFE_NO_PAD.decode(jwk[member].as_str().unwrap()).unwrap();
        let (x, y) = (bytes("x"), bytes("y"));
        let flipped = |bytes: &[u8], bit: usize| {
            let mut changed = bytes.to_vec();
            changed[bit / 8] ^= 1 << (bit % 8);
            changed
        };
        let (zeros, ones) = (vec![0; length], vec![0xff; length]);
        let mut points = vec![
            (zeros.clone(), zeros.clone()),
            (zeros.clone(), y.clone()),
            (x.clone(), zeros),
            (ones.clone(), ones.clone()),
            (ones.clone(), y.clone()),
            (x.clone(), ones),
            (y.clone(), x.clone()),
            (x.clone(), x.clone()),
        ];
        // Most numbers are no coordinate at all; the other half is one of the wrong point, so only y is flipped everywhere.
        points.extend((0..length * 8).map(|bit| (x.clone(), flipped(&y, bit))));
        for (n, (x, y)) in points.into_iter().enumerate() {
            let mut jwk = jwk.clone();
            jwk["x"] = json!(base64url(x));
            jwk["y"] = json!(base64url(y));
            assert_eq!(reason(&jwk), "invalid_key", "{algorithm}, {n}");
        }
    }
}

#[test]
fn whoever_publishes_a_private_key_has_no_key() {
    for algorithm in [
        Algorithm::EdDSA,
        Algorithm::ES256,
        Algorithm::ES384,
        Algorithm::ES512,
        Algorithm::RS256,
    ] {
        for member in ["d", "dp", "dq", "k", "oth", "p", "q", "qi"] {
            let mut jwk = signer(algorithm).jwk("key");
            for value in [json!("AAAA"), json!(""), json!(0), json!([]), json!(false)] {
                jwk[member] = value;
                assert_eq!(reason(&jwk), "private_key", "{algorithm}: {jwk}");
            }
            // Some serializers write every member of a key: nothing is published by that.
            jwk[member] = json!(null);
            assert_eq!(reason(&jwk), "used", "{algorithm}: {jwk}");
        }
    }
    for (file, expected) in [
        ("3_1.ec_public_key", "used"),
        ("3_2.ec_private_key", "private_key"),
        ("3_3.rsa_public_key", "used"),
        ("3_4.rsa_private_key", "private_key"),
        ("3_5.symmetric_key_mac_computation", "symmetric"),
        ("3_6.symmetric_key_encryption", "symmetric"),
    ] {
        let Some(path) = vectors(&format!("rfc7520-cookbook/jwk/{file}.json")) else {
            return;
        };
        let jwk: Value = serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap();
        assert_eq!(reason(&jwk), expected, "{file}");
    }
}

/// An odd modulus of so many bits.
fn modulus(bits: usize) -> Vec<u8> {
    let mut bytes = vec![0xa5_u8; bits.div_ceil(8)];
    bytes[0] = 1 << ((bits - 1) % 8);
    *bytes.last_mut().unwrap() |= 1;
    bytes
}

fn rsa(modulus: impl AsRef<[u8]>, exponent: impl AsRef<[u8]>) -> Value {
    json!({"kty": "RSA", "kid": "key", "n": base64url(modulus), "e": base64url(exponent)})
}

#[test]
fn rsa_keys_have_2048_to_8192_bits() {
    for bits in (1..2048)
        .chain(8193..8300)
        .chain([9216, 10_000, 15_360, 16_384, 65_536, 1_000_000])
    {
        assert_eq!(reason(&rsa(modulus(bits), [1, 0, 1])), "rsa_size", "{bits}");
    }
    for bits in [2048, 2049, 3072, 4096, 8191, 8192] {
        assert_eq!(reason(&rsa(modulus(bits), [1, 0, 1])), "used", "{bits}");
    }
}

#[test]
fn rsa_exponents_are_odd_and_over_16_bits_and_at_most_32() {
    let modulus = modulus(2048);
    let bytes = |exponent: u32| {
        exponent
            .to_be_bytes()
            .into_iter()
            .skip_while(|byte| *byte == 0)
            .collect::<Vec<_>>()
    };
    let bad = (1..300).chain([
        0x101,
        0xfff1,
        0xffff,
        0x1_0000,
        0x1_0002,
        0x2_0000,
        0x8000_0000,
        0xffff_fffe,
    ]);
    for exponent in bad {
        assert_eq!(
            reason(&rsa(&modulus, bytes(exponent))),
            "exponent_out_of_range",
            "{exponent}"
        );
    }
    for exponent in [0x1_0001, 0x1_0003, 0xff_ffff, 0x8000_0001, 0xffff_ffff] {
        assert_eq!(reason(&rsa(&modulus, bytes(exponent))), "used", "{exponent}");
    }
    for length in [5, 8, 9, 32, 255, 256, 257, 1024, 100_000] {
        assert_eq!(
            reason(&rsa(&modulus, vec![1; length])),
            "exponent_out_of_range",
            "{length} bytes"
        );
    }
    assert_eq!(reason(&rsa(&modulus, &modulus)), "exponent_out_of_range");
}

/// Members in another base64 than the one of JOSE: one key would have several spellings and thumbprints.
#[test]
fn numbers_of_keys_have_one_spelling() {
    for (algorithm, members) in [
        (Algorithm::ES256, &["x", "y"][..]),
        (Algorithm::EdDSA, &["x"]),
        (Algorithm::RS256, &["n", "e"]),
    ] {
        for member in members {
            let own = signer(algorithm).jwk("key")[*member].as_str().unwrap().to_owned();
            let padded = format!("{own:=<length$}", length = own.len().next_multiple_of(4));
            for text in [
                format!("{own}="),
                format!("{own}=="),
                format!("{padded}="),
                format!(" {own}"),
                format!("{own} "),
                format!("{own}\n"),
                format!("{own}\0"),
                format!("{own}."),
                format!("+{}", &own[1..]),
                format!("/{}", &own[1..]),
                format!("%41{}", &own[1..]),
                format!("{}\r\n{}", &own[..2], &own[2..]),
                format!("{own}A"),
                format!("é{own}"),
                "*".to_owned(),
            ] {
                let mut jwk = signer(algorithm).jwk("key");
                jwk[*member] = json!(text);
                let found = reason(&jwk);
                // One more letter can also make a number that is too long or no number of a key.
                assert_ne!(found, "used", "{algorithm}: {member} {text:?}");
                assert!(
                    found == "malformed_member" || text.ends_with('A'),
                    "{algorithm}: {member} {text:?}: {found}"
                );
            }
        }
    }
}

/// The certificate of a key is not looked at: its numbers count, also where the certificate is somebody else's.
#[test]
fn a_certificate_says_nothing_of_a_key() {
    let other = Signer::generate(Algorithm::ES256);
    let mut attempt = Attempt::new(Algorithm::ES256);
    attempt.jwk()["x5c"] = json!([base64::engine::general_purpose::STANDARD.encode(other.spki())]);
    assert_eq!(code(&attempt.run()), "accepted");
    let token = other.token(
        r#"{"alg":"ES256","kid":"key"}"#,
        crate::support::claims().to_string(),
    );
    assert_eq!(code(&attempt.verify(&token)), "bad_signature");
}

/// Symmetric entries at each place of a set, also with the kid of a good key.
#[test]
fn symmetric_entries_are_not_there() {
    let secret = base64url([7; 64]);
    for algorithm in [Algorithm::RS256, Algorithm::ES512, Algorithm::EdDSA] {
        for place in 0..3 {
            for kid in ["key", "other"] {
                let mut attempt = Attempt::new(algorithm);
                let mut keys = vec![
                    signer(algorithm).jwk("key"),
                    signer(Algorithm::ES384).jwk("third"),
                ];
                keys.insert(
                    place,
                    json!({"kty": "oct", "kid": kid, "k": secret, "alg": "HS256", "use": "sig"}),
                );
                attempt.keys = Some(keys);
                assert_eq!(code(&attempt.run()), "accepted", "{algorithm}, {place}, {kid}");
            }
        }
    }
}
