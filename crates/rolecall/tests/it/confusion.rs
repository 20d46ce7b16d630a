//! One thing taken for another: keys for secrets, keys of one issuer for another's, tokens of one kind for another.

use std::collections::HashMap;
use std::net::TcpListener;

use crate::support::{Attempt, NOW, Signer, base64url, code, drop, key_set, signer};
use aws_lc_rs::hmac;
use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use rolecall::{Algorithm, Issuer, KeySet, UnixTime, Verifier};
use serde_json::{Value, json};

fn pem(label: &str, der: &[u8], newline: &str) -> String {
    let text = STANDARD.encode(der);
    let lines: Vec<&str> = text
        .as_bytes()
        .chunks(64)
        .map(|line| std::str::from_utf8(line).unwrap())
        .collect();
    format!(
        "-----BEGIN {label}-----{newline}{}{newline}-----END {label}-----{newline}",
        lines.join(newline)
    )
}

/// A public key as every text and every bytes that a library was ever fooled with.
fn spellings(signer: &Signer) -> Vec<(&'static str, Vec<u8>)> {
    let jwk = signer.jwk("key");
    let (spki, own) = (signer.spki(), signer.public_bytes());
    let lf = pem("PUBLIC KEY", &spki, "\n");
    let first = ["n", "x"]
        .iter()
        .find_map(|member| jwk[*member].as_str())
        .unwrap();
    let mut sorted = jwk.clone();
    drop(&mut sorted, "kid");
    let texts = [
        ("PEM", lf.clone()),
        ("PEM with CRLF", pem("PUBLIC KEY", &spki, "\r\n")),
        ("PEM with CR", pem("PUBLIC KEY", &spki, "\r")),
        ("PEM without its last newline", lf.trim_end().to_owned()),
        ("PEM with a space in front", format!(" {lf}")),
        ("PEM with a newline in front", format!("\n{lf}")),
        ("PEM on one line", pem("PUBLIC KEY", &spki, "")),
        ("PEM of the own type", pem("RSA PUBLIC KEY", own, "\n")),
        ("PEM as a certificate", pem("CERTIFICATE", &spki, "\n")),
        ("base64 of PEM", STANDARD.encode(&lf)),
        ("base64 of DER", STANDARD.encode(&spki)),
        ("base64url of DER", base64url(&spki)),
        ("JWK", jwk.to_string()),
        ("JWK in lines", serde_json::to_string_pretty(&jwk).unwrap()),
        ("JWK without a kid", sorted.to_string()),
        ("JWK set", json!({"keys": [jwk]}).to_string()),
        ("first number as text", first.to_owned()),
        ("kid", "key".to_owned()),
        (
            "thumbprint",
            key_set(std::slice::from_ref(&jwk))
                .keys()
                .next()
                .unwrap()
                .thumbprint()
                .to_string(),
        ),
        ("nothing", String::new()),
        ("null", "null".to_owned()),
    ];
    let bytes = [
        ("DER", spki.clone()),
        ("DER of the own type", own.to_vec()),
        ("first number", URL_SAFE_NO_PAD.decode(first).unwrap()),
        ("a zero byte", vec![0]),
        ("32 zero bytes", vec![0; 32]),
    ];
    texts
        .into_iter()
        .map(|(name, text)| (name, text.into_bytes()))
        .chain(bytes)
        .collect()
}

/// No spelling of a public key is the secret of a symmetric signature, also where the set has just this secret.
#[test]
fn a_public_key_is_no_secret_in_any_spelling() {
    let mut tried = 0;
    for algorithm in [
        Algorithm::RS256,
        Algorithm::PS512,
        Algorithm::ES256,
        Algorithm::ES512,
        Algorithm::EdDSA,
    ] {
        for (name, secret) in spellings(signer(algorithm)) {
            for (alg, hash) in [
                ("HS256", hmac::HMAC_SHA256),
                ("HS384", hmac::HMAC_SHA384),
                ("HS512", hmac::HMAC_SHA512),
            ] {
                let mut attempt = Attempt::new(algorithm);
                let oct = json!({"kty": "oct", "k": base64url(&secret), "alg": alg, "kid": "key"});
                let sets = [
                    vec![attempt.jwk().clone()],
                    vec![oct.clone()],
                    vec![attempt.jwk().clone(), oct],
                ];
                for (claimed, expected) in [(alg, "unsupported_algorithm"), (algorithm.name(), "")] {
                    let header = json!({"alg": claimed, "kid": "key"}).to_string();
                    let signed = format!("{}.{}", base64url(header), base64url(attempt.claims.to_string()));
                    let signature = hmac::sign(&hmac::Key::new(hash, &secret), signed.as_bytes());
                    let token = format!("{signed}.{}", base64url(signature.as_ref()));
                    for keys in &sets {
                        attempt.keys = Some(keys.clone());
                        let found = code(&attempt.verify(&token));
                        let refused = matches!(found, "bad_signature" | "unusable_key");
                        assert!(
                            found == expected || expected.is_empty() && refused,
                            "{algorithm} as {alg}, {name}: {found}"
                        );
                        tried += 1;
                    }
                }
            }
        }
    }
    assert!(tried > 1000, "{tried}");
}

