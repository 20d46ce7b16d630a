//! Refusals: the token cases, and a table of tokens that no case file can express, each with its error code.

use std::collections::BTreeSet;

use crate::support::{Attempt, NOW, Signer, base64url, signer};
use crate::tokens::cases;
use aws_lc_rs::hmac;
use rolecall::{Algorithm, UnixTime, VerifyError};
use serde_json::json;

type Change = fn(&mut Attempt);

/// Every code that a verifier's refusal can have. A gate's can also be `keys_unavailable`.
const CODES: &str = "algorithm_not_allowed ambiguous_key bad_signature claims_not_json encrypted_token expired \
    forbidden_header header_not_json issued_in_future kid_too_long lives_too_long malformed_claim malformed_header malformed_token \
    missing_claim missing_header no_keys not_a_spiffe_id not_an_id_token not_yet_valid several_audiences \
    subject_too_long time_out_of_range times_out_of_order token_too_large unknown_issuer unknown_key \
    unsupported_algorithm unusable_key wrong_algorithm wrong_audience wrong_authorized_party wrong_type";

#[rustfmt::skip]
const TABLE: &[(&str, &str, Change)] = &[
    // The form of the token.
    ("dots without end", "token_too_large", |a| a.reshape = |_| ".".repeat(16 * 1024 + 1)),
    ("unused bits in the signature", "malformed_token", |a| a.reshape = |t| t[..t.len() - 1].to_owned() + other_spelling(&t)),
    ("large token", "token_too_large", |a| a.claims["x"] = json!(vec!["x".repeat(4096); 3])),
    ("large header", "token_too_large", |a| a.header["x"] = json!("x".repeat(3072))),
    // The header.
    ("kid is long", "kid_too_long", |a| a.header["kid"] = json!("k".repeat(257))),
    // The signature.
    ("signed by the key that it brings", "bad_signature", |a| { a.header["jwk"] = a.jwk().clone(); a.keys = Some(vec![Signer::generate(Algorithm::ES256).jwk("key")]); }),
    ("payload of another token", "bad_signature", |a| a.reshape = |t| { let mut other = Attempt::new(Algorithm::ES256); other.claims["project_path"] = json!("evil"); replace(&t, 1, &segment(&other.token(), 1)) }),
    // The claims as JSON.
    ("claims are a token", "claims_not_json", |a| a.payload_bytes = Some(Attempt::new(Algorithm::ES256).token().into_bytes())),
    ("claims are not UTF-8", "claims_not_json", |a| { let bytes = a.claims.to_string().into_bytes(); a.payload_bytes = Some(bytes.into_iter().map(|byte| if byte == b':' { b':' } else if byte == b'/' { 0xff } else { byte }).collect()); }),
    ("depth without end", "claims_not_json", |a| edit(a, "\"iss\":", &format!("\"a\":{}{},\"iss\":", "[".repeat(2000), "]".repeat(2000)))),
    ("many claims", "claims_not_json", |a| for n in 0..257 { a.claims[format!("c{n}")] = json!(n); }),
    // The subject.
    ("sub is long", "subject_too_long", |a| a.claims["sub"] = json!("s".repeat(2049))),
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
    for case in cases() {
        assert!(
            !TABLE.iter().any(|(name, ..)| *name == case.name),
            "{} is there twice",
            case.name
        );
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn each_code_is_in_the_table() {
    let cases = cases();
    let of_files = cases.iter().map(|case| case.expected.as_str());
    let reached: BTreeSet<&str> = TABLE.iter().map(|(_, code, _)| *code).chain(of_files).collect();
    assert_eq!(reached, CODES.split_whitespace().chain(["accepted"]).collect());
}

#[test]
fn messages_are_one_plain_line_without_the_token() {
    let of_table = TABLE.iter().map(|(name, _, change)| {
        let mut attempt = Attempt::new(Algorithm::ES256);
        change(&mut attempt);
        ((*name).to_owned(), attempt.run())
    });
    let of_files = cases().into_iter().map(|case| (case.name.clone(), case.run()));
    for (name, answer) in of_table.chain(of_files) {
        let Err(error) = answer else { continue };
        let message = error.to_string();
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
    let VerifyError::UnknownIssuer { iss, .. } = &error else {
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
        // Other libraries refuse to sign with an empty secret.
        for (name, algorithm) in [
            ("HS256", hmac::HMAC_SHA256),
            ("HS384", hmac::HMAC_SHA384),
            ("HS512", hmac::HMAC_SHA512),
        ] {
            let header = json!({"alg": name, "kid": "key", "typ": "JWT"}).to_string();
            let signed = format!(
                "{}.{}",
                base64url(header),
                base64url(crate::support::claims().to_string())
            );
            let key = hmac::Key::new(algorithm, secret.as_bytes());
            let token = format!("{signed}.{}", base64url(hmac::sign(&key, signed.as_bytes())));
            let verifier = rolecall::Verifier::new([crate::support::issuer()]).unwrap();
            let code = verifier.read(&token).unwrap_err().code();
            assert_eq!(code, "unsupported_algorithm");
        }
    }
}
