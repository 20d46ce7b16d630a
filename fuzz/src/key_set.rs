//! What is taken of a key set, read once more by somebody else.

#![allow(
    unreachable_pub,
    clippy::arithmetic_side_effects,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "whatever is odd here shall end the run"
)]

use aws_lc_rs::digest::{SHA256, digest};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD as BASE64};
use rolecall::{Algorithm, Key, KeySet, TokenKind};
use serde_json::{Value, json};

/// Reads a set, and looks at each entry of it with eyes of its own.
pub fn check(bytes: &[u8]) -> Option<KeySet> {
    let set = KeySet::parse(bytes).ok()?;
    // What we take for JSON, others do, too.
    let document: Value = serde_json::from_slice(bytes).unwrap();
    let entries = document["keys"].as_array().unwrap();
    let skipped: Vec<_> = set.skipped().map(|skipped| skipped.position).collect();
    assert!(skipped.is_sorted_by(|left, right| left < right));
    assert_eq!(skipped.len() + set.len(), entries.len());
    let used = (0..entries.len()).filter(|position| skipped.binary_search(position).is_err());
    let used: Vec<_> = used.map(|position| &entries[position]).collect();
    for (key, entry) in set.keys().zip(&used) {
        check_key(key, entry);
    }
    // Where there is room for another one.
    if entries.len() < 100 && bytes.len() < 32 * 1024 {
        check_neighbours(&set, entries, used.last().copied());
    }
    Some(set)
}

/// A key is public, large enough, made for signatures, and says of itself what its entry says.
fn check_key(key: &Key, jwk: &Value) {
    let text = |name: &str| jwk[name].as_str().unwrap();
    let member = |name: &str| jwk.get(name).filter(|value| !value.is_null());
    assert_eq!(key.kid(), member("kid").map(|kid| kid.as_str().unwrap()));
    for private in ["d", "dp", "dq", "k", "oth", "p", "q", "qi"] {
        assert!(member(private).is_none(), "{private}");
    }
    let is_svid = key.tokens() == TokenKind::JwtSvid;
    let purpose = member("use").map(|purpose| purpose.as_str().unwrap());
    assert!(if is_svid {
        purpose == Some("jwt-svid")
    } else {
        purpose.is_none_or(|purpose| purpose == "sig")
    });
    let operations = member("key_ops").map(|operations| operations.as_array().unwrap());
    assert!(operations.is_none_or(|operations| operations.contains(&json!("verify"))));

    let (fitting, members): (&[&str], _) = match text("kty") {
        "EC" => {
            let (algorithm, length) = match text("crv") {
                "P-256" => (&["ES256"], 32),
                "P-384" => (&["ES384"], 48),
                "P-521" => (&["ES512"], 66),
                other => panic!("{other}"),
            };
            assert!(["x", "y"].iter().all(|name| bytes(text(name)).len() == length));
            (
                algorithm,
                json!({"crv": text("crv"), "kty": "EC", "x": text("x"), "y": text("y")}),
            )
        }
        "OKP" => {
            assert_eq!((text("crv"), bytes(text("x")).len()), ("Ed25519", 32));
            (
                &["EdDSA"],
                json!({"crv": "Ed25519", "kty": "OKP", "x": text("x")}),
            )
        }
        "RSA" => {
            let (modulus, exponent) = (bytes(text("n")), bytes(text("e")));
            assert!(modulus[0] >= 0x80 && modulus.len() == 256 || modulus[0] > 0 && modulus.len() > 256);
            assert!(modulus.len() <= 1024 && modulus[modulus.len() - 1] % 2 == 1);
            assert!((3..=4).contains(&exponent.len()) && exponent[exponent.len() - 1] % 2 == 1);
            let all = &["PS256", "PS384", "PS512", "RS256", "RS384", "RS512"];
            (all, json!({"e": text("e"), "kty": "RSA", "n": text("n")}))
        }
        other => panic!("{other}"),
    };
    let names: Vec<_> = key.algorithms().map(Algorithm::name).collect();
    match member("alg").map(|alg| alg.as_str().unwrap()) {
        Some("Ed25519") => assert_eq!(names, ["EdDSA"]),
        Some(alg) => assert!(names == [alg] && fitting.contains(&alg)),
        None => assert_eq!(names, fitting),
    }
    // The members stand in alphabetical order (RFC 7638 section 3.3).
    let thumbprint = digest(&SHA256, members.to_string().as_bytes());
    assert_eq!(key.thumbprint().to_string(), BASE64.encode(thumbprint));
}

fn bytes(text: &str) -> Vec<u8> {
    BASE64.decode(text).unwrap()
}

/// One more entry that cannot be used changes nothing about the others, also if it has the name of one; so does one that
/// is there already. Another key with the name of one takes that away: nobody could say which of the two is meant.
fn check_neighbours(set: &KeySet, entries: &[Value], used: Option<&Value>) {
    let with = |entry: Value| {
        let mut more = entries.to_vec();
        more.insert(entries.len() / 2, entry);
        KeySet::parse(json!({ "keys": more }).to_string().as_bytes()).unwrap()
    };
    let mut secret = json!({"kty": "oct", "k": "AAAA"});
    if let Some(used) = used {
        secret["kty"] = used["kty"].clone();
        secret["kid"] = used.get("kid").cloned().unwrap_or_default();
    }
    let more = with(secret);
    assert!(more.keys().eq(set.keys()));
    assert_eq!(more.skipped().count(), set.skipped().count() + 1);
    let Some(used) = used else { return };
    let twice = with(used.clone());
    assert_eq!(twice.len(), set.len());
    assert!(set.keys().all(|key| twice.keys().any(|other| other == key)));
    assert_eq!(twice.skipped().count(), set.skipped().count() + 1);
    if used.get("kid").is_some_and(Value::is_string) && used["kty"] == "EC" && used["crv"] == "P-256" {
        let mut other = used.clone();
        // The base point of the curve (SEC 2 section 2.4.2).
        other["x"] = json!("axfR8uEsQkf4vOblY6RA8ncDfYEt6zOg9KE5RdiYwpY");
        other["y"] = json!("T-NC4v4af5uO5-tKfA-eFivOM1drMV7Oy7ZAaDe_UfU");
        let both = with(other.clone());
        if other["x"] != used["x"] {
            assert!(both.keys().eq(set.keys().take(set.len() - 1)));
            assert_eq!(both.skipped().count(), set.skipped().count() + 2);
        }
    }
}
