//! The table of refusals: what is wrong with a token, and the code that its error has.

#![allow(
    clippy::arithmetic_side_effects,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::string_slice,
    clippy::unwrap_used,
    reason = "tests may end early"
)]

mod support;

use std::collections::BTreeSet;

use rolecall::{Algorithm, UnixTime, VerifyError};
use serde_json::{Value, json};
use support::{Attempt, NOW, Signer, URL, base64url, drop, signer};

type Change = fn(&mut Attempt);

/// Every code that a verifier's refusal can have. A gate's can also be `keys_unavailable`.
const CODES: &str = "algorithm_not_allowed ambiguous_key bad_signature claims_not_json encrypted_token expired \
    forbidden_header header_not_json issued_in_future lives_too_long malformed_claim malformed_header malformed_token \
    missing_claim no_keys not_an_id_token not_yet_valid several_audiences times_out_of_order token_too_large \
    unknown_issuer unknown_key unsupported_algorithm unusable_key wrong_algorithm wrong_audience \
    wrong_authorized_party wrong_type";

#[rustfmt::skip]
const TABLE: &[(&str, &str, Change)] = &[
    // The form of the token.
    ("empty", "malformed_token", |a| a.reshape = |_| String::new()),
    ("one segment", "malformed_token", |a| a.reshape = |t| segment(&t, 0)),
    ("two segments", "malformed_token", |a| a.reshape = |t| t.rsplit_once('.').unwrap().0.to_owned()),
    ("four segments", "malformed_token", |a| a.reshape = |t| t + ".AAAA"),
    ("five segments, as an encrypted token", "encrypted_token", |a| a.reshape = |t| t + ".AAAA.AAAA"),
    ("six segments", "malformed_token", |a| a.reshape = |t| t + ".AAAA.AAAA.AAAA"),
    ("only dots", "malformed_token", |a| a.reshape = |_| "..".to_owned()),
    ("dots without end", "token_too_large", |a| a.reshape = |_| ".".repeat(16 * 1024 + 1)),
    ("no signature", "malformed_token", |a| a.reshape = |t| replace(&t, 2, "")),
    ("detached payload", "malformed_token", |a| a.reshape = |t| replace(&t, 1, "")),
    ("no header", "malformed_token", |a| a.reshape = |t| replace(&t, 0, "")),
    ("padded", "malformed_token", |a| a.reshape = |t| t + "="),
    ("space in front", "malformed_token", |a| a.reshape = |t| format!(" {t}")),
    ("newline behind", "malformed_token", |a| a.reshape = |t| t + "\n"),
    ("scheme in front", "malformed_token", |a| a.reshape = |t| format!("Bearer {t}")),
    ("base64 of the other alphabet", "malformed_token", |a| a.reshape = |t| replace(&t, 1, "e+/7")),
    ("length that base64 cannot have", "malformed_token", |a| a.reshape = |t| replace(&t, 2, "AAAAA")),
    ("unused bits in the signature", "malformed_token", |a| a.reshape = |t| t[..t.len() - 1].to_owned() + other_spelling(&t)),
    ("JSON serialization", "malformed_token", |a| a.reshape = |t| json_serialization(&t)),
    ("JSON around a good token", "malformed_token", |a| a.reshape = |t| format!("{{\"x\":\"{t}\"}}")),
    ("large token", "token_too_large", |a| a.claims["x"] = json!(vec!["x".repeat(4096); 3])),
    ("large header", "token_too_large", |a| a.header["x"] = json!("x".repeat(3072))),
    // The header.
    ("header is no JSON", "header_not_json", |a| a.header_bytes = Some(b"alg".to_vec())),
    ("header is a list", "header_not_json", |a| a.header_bytes = Some(b"[\"ES256\",\"key\",\"JWT\",1,2]".to_vec())),
    ("header names a member twice", "header_not_json", |a| a.header_bytes = Some(br#"{"alg":"ES256","kid":"key","kid":"key"}"#.to_vec())),
    ("header names an unknown member twice", "header_not_json", |a| a.header_bytes = Some(br#"{"alg":"ES256","kid":"key","z":1,"z":1}"#.to_vec())),
    ("header starts with a byte order mark", "header_not_json", |a| a.header_bytes = Some([b"\xef\xbb\xbf", a.header.to_string().as_bytes()].concat())),
    ("no alg", "malformed_header", |a| drop(&mut a.header, "alg")),
    ("alg is null", "malformed_header", |a| a.header["alg"] = json!(null)),
    ("alg is a list", "malformed_header", |a| a.header["alg"] = json!(["ES256"])),
    ("alg is empty", "unsupported_algorithm", |a| a.header["alg"] = json!("")),
    ("alg is none", "unsupported_algorithm", |a| a.header["alg"] = json!("none")),
    ("alg is None", "unsupported_algorithm", |a| a.header["alg"] = json!("None")),
    ("alg is nOnE", "unsupported_algorithm", |a| a.header["alg"] = json!("nOnE")),
    ("alg in small letters", "unsupported_algorithm", |a| a.header["alg"] = json!("es256")),
    ("alg with a space", "unsupported_algorithm", |a| a.header["alg"] = json!("ES256 ")),
    ("alg with a zero byte", "unsupported_algorithm", |a| a.header["alg"] = json!("ES256\0")),
    ("alg with a look-alike letter", "unsupported_algorithm", |a| a.header["alg"] = json!("\u{415}S256")),
    ("alg is symmetric", "unsupported_algorithm", |a| a.header["alg"] = json!("HS256")),
    ("alg of another curve", "unsupported_algorithm", |a| a.header["alg"] = json!("ES256K")),
    ("alg of the future", "unsupported_algorithm", |a| a.header["alg"] = json!("ML-DSA-65")),
    ("alg that the issuer does not use", "algorithm_not_allowed", |a| a.issuer.algorithms = vec![Algorithm::RS256]),
    ("crit with an unknown name", "forbidden_header", |a| { a.header["crit"] = json!(["x"]); a.header["x"] = json!(1); }),
    ("crit with a known name", "forbidden_header", |a| a.header["crit"] = json!(["alg"])),
    ("crit is empty", "forbidden_header", |a| a.header["crit"] = json!([])),
    ("crit is null", "forbidden_header", |a| a.header["crit"] = json!(null)),
    ("payload that is not encoded", "forbidden_header", |a| a.header["b64"] = json!(false)),
    ("b64 that changes nothing", "forbidden_header", |a| a.header["b64"] = json!(true)),
    ("compressed", "forbidden_header", |a| a.header["zip"] = json!("DEF")),
    ("encrypted", "forbidden_header", |a| a.header["enc"] = json!("A128GCM")),
    ("token in a token", "forbidden_header", |a| a.header["cty"] = json!("JWT")),
    ("access token by type", "wrong_type", |a| a.header["typ"] = json!("at+jwt")),
    ("logout token by type", "wrong_type", |a| a.header["typ"] = json!("logout+jwt")),
    ("security event by type", "wrong_type", |a| a.header["typ"] = json!("secevent+jwt")),
    ("proof by type", "wrong_type", |a| a.header["typ"] = json!("dpop+jwt")),
    ("client assertion by type", "wrong_type", |a| a.header["typ"] = json!("client-authentication+jwt")),
    ("empty type", "wrong_type", |a| a.header["typ"] = json!("")),
    ("type is a number", "malformed_header", |a| a.header["typ"] = json!(1)),
    ("kid is a number", "malformed_header", |a| a.header["kid"] = json!(1)),
    ("kid is null", "malformed_header", |a| a.header["kid"] = json!(null)),
    ("kid is empty", "malformed_header", |a| a.header["kid"] = json!("")),
    ("kid is long", "malformed_header", |a| a.header["kid"] = json!("k".repeat(257))),
    ("kid with a line of a log", "malformed_header", |a| a.header["kid"] = json!("key\nok")),
    // Keys.
    ("no keys at all", "no_keys", |a| a.keys = None),
    ("empty key set", "unknown_key", |a| a.keys = Some(vec![])),
    ("kid that no key has", "unknown_key", |a| a.header["kid"] = json!("yek")),
    ("kid as a path", "unknown_key", |a| a.header["kid"] = json!("../../dev/null")),
    ("kid as a query", "unknown_key", |a| a.header["kid"] = json!("key' OR 1=1 --")),
    ("kid, and the key has none", "unknown_key", |a| drop(a.jwk(), "kid")),
    ("no kid, and no key fits", "unknown_key", |a| { drop(&mut a.header, "kid"); a.keys = Some(vec![signer(Algorithm::ES384).jwk("key")]); }),
    ("no kid, and two keys fit", "ambiguous_key", |a| { drop(&mut a.header, "kid"); let jwk = Signer::generate(Algorithm::ES256).jwk("b"); a.keys.as_mut().unwrap().push(jwk); }),
    ("kid of two keys", "unusable_key", |a| { let jwk = Signer::generate(Algorithm::ES256).jwk("key"); a.keys.as_mut().unwrap().push(jwk); }),
    ("key for encryption", "unusable_key", |a| a.jwk()["use"] = json!("enc")),
    ("key for another operation", "unusable_key", |a| a.jwk()["key_ops"] = json!(["deriveKey"])),
    ("key with its private part", "unusable_key", |a| a.jwk()["d"] = json!("AAAA")),
    ("symmetric key of that kid", "unusable_key", |a| a.keys = Some(vec![json!({"kty": "oct", "k": "AAAA", "kid": "key"})])),
    ("key of another curve", "wrong_algorithm", |a| a.keys = Some(vec![signer(Algorithm::ES384).jwk("key")])),
    ("key of another type", "wrong_algorithm", |a| a.keys = Some(vec![signer(Algorithm::RS256).jwk("key")])),
    ("key bound to another algorithm", "wrong_algorithm", |a| { *a = Attempt::new(Algorithm::RS256); a.jwk()["alg"] = json!("PS512"); }),
    // The signature.
    ("signed by another key", "bad_signature", |a| a.keys = Some(vec![Signer::generate(Algorithm::ES256).jwk("key")])),
    ("signed with another algorithm of the key", "bad_signature", |a| { *a = Attempt::new(Algorithm::PS256); a.header["alg"] = json!("RS256"); }),
    ("signed by the key that it brings", "bad_signature", |a| { a.header["jwk"] = a.jwk().clone(); a.keys = Some(vec![Signer::generate(Algorithm::ES256).jwk("key")]); }),
    ("signature of zeros", "bad_signature", |a| a.reshape = |t| replace(&t, 2, &base64url([0; 64]))),
    ("signature a byte short", "bad_signature", |a| a.reshape = |t| replace(&t, 2, &base64url([1; 63]))),
    ("signature a byte long", "bad_signature", |a| a.reshape = |t| replace(&t, 2, &base64url([1; 65]))),
    ("payload of another token", "bad_signature", |a| a.reshape = |t| { let mut other = Attempt::new(Algorithm::ES256); other.claims["project_path"] = json!("evil"); replace(&t, 1, &segment(&other.token(), 1)) }),
    ("expired, and signed by another key", "bad_signature", |a| { a.now = NOW + 9999; a.keys = Some(vec![Signer::generate(Algorithm::ES256).jwk("key")]); }),
    ("for another audience, and signed by another key", "bad_signature", |a| { a.claims["aud"] = json!("x"); a.keys = Some(vec![Signer::generate(Algorithm::ES256).jwk("key")]); }),
    // The claims as JSON.
    ("claims are no JSON", "claims_not_json", |a| a.payload_bytes = Some(b"foo".to_vec())),
    ("claims are a list", "claims_not_json", |a| a.payload_bytes = Some(format!("[{}]", a.claims).into_bytes())),
    ("claims are a token", "claims_not_json", |a| a.payload_bytes = Some(Attempt::new(Algorithm::ES256).token().into_bytes())),
    ("claims are two documents", "claims_not_json", |a| a.payload_bytes = Some(format!("{0}{0}", a.claims).into_bytes())),
    ("claim named twice", "claims_not_json", |a| edit(a, "\"project_path\":", "\"project_path\":\"good\",\"project_path\":")),
    ("issuer named twice, once escaped", "claims_not_json", |a| edit(a, "\"iss\":", "\"i\\u0073s\":\"x\",\"iss\":")),
    ("member named twice further down", "claims_not_json", |a| edit(a, "\"iss\":", "\"a\":[{\"b\":{\"c\":1,\"c\":1}}],\"iss\":")),
    ("half a character in a claim", "claims_not_json", |a| edit(a, "\"iss\":", "\"a\":\"\\ud800\",\"iss\":")),
    ("claims are not UTF-8", "claims_not_json", |a| { let bytes = a.claims.to_string().into_bytes(); a.payload_bytes = Some(bytes.into_iter().map(|byte| if byte == b':' { b':' } else if byte == b'/' { 0xff } else { byte }).collect()); }),
    ("number beyond all numbers", "claims_not_json", |a| edit(a, "\"iss\":", "\"a\":1e400,\"iss\":")),
    ("depth without end", "claims_not_json", |a| edit(a, "\"iss\":", &format!("\"a\":{}{},\"iss\":", "[".repeat(2000), "]".repeat(2000)))),
    ("many claims", "claims_not_json", |a| for n in 0..257 { a.claims[format!("c{n}")] = json!(n); }),
    // The issuer.
    ("no iss", "missing_claim", |a| drop(&mut a.claims, "iss")),
    ("iss is null", "malformed_claim", |a| a.claims["iss"] = json!(null)),
    ("iss is a number", "malformed_claim", |a| a.claims["iss"] = json!(1)),
    ("iss is an object", "malformed_claim", |a| a.claims["iss"] = json!({"iss": URL})),
    ("iss is a list with the good one", "malformed_claim", |a| a.claims["iss"] = json!([URL, "https://evil.example"])),
    ("iss is a list of the good one", "malformed_claim", |a| a.claims["iss"] = json!([URL])),
    ("iss is empty", "unknown_issuer", |a| a.claims["iss"] = json!("")),
    ("iss with a slash", "unknown_issuer", |a| a.claims["iss"] = json!("https://gitlab.example/")),
    ("iss in capitals", "unknown_issuer", |a| a.claims["iss"] = json!("https://GitLab.example")),
    ("iss with the default port", "unknown_issuer", |a| a.claims["iss"] = json!("https://gitlab.example:443")),
    ("iss with a user", "unknown_issuer", |a| a.claims["iss"] = json!("https://me@gitlab.example")),
    ("iss as the user of another host", "unknown_issuer", |a| a.claims["iss"] = json!("https://gitlab.example@evil.example")),
    ("iss as a prefix of another host", "unknown_issuer", |a| a.claims["iss"] = json!("https://gitlab.example.evil.example")),
    ("iss with a dot segment", "unknown_issuer", |a| a.claims["iss"] = json!("https://gitlab.example/.")),
    ("iss with an escaped slash", "unknown_issuer", |a| a.claims["iss"] = json!("https://gitlab.example%2f")),
    ("iss without TLS", "unknown_issuer", |a| a.claims["iss"] = json!("http://gitlab.example")),
    ("iss with a look-alike letter", "unknown_issuer", |a| a.claims["iss"] = json!("https://gitl\u{430}b.example")),
    ("iss with a space", "unknown_issuer", |a| a.claims["iss"] = json!("https://gitlab.example ")),
    ("iss with a zero byte", "unknown_issuer", |a| a.claims["iss"] = json!("https://gitlab.example\0")),
    ("iss that is only a part", "unknown_issuer", |a| a.claims["iss"] = json!("https://gitlab")),
    // The audience.
    ("no aud", "missing_claim", |a| drop(&mut a.claims, "aud")),
    ("aud is null", "malformed_claim", |a| a.claims["aud"] = json!(null)),
    ("aud is a number", "malformed_claim", |a| a.claims["aud"] = json!(5)),
    ("aud is an object", "malformed_claim", |a| a.claims["aud"] = json!({"rolecall": true})),
    ("aud is an empty list", "malformed_claim", |a| a.claims["aud"] = json!([])),
    ("aud is a list of more than text", "malformed_claim", |a| a.claims["aud"] = json!(["rolecall", 5])),
    ("aud is a list of lists", "malformed_claim", |a| a.claims["aud"] = json!([["rolecall"]])),
    ("aud is a list of null", "malformed_claim", |a| a.claims["aud"] = json!([null])),
    ("aud with others", "several_audiences", |a| a.claims["aud"] = json!(["rolecall", "https://evil.example"])),
    ("aud of two that are both ours", "several_audiences", |a| a.claims["aud"] = json!(["rolecall", "other"])),
    ("aud named twice", "several_audiences", |a| a.claims["aud"] = json!(["rolecall", "rolecall"])),
    ("aud is empty", "wrong_audience", |a| a.claims["aud"] = json!("")),
    ("aud of somebody else", "wrong_audience", |a| a.claims["aud"] = json!("https://evil.example")),
    ("aud in a list of somebody else", "wrong_audience", |a| a.claims["aud"] = json!(["https://evil.example"])),
    ("aud in capitals", "wrong_audience", |a| a.claims["aud"] = json!("Rolecall")),
    ("aud with more behind", "wrong_audience", |a| a.claims["aud"] = json!("rolecall2")),
    ("aud with less", "wrong_audience", |a| a.claims["aud"] = json!("rolecal")),
    ("aud of everybody", "wrong_audience", |a| a.claims["aud"] = json!("*")),
    ("issued to somebody else", "wrong_authorized_party", |a| a.claims["azp"] = json!("evil")),
    ("issued to the other audience", "wrong_authorized_party", |a| a.claims["azp"] = json!("other")),
    ("issued to a number", "malformed_claim", |a| a.claims["azp"] = json!(5)),
    ("issued to null", "malformed_claim", |a| a.claims["azp"] = json!(null)),
    // Other kinds of tokens.
    ("logout token", "not_an_id_token", |a| a.claims["events"] = json!({"http://schemas.openid.net/event/backchannel-logout": {}})),
    ("token bound to a key", "not_an_id_token", |a| a.claims["cnf"] = json!({"jkt": "x"})),
    ("proof of a key, by its method", "not_an_id_token", |a| a.claims["htm"] = json!("POST")),
    ("proof of a key, by its address", "not_an_id_token", |a| a.claims["htu"] = json!("https://x.example")),
    ("access token by claim", "not_an_id_token", |a| a.claims["typ"] = json!("Bearer")),
    ("kind is no text", "not_an_id_token", |a| a.claims["typ"] = json!(["ID"])),
    // The subject.
    ("no sub", "missing_claim", |a| drop(&mut a.claims, "sub")),
    ("sub is null", "malformed_claim", |a| a.claims["sub"] = json!(null)),
    ("sub is a number", "malformed_claim", |a| a.claims["sub"] = json!(5)),
    ("sub is a list", "malformed_claim", |a| a.claims["sub"] = json!(["x"])),
    ("sub is empty", "malformed_claim", |a| a.claims["sub"] = json!("")),
    ("sub is long", "malformed_claim", |a| a.claims["sub"] = json!("s".repeat(256))),
    // Times.
    ("no exp", "missing_claim", |a| drop(&mut a.claims, "exp")),
    ("exp is text", "malformed_claim", |a| a.claims["exp"] = json!((NOW + 290).to_string())),
    ("exp is true", "malformed_claim", |a| a.claims["exp"] = json!(true)),
    ("exp is null", "malformed_claim", |a| a.claims["exp"] = json!(null)),
    ("exp is a list", "malformed_claim", |a| a.claims["exp"] = json!([NOW + 290])),
    ("exp is an object", "malformed_claim", |a| a.claims["exp"] = json!({})),
    ("exp is negative", "malformed_claim", |a| a.claims["exp"] = json!(-1)),
    ("exp is zero", "malformed_claim", |a| a.claims["exp"] = json!(0)),
    ("exp is less than a second", "malformed_claim", |a| a.claims["exp"] = json!(0.9)),
    ("exp is a huge float", "malformed_claim", |a| a.claims["exp"] = json!(1e30)),
    ("exp is the largest integer", "malformed_claim", |a| a.claims["exp"] = json!(i64::MAX)),
    ("exp is the largest unsigned integer", "malformed_claim", |a| a.claims["exp"] = json!(u64::MAX)),
    ("exp is beyond 64 bits", "malformed_claim", |a| edit(a, &format!("\"exp\":{}", NOW + 290), "\"exp\":18446744073709551616")),
    ("exp is at the end of time", "malformed_claim", |a| a.claims["exp"] = json!(1_u64 << 40)),
    ("exp is now", "expired", |a| { a.issuer.leeway = std::time::Duration::ZERO; a.now = NOW + 290; }),
    ("exp is now with leeway", "expired", |a| a.now = NOW + 320),
    ("exp with a fraction is not rounded up", "expired", |a| { a.claims["exp"] = json!(1_800_000_289.9); a.now = NOW + 289 + 30; }),
    ("long dead", "expired", |a| a.now = i64::MAX),
    ("no iat", "missing_claim", |a| drop(&mut a.claims, "iat")),
    ("iat is text", "malformed_claim", |a| a.claims["iat"] = json!((NOW - 10).to_string())),
    ("iat is zero", "malformed_claim", |a| a.claims["iat"] = json!(0)),
    ("issued in the future", "issued_in_future", |a| a.now = NOW - 41),
    ("clock before 1970", "issued_in_future", |a| a.now = -5),
    ("clock at the beginning of time", "issued_in_future", |a| a.now = i64::MIN),
    ("long life", "lives_too_long", |a| a.claims["exp"] = json!(NOW - 10 + 3601)),
    ("life without end", "lives_too_long", |a| a.claims["exp"] = json!((1_u64 << 40) - 1)),
    ("nbf is text", "malformed_claim", |a| a.claims["nbf"] = json!("0")),
    ("nbf is null", "malformed_claim", |a| a.claims["nbf"] = json!(null)),
    ("nbf is a list", "malformed_claim", |a| a.claims["nbf"] = json!([NOW])),
    ("not yet valid", "not_yet_valid", |a| a.claims["nbf"] = json!(NOW + 31)),
    ("ends before it was issued", "times_out_of_order", |a| a.claims["iat"] = json!(NOW + 291)),
    ("begins after its end", "times_out_of_order", |a| a.claims["nbf"] = json!(NOW + 291)),
];

fn segment(token: &str, index: usize) -> String {
    token.split('.').nth(index).unwrap().to_owned()
}

fn replace(token: &str, index: usize, by: &str) -> String {
    let mut segments: Vec<_> = token.split('.').collect();
    segments[index] = by;
    segments.join(".")
}

/// The last character of an ES256 signature (64 bytes, so four unused bits) with one of these bits set.
fn other_spelling(token: &str) -> &'static str {
    match token.as_bytes()[token.len() - 1] {
        b'A' => "B",
        b'Q' => "R",
        b'g' => "h",
        b'w' => "x",
        _ => panic!("the spelling is not canonical"),
    }
}

fn json_serialization(token: &str) -> String {
    let [protected, payload, signature] = [0, 1, 2].map(|index| segment(token, index));
    json!({"protected": protected, "payload": payload, "signature": signature}).to_string()
}

/// Puts something into the payload that no JSON value can hold.
fn edit(attempt: &mut Attempt, old: &str, new: &str) {
    let text = attempt.claims.to_string();
    assert!(text.contains(old));
    attempt.payload_bytes = Some(text.replacen(old, new, 1).into_bytes());
}

#[test]
fn each_is_refused_with_its_code() {
    let mut names = BTreeSet::new();
    let mut wrong = Vec::new();
    for (name, code, change) in TABLE {
        assert!(names.insert(name), "{name} is there twice");
        let mut attempt = Attempt::new(Algorithm::ES256);
        change(&mut attempt);
        match attempt.run() {
            Ok(_) => wrong.push(format!("{name}: accepted")),
            Err(error) if error.code() != *code => wrong.push(format!("{name}: {}: {error}", error.code())),
            Err(_) => {}
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn each_code_is_in_the_table() {
    let reached: BTreeSet<&str> = TABLE.iter().map(|(_, code, _)| *code).collect();
    assert_eq!(reached, CODES.split_whitespace().collect());
}

#[test]
fn messages_are_one_plain_line_without_the_token() {
    for (name, _, change) in TABLE {
        let mut attempt = Attempt::new(Algorithm::ES256);
        change(&mut attempt);
        let message = attempt.run().unwrap_err().to_string();
        let starts_low = message.starts_with(|c: char| !c.is_uppercase());
        assert!(starts_low && !message.ends_with('.'), "{name}: {message}");
        assert!(
            message.chars().all(|c| !c.is_control()) && message.len() < 400,
            "{name}: {message}"
        );
        assert!(!message.contains(&base64url("{\"")), "{name}: {message}");
    }
}

#[test]
fn evidence_is_short_and_escaped() {
    let mut attempt = Attempt::new(Algorithm::ES256);
    attempt.claims["iss"] = json!(format!("https://\u{1b}[2J\u{202e}`{}", "x".repeat(5000)));
    let error = attempt.run().unwrap_err();
    let VerifyError::UnknownIssuer { iss } = &error else {
        panic!("{error}");
    };
    assert_eq!(iss.as_str().chars().count(), 80);
    assert!(
        error.to_string().contains(r"https://\u{1b}[2J\u{202e}\`xxx"),
        "{error}"
    );
}

#[test]
fn an_expired_token_says_when_and_what_to_do() {
    let mut attempt = Attempt::new(Algorithm::ES256);
    attempt.now = NOW + 500;
    let error = attempt.run().unwrap_err();
    let (exp, now) = (UnixTime::from_secs(NOW + 290), UnixTime::from_secs(NOW + 500));
    assert_eq!(
        error,
        VerifyError::Expired {
            exp,
            now,
            leeway: std::time::Duration::from_secs(30)
        }
    );
    assert_eq!(
        error.to_string(),
        "the token expired at 1800000290; it is 1800000500, and the leeway is 30 s"
    );
    assert_eq!(
        error.help(),
        Some("request a new token from the CI system right before it is used")
    );
}

/// A key of the issuer as the secret of a symmetric signature: all the spellings that libraries were fooled with.
#[test]
fn a_public_key_is_never_a_shared_secret() {
    let jwk = signer(Algorithm::RS256).jwk("key");
    let spellings = [
        jwk.to_string(),
        jwk["n"].as_str().unwrap().to_owned(),
        String::new(),
    ];
    for secret in spellings {
        for algorithm in [
            jsonwebtoken::Algorithm::HS256,
            jsonwebtoken::Algorithm::HS384,
            jsonwebtoken::Algorithm::HS512,
        ] {
            let mut header = jsonwebtoken::Header::new(algorithm);
            header.kid = Some("key".to_owned());
            let claims: Value = support::claims();
            let key = jsonwebtoken::EncodingKey::from_secret(secret.as_bytes());
            let token = jsonwebtoken::encode(&header, &claims, &key).unwrap();
            let verifier = rolecall::Verifier::new([support::issuer()]).unwrap();
            let code = verifier.read(&token).unwrap_err().code();
            assert_eq!(code, "unsupported_algorithm");
        }
    }
}