/// Each algorithm of a token on each key, bound to its algorithm or not: only what the key is for is accepted.
#[test]
fn an_algorithm_needs_a_key_that_is_for_it() {
    let rsa = |algorithm: Algorithm| matches!(algorithm.name().as_bytes()[0], b'R' | b'P');
    for key in Algorithm::ALL {
        for token in Algorithm::ALL {
            let mut attempt = Attempt::new(token);
            attempt.keys = Some(vec![signer(key).jwk("key")]);
            let fits = key == token || rsa(key) && rsa(token);
            assert_eq!(
                code(&attempt.run()),
                if fits { "accepted" } else { "wrong_algorithm" },
                "{token} on {key}"
            );
            attempt.jwk()["alg"] = json!(key.name());
            let expected = if key == token {
                "accepted"
            } else {
                "wrong_algorithm"
            };
            assert_eq!(code(&attempt.run()), expected, "{token} on a key for {key}");
            // What the header claims is not what was done: the good signature of another algorithm.
            if key != token {
                attempt.header["alg"] = json!(key.name());
                assert_eq!(code(&attempt.run()), "bad_signature", "{token} named {key}");
            }
        }
    }
}

/// Every algorithm that the issuer may not sign with, on a key that fits.
#[test]
fn an_issuer_signs_with_what_it_may_sign_with() {
    for allowed in Algorithm::ALL {
        for used in Algorithm::ALL {
            let mut attempt = Attempt::new(used);
            attempt.issuer.algorithms = vec![allowed];
            let expected = if used == allowed {
                "accepted"
            } else {
                "algorithm_not_allowed"
            };
            assert_eq!(
                code(&attempt.run()),
                expected,
                "{used}, where {allowed} is allowed"
            );
        }
    }
}

/// A token brings the key that it was signed with, in each place that a header has for one.
#[test]
fn a_token_does_not_bring_its_key() {
    for algorithm in Algorithm::ALL {
        let own = Attempt::new(algorithm);
        let jwk = own.signer.jwk("key");
        let certificate = json!([STANDARD.encode(own.signer.spki())]);
        let other = match algorithm {
            Algorithm::EdDSA | Algorithm::ES256 | Algorithm::ES384 | Algorithm::ES512 => {
                Signer::generate(algorithm).jwk("key")
            }
            _ => json!({"kty": "RSA", "kid": "key", "e": "AQAB", "n": base64url([0xa5; 256])}),
        };
        for (member, value) in [
            ("jwk", jwk.clone()),
            ("jwk", json!({"keys": [jwk]})),
            ("jwks", json!({"keys": [jwk]})),
            ("keys", json!([jwk])),
            ("key", json!(pem("PUBLIC KEY", &own.signer.spki(), "\n"))),
            ("x5c", certificate),
            ("x5t", json!("AAAA")),
            ("x5t#S256", json!("AAAA")),
            ("jku", json!("https://evil.example/keys")),
            (
                "jku",
                json!(format!("data:application/json,{}", json!({"keys": [jwk]}))),
            ),
            ("x5u", json!("https://evil.example/certificate")),
            ("trust_chain", json!(["AAAA"])),
        ] {
            for kid in [Some("key"), None] {
                let mut attempt = Attempt::new(algorithm);
                attempt.header[member] = value.clone();
                attempt.keys = Some(vec![other.clone()]);
                if kid.is_none() {
                    drop(&mut attempt.header, "kid");
                }
                assert_eq!(
                    code(&attempt.run()),
                    "bad_signature",
                    "{algorithm}: {member} {kid:?}"
                );
                attempt.keys = Some(vec![]);
                assert_eq!(
                    code(&attempt.run()),
                    "unknown_key",
                    "{algorithm}: {member} {kid:?}, no key"
                );
            }
        }
    }
}

