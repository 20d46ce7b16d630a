//! What is no signed token in its compact form (RFC 7515 section 7.1): refused before anything in it is looked at.

use crate::outside::vectors;
use crate::support::{Attempt, base64url, code};
use rolecall::Algorithm;
use serde_json::{Value, json};

type Shape = fn(&str) -> String;

/// A good token with something around it or in it, or taken apart: other readers find the token in each of these.
#[rustfmt::skip]
const TABLE: &[(&str, &str, Shape)] = &[
    // JSON that holds a token: what CVE-2022-39227 was made of.
    ("token as a JSON string", "malformed_token", |t| format!("\"{t}\"")),
    ("token as a JSON list", "malformed_token", |t| format!("[\"{t}\"]")),
    ("token as a JSON member", "malformed_token", |t| format!("{{\"token\":\"{t}\"}}")),
    ("token as the name of a JSON member", "malformed_token", |t| format!("{{\"{t}\":1}}")),
    ("flattened serialization", "malformed_token", |t| serialized(t, |p| json!({"protected": p[0], "payload": p[1], "signature": p[2]}))),
    ("general serialization", "malformed_token", |t| serialized(t, |p| json!({"payload": p[1], "signatures": [{"protected": p[0], "signature": p[2]}]}))),
    ("general serialization with two signatures", "malformed_token", |t| serialized(t, |p| {
        let signature = json!({"protected": p[0], "signature": p[2]});
        json!({"payload": p[1], "signatures": [signature, signature]})
    })),
    ("flattened serialization around another token", "malformed_token", |t| serialized(t, |p| {
        let forged = format!("  {}.{}.", p[0], base64url("{\"sub\":\"evil\"}"));
        json!({forged: "", "protected": p[0], "payload": p[1], "signature": p[2]})
    })),
    ("token behind a JSON document", "malformed_token", |t| format!("{{}}{t}")),
    ("JSON document behind a token", "malformed_token", |t| format!("{t}{{}}")),
    // Marks around it.
    ("single quotes", "malformed_token", |t| format!("'{t}'")),
    ("backticks", "malformed_token", |t| format!("`{t}`")),
    ("braces", "malformed_token", |t| format!("{{{t}}}")),
    ("parentheses", "malformed_token", |t| format!("({t})")),
    ("angle brackets", "malformed_token", |t| format!("<{t}>")),
    ("element of XML", "malformed_token", |t| format!("<token>{t}</token>")),
    ("armour of PEM", "malformed_token", |t| format!("-----BEGIN JWT-----\n{t}\n-----END JWT-----\n")),
    ("spaces around the dots", "malformed_token", |t| t.replace('.', " . ")),
    ("folded lines", "malformed_token", |t| t.replace('.', ".\r\n ")),
    ("byte order mark", "malformed_token", |t| format!("\u{feff}{t}")),
    ("dots of another script", "malformed_token", |t| t.replace('.', "\u{3002}")),
    ("wide dots", "malformed_token", |t| t.replace('.', "\u{ff0e}")),
    ("escaped dots", "malformed_token", |t| t.replace('.', "%2E")),
    ("escaped once more", "malformed_token", |t| t.replace('.', "%252E")),
    ("letters of another script", "malformed_token", |t| t.replace('e', "\u{435}")),
    // What is done with tokens on their way.
    ("scheme of a header", "malformed_token", |t| format!("Bearer {t}")),
    ("scheme in small letters", "malformed_token", |t| format!("bearer {t}")),
    ("whole line of a header", "malformed_token", |t| format!("Authorization: Bearer {t}")),
    ("parameter of a form", "malformed_token", |t| format!("subject_token={t}")),
    ("with another parameter", "malformed_token", |t| format!("{t}&x=1")),
    ("in a URL", "malformed_token", |t| format!("https://ci.example/?jwt={t}")),
    ("in a data URL", "malformed_token", |t| format!("data:application/jwt,{t}")),
    ("with a fragment", "malformed_token", |t| format!("{t}#x")),
    ("with a comment", "malformed_token", |t| format!("{t}//x")),
    ("with a disclosure", "malformed_token", |t| format!("{t}~WyJhIiwiYiJd~")),
    ("with a C string's end", "malformed_token", |t| format!("{t}\0")),
    ("two with a space", "malformed_token", |t| format!("{t} {t}")),
    ("two with a comma", "malformed_token", |t| format!("{t},{t}")),
    ("two with a zero byte", "malformed_token", |t| format!("{t}\0{t}")),
    ("two with a dot", "malformed_token", |t| format!("{t}.{t}")),
    ("two without anything", "encrypted_token", |t| format!("{t}{t}")),
    ("dot in front", "malformed_token", |t| format!(".{t}")),
    ("dot behind", "malformed_token", |t| format!("{t}.")),
    ("dots on both sides", "encrypted_token", |t| format!(".{t}.")),
    // Encoded in another way.
    ("encoded once more", "malformed_token", |t| base64url(t)),
    ("header in capitals", "header_not_json", |t| { let (header, rest) = t.split_once('.').unwrap(); format!("{}.{rest}", header.to_uppercase()) }),
    ("reversed", "header_not_json", |t| t.rsplit('.').collect::<Vec<_>>().join(".")),
    ("padded to blocks", "malformed_token", |t| t.split('.').map(|p| format!("{p:=<len$}", len = p.len().next_multiple_of(4))).collect::<Vec<_>>().join(".") + "="),
];

/// The three segments in another arrangement.
fn serialized(token: &str, arrange: fn(&[&str]) -> Value) -> String {
    arrange(&token.split('.').collect::<Vec<_>>()).to_string()
}

#[test]
fn nothing_around_or_inside_of_a_token_is_taken_away() {
    for algorithm in [Algorithm::ES256, Algorithm::EdDSA, Algorithm::RS256] {
        let attempt = Attempt::new(algorithm);
        let token = attempt.token();
        assert_eq!(code(&attempt.verify(&token)), "accepted");
        for (name, expected, shape) in TABLE {
            assert_eq!(
                code(&attempt.verify(&shape(&token))),
                *expected,
                "{algorithm}: {name}"
            );
        }
    }
}

/// The number of segments decides alone: what stands in them is no JSON, and nobody looks.
#[test]
fn segments_are_counted_before_they_are_read() {
    let attempt = Attempt::new(Algorithm::ES256);
    for segment in ["AAAA", "e30", "A", "_-"] {
        for count in (1..40).filter(|count| *count != 3) {
            let expected = if count == 5 {
                "encrypted_token"
            } else {
                "malformed_token"
            };
            let token = vec![segment; count].join(".");
            assert_eq!(code(&attempt.verify(&token)), expected, "{count} times {segment}");
        }
    }
}

#[test]
fn no_segment_may_be_empty() {
    let attempt = Attempt::new(Algorithm::ES256);
    let token = attempt.token();
    let segments: Vec<&str> = token.split('.').collect();
    for kept in 0..7 {
        let keep = |index: usize| {
            if kept >> index & 1 == 1 {
                segments[index]
            } else {
                ""
            }
        };
        let token = [keep(0), keep(1), keep(2)].join(".");
        assert_eq!(code(&attempt.verify(&token)), "malformed_token", "{kept:03b}");
    }
}

/// Payloads that were signed as they stand, and would be claims after one more step.
#[test]
fn a_payload_is_claims_at_once_or_not_at_all() {
    let claims = crate::support::claims().to_string();
    let token = Attempt::new(Algorithm::ES256).token();
    let length = u16::try_from(claims.len()).unwrap();
    // A block that is stored as it is (RFC 1951 section 3.2.4).
    let block = [
        &[1],
        &length.to_le_bytes()[..],
        &(!length).to_le_bytes(),
        claims.as_bytes(),
    ]
    .concat();
    for (name, payload) in [
        ("a token", token.clone().into_bytes()),
        ("a token in quotes", format!("\"{token}\"").into_bytes()),
        ("claims in quotes", json!(claims).to_string().into_bytes()),
        ("claims in a list", format!("[{claims}]").into_bytes()),
        ("claims in base64url", base64url(&claims).into_bytes()),
        ("a form", b"iss=https://gitlab.example&aud=rolecall".to_vec()),
        ("deflated", block.clone()),
        ("deflated, for zlib", [&[0x78, 1], block.as_slice()].concat()),
        (
            "deflated, for gzip",
            [&[0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3], block.as_slice()].concat(),
        ),
        ("in CBOR", b"\xa1\x01\x76https://gitlab.example".to_vec()),
    ] {
        let mut attempt = Attempt::new(Algorithm::ES256);
        attempt.payload_bytes = Some(payload);
        assert_eq!(code(&attempt.run()), "claims_not_json", "{name}");
        // Neither does a header help that says what it is.
        for (member, value) in [("cty", "JWT"), ("zip", "DEF")] {
            attempt.header = json!({"alg": "ES256", "kid": "key", member: value});
            assert_eq!(code(&attempt.run()), "forbidden_header", "{name} with {member}");
        }
    }
}

/// The examples of RFC 7520, RFC 7797 and RFC 8037, as another service would send them: compact or as JSON, signed,
/// encrypted, both. Which of their signatures hold is asked elsewhere; none is a token for us.
#[test]
fn no_example_of_the_cookbook_is_a_token() {
    let Some(folder) = vectors("rfc7520-cookbook") else {
        return;
    };
    let attempt = Attempt::new(Algorithm::ES256);
    let mut seen = 0_u32;
    for part in ["", "jws", "jwe", "curve25519", "rfc7797"] {
        for file in std::fs::read_dir(folder.join(part)).unwrap() {
            let path = file.unwrap().path();
            if path.extension().is_none_or(|extension| extension != "json") {
                continue;
            }
            let example: Value = serde_json::from_slice(&std::fs::read(&path).unwrap()).unwrap();
            for text in serializations(&example) {
                let found = code(&attempt.verify(&text));
                let expected = match text.bytes().filter(|byte| *byte == b'.').count() {
                    _ if text.starts_with('{') => "malformed_token",
                    4 => "encrypted_token",
                    _ => found,
                };
                assert_eq!(found, expected, "{}", path.display());
                assert_ne!(found, "accepted", "{}", path.display());
                seen = seen.saturating_add(1);
            }
        }
    }
    assert!(seen > 50, "{seen}");
}

/// Each serialization that an example or a step of it has.
fn serializations(example: &Value) -> Vec<String> {
    let mut found = Vec::new();
    for (name, value) in example.as_object().into_iter().flatten() {
        match (name.as_str(), value) {
            ("compact", Value::String(text)) => found.push(text.clone()),
            ("json" | "json_flat", json) => found.push(json.to_string()),
            (_, inner) => found.extend(serializations(inner)),
        }
    }
    found
}