/// Wherever a token points to, nobody is ever seen there.
#[test]
fn nothing_that_a_token_names_is_visited() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    listener.set_nonblocking(true).unwrap();
    let place = format!("http://{}", listener.local_addr().unwrap());
    let mut tried = 0;
    for member in ["jku", "x5u", "kid", "iss", "jwk", "x5c"] {
        for value in [
            place.clone(),
            format!("{place}/keys.json"),
            format!("{place}/.well-known/openid-configuration"),
        ] {
            let mut attempt = Attempt::new(Algorithm::ES256);
            attempt.header[member] = json!(value);
            let _ = attempt.run();
            attempt.keys = Some(vec![]);
            let _ = attempt.run();
            drop(&mut attempt.header, member);
            attempt.header["alg"] = json!("ES256");
            attempt.claims["iss"] = json!(value);
            attempt.claims["jwks_uri"] = json!(value);
            assert_eq!(code(&attempt.run()), "unknown_issuer");
            tried += 1;
        }
    }
    assert_eq!(tried, 18);
    assert_eq!(
        listener.accept().unwrap_err().kind(),
        std::io::ErrorKind::WouldBlock
    );
}

/// Ten issuers, each with a key of the same kid, each trusted: no key of one verifies a token of another. Many threads ask
/// one verifier at once, in different orders, and each gets the answer of its own token.
#[test]
fn keys_and_answers_of_issuers_are_never_mixed_up() {
    let urls: Vec<String> = (0..10).map(|n| format!("https://ci-{n}.example")).collect();
    let signers: Vec<Signer> = urls.iter().map(|_| Signer::generate(Algorithm::ES256)).collect();
    let issuer = |url: &String| Issuer::new(url, url, "gitlab", vec!["rolecall".to_owned()]);
    let verifier = Verifier::new(urls.iter().map(issuer)).unwrap();
    let keys: HashMap<String, KeySet> = urls
        .iter()
        .cloned()
        .zip(signers.iter().map(|signer| key_set(&[signer.jwk("key")])))
        .collect();
    let mut tokens = Vec::new();
    for (place, url) in urls.iter().enumerate() {
        for (owner, signer) in signers.iter().enumerate() {
            let mut claims = crate::support::claims();
            claims["iss"] = json!(url);
            claims["sub"] = json!(format!("{place} by {owner}"));
            let token = signer.token(r#"{"alg":"ES256","kid":"key"}"#, claims.to_string());
            tokens.push((token, url, claims["sub"].clone(), place == owner));
        }
    }
    std::thread::scope(|scope| {
        for thread in 0..8 {
            let (verifier, keys, tokens) = (&verifier, &keys, &tokens);
            scope.spawn(move || {
                for step in 0..tokens.len() {
                    let (token, url, subject, good) = &tokens[(step * 37 + thread * 11) % tokens.len()];
                    let verdict = verifier.verify(token, keys, UnixTime::from_secs(NOW));
                    assert_eq!(
                        code(&verdict),
                        if *good { "accepted" } else { "bad_signature" },
                        "{subject}"
                    );
                    if let Ok(token) = verdict {
                        assert_eq!(
                            (token.issuer(), json!(token.subject())),
                            (url.as_str(), subject.clone())
                        );
                    }
                }
            });
        }
    });
}

type Change = fn(&mut Attempt);

/// Other tokens of the same issuer, signed with the same key, as they are really written.
#[rustfmt::skip]
const TABLE: &[(&str, &str, Change)] = &[
    ("access token of RFC 9068", "wrong_type", |a| { a.header["typ"] = json!("at+jwt"); a.claims["client_id"] = json!("x"); }),
    ("access token of Keycloak", "not_an_id_token", |a| { a.claims["typ"] = json!("Bearer"); a.claims["azp"] = json!("rolecall"); }),
    ("refresh token of Keycloak", "not_an_id_token", |a| a.claims["typ"] = json!("Refresh")),
    ("offline token of Keycloak", "not_an_id_token", |a| a.claims["typ"] = json!("Offline")),
    ("logout token of Keycloak", "not_an_id_token", |a| a.claims["typ"] = json!("Logout")),
    ("access token for itself", "wrong_audience", |a| a.claims["aud"] = json!(crate::support::URL)),
    ("access token without an audience", "missing_claim", |a| drop(&mut a.claims, "aud")),
    ("logout token by its type", "wrong_type", |a| { a.header["typ"] = json!("logout+jwt"); a.claims["events"] = json!({"http://schemas.openid.net/event/backchannel-logout": {}}); }),
    ("logout token without its type", "not_an_id_token", |a| a.claims["events"] = json!({"http://schemas.openid.net/event/backchannel-logout": {}})),
    ("security event", "not_an_id_token", |a| { a.claims["events"] = json!({"urn:x": {}}); a.claims["toe"] = json!(NOW); }),
    ("security event with no events", "not_an_id_token", |a| a.claims["events"] = json!(null)),
    ("answer about the user", "missing_claim", |a| a.claims = json!({"iss": crate::support::URL, "aud": "rolecall", "sub": "x", "email": "x@x.example"})),
    ("answer to introspection", "wrong_type", |a| { a.header["typ"] = json!("token-introspection+jwt"); a.claims["token_introspection"] = json!({"active": true}); }),
    ("request object", "missing_claim", |a| a.claims = json!({"iss": crate::support::URL, "aud": "rolecall", "client_id": "x", "exp": NOW + 60})),
    ("client assertion without its type", "missing_claim", |a| a.claims = json!({"iss": crate::support::URL, "sub": "x", "aud": "rolecall", "jti": "x", "exp": NOW + 60})),
    ("proof of a key", "missing_claim", |a| a.claims = json!({"jti": "x", "htm": "POST", "htu": "https://x.example", "iat": NOW})),
    ("proof of a key with all claims", "not_an_id_token", |a| { a.claims["htm"] = json!("POST"); a.claims["htu"] = json!("https://x.example"); }),
    ("token bound to a key", "not_an_id_token", |a| a.claims["cnf"] = json!({"x5t#S256": "AAAA"})),
    ("token bound to no key", "not_an_id_token", |a| a.claims["cnf"] = json!(null)),
    ("proof for no method", "not_an_id_token", |a| a.claims["htm"] = json!(null)),
    ("proof for no address", "not_an_id_token", |a| a.claims["htu"] = json!(null)),
    ("statement of an entity", "wrong_type", |a| { a.header["typ"] = json!("entity-statement+jwt"); a.claims["jwks"] = json!({"keys": []}); }),
    ("claim of a type in small letters", "not_an_id_token", |a| a.claims["typ"] = json!("id")),
    ("claim of a type that is a list", "not_an_id_token", |a| a.claims["typ"] = json!(["ID"])),
    ("claim of a type that is false", "not_an_id_token", |a| a.claims["typ"] = json!(false)),
];

#[test]
fn tokens_of_other_kinds_are_refused() {
    for (name, expected, change) in TABLE {
        let mut attempt = Attempt::new(Algorithm::ES256);
        change(&mut attempt);
        assert_eq!(code(&attempt.run()), *expected, "{name}");
    }
}

/// A token that fails late, in each step of the way: nothing of its claims is in what is said about it, but what the
/// refusal is about.
#[test]
fn claims_of_refused_tokens_are_not_told() {
    let steps: [(&str, Change); 8] = [
        ("algorithm_not_allowed", |a| {
            a.issuer.algorithms = vec![Algorithm::RS256];
        }),
        ("no_keys", |a| a.keys = None),
        ("unknown_key", |a| a.keys = Some(vec![])),
        ("wrong_algorithm", |a| {
            a.keys = Some(vec![signer(Algorithm::RS256).jwk("key")]);
        }),
        ("bad_signature", |a| {
            a.keys = Some(vec![Signer::generate(Algorithm::ES256).jwk("key")]);
        }),
        ("expired", |a| a.now = NOW + 9999),
        ("wrong_audience", |a| a.issuer.audiences = vec!["else".to_owned()]),
        ("unknown_issuer", |a| {
            a.issuer.url = "https://else.example".to_owned();
        }),
    ];
    for (expected, change) in steps {
        let mut attempt = Attempt::new(Algorithm::ES256);
        for claim in ["sub", "project_path", "jti", "email", "nonce"] {
            attempt.claims[claim] = json!(format!("canary-{claim}"));
        }
        attempt.claims["canary-name"] = Value::Null;
        change(&mut attempt);
        let token = attempt.token();
        let error = attempt.verify(&token).unwrap_err();
        assert_eq!(error.code(), expected);
        let source = std::error::Error::source(&error).map(ToString::to_string);
        let told = format!("{error} {error:?} {error:#?} {source:?} {:?}", error.help());
        assert!(!told.contains("canary"), "{told}");
        assert!(token.split('.').all(|segment| !told.contains(segment)), "{told}");
    }
}
