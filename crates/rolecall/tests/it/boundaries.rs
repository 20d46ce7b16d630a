//! Limits, each from both sides, in signed tokens and in key sets; and how little stack and patience they need.

use crate::support::{Attempt, code, key_set, signer, text_claim};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use rolecall::{Algorithm, Document, JsonLimits, KeySet};
use serde_json::{Value, json};

/// Whether a text is read as claims would be.
fn reads(text: &str) -> bool {
    Document::parse(text.as_bytes().to_vec(), &JsonLimits::CLAIMS).is_ok()
}

/// A good token of exactly this length, if there is one. Both fillers are needed: base64 leaves out some lengths.
fn token_of_length(attempt: &mut Attempt, length: usize) -> Option<String> {
    attempt.claims["fill"] = json!("");
    for header in 0..4 {
        attempt.header["fill"] = json!("h".repeat(header));
        // One text may have 8 KiB, so the rest goes into a second one.
        let rest = length.checked_sub(attempt.token().len())?;
        for less in 0..24 {
            let fill = (rest * 3 / 4).saturating_sub(less);
            attempt.claims["fill"] = json!(["c".repeat(fill / 2), "c".repeat(fill - fill / 2)]);
            let token = attempt.token();
            if token.len() == length {
                return Some(token);
            }
        }
        attempt.claims["fill"] = json!("");
    }
    None
}

#[test]
fn a_token_has_at_most_16_kib() {
    for algorithm in [
        Algorithm::EdDSA,
        Algorithm::ES256,
        Algorithm::ES512,
        Algorithm::RS256,
    ] {
        let mut attempt = Attempt::new(algorithm);
        for (length, expected) in [
            (16_383, "accepted"),
            (16_384, "accepted"),
            (16_385, "token_too_large"),
            (16_386, "token_too_large"),
        ] {
            let token = token_of_length(&mut attempt, length).unwrap();
            assert_eq!(code(&attempt.verify(&token)), expected, "{algorithm}: {length}");
            // With the largest token, the claims are still less than 12 KiB.
            let payload = token.split('.').nth(1).unwrap();
            assert!(URL_SAFE_NO_PAD.decode(payload).unwrap().len() < 12 * 1024);
        }
    }
}

#[test]
fn a_header_has_at_most_4_kib() {
    let mut seen = [0, 0];
    for fill in 2990..3050 {
        let mut attempt = Attempt::new(Algorithm::EdDSA);
        attempt.header["fill"] = json!("x".repeat(fill));
        let token = attempt.token();
        let length = token.split('.').next().unwrap().len();
        let expected = if length <= 4096 {
            "accepted"
        } else {
            "token_too_large"
        };
        assert_eq!(code(&attempt.verify(&token)), expected, "{length}");
        seen[0] += usize::from(length == 4096);
        seen[1] += usize::from(length == 4098);
    }
    assert_eq!(seen, [1, 1], "the lengths on both sides of the limit");
}

/// Every length of nothing but one character, over the limit, too.
#[test]
fn no_length_of_nonsense_is_a_token() {
    let attempt = Attempt::new(Algorithm::EdDSA);
    let verifier = rolecall::Verifier::new([attempt.issuer.clone()]).unwrap();
    for c in ["A", ".", "=", "é", "AAAA.", "A.A.A"] {
        for length in (0..200).chain((200..16_500).step_by(97)).chain(16_380..16_390) {
            assert!(verifier.read(&c.repeat(length)).is_err(), "{length} times {c}");
        }
    }
}

fn nested(depth: usize, open: &str, inner: &str, close: &str) -> String {
    format!("{}{inner}{}", open.repeat(depth), close.repeat(depth))
}

/// A value of so much of something, and the most that there may be of it in a member of a header or of claims.
type Sized = (&'static str, usize, fn(usize) -> String);

#[rustfmt::skip]
const LIMITS: [Sized; 6] = [
    ("lists in one another", 15, |n| nested(n, "[", "", "]")),
    ("objects in one another", 15, |n| nested(n - 1, "{\"a\":", "{}", "}")),
    ("lists of objects in one another", 7, |n| nested(n, "[{\"a\":", "0", "}]")),
    ("items", 1000, |n| format!("[{}]", vec!["0"; n].join(","))),
    ("bytes of text", 8192, |n| format!("\"{}\"", "x".repeat(n))),
    ("bytes of a name", 8192, |n| format!("{{\"{}\":0}}", "x".repeat(n))),
];

#[test]
fn limits_of_json_hold_in_tokens() {
    let claims = crate::support::claims().to_string();
    let claims = claims.trim_end_matches('}');
    for (name, largest, value) in LIMITS {
        for (more, refusals) in [(0, ["accepted"; 2]), (1, ["header_not_json", "claims_not_json"])] {
            let value = value(largest + more);
            let mut attempt = Attempt::new(Algorithm::EdDSA);
            attempt.payload_bytes = Some(format!("{claims},\"fill\":{value}}}").into_bytes());
            assert_eq!(code(&attempt.run()), refusals[1], "{name} and {more}");
            // A whole header is shorter than the longest text.
            if value.len() < 3000 {
                attempt.payload_bytes = None;
                let header = format!("{{\"alg\":\"EdDSA\",\"kid\":\"key\",\"fill\":{value}}}");
                attempt.header_bytes = Some(header.into_bytes());
                assert_eq!(
                    code(&attempt.run()),
                    refusals[0],
                    "{name} and {more} in the header"
                );
            }
        }
    }
}

/// All members of all objects count, wherever they stand.
#[test]
fn a_token_has_at_most_256_claims() {
    for (members, expected) in [
        (255, "accepted"),
        (256, "accepted"),
        (257, "claims_not_json"),
        (600, "claims_not_json"),
    ] {
        for spread in [1, 2, 5] {
            let mut attempt = Attempt::new(Algorithm::EdDSA);
            attempt.claims["objects"] = json!(vec![json!({}); spread]);
            let own = attempt.claims.as_object().unwrap().len();
            for n in 0..members - own {
                attempt.claims["objects"][n % spread][format!("m{n}")] = json!(0);
            }
            assert_eq!(code(&attempt.run()), expected, "{members} in {spread} objects");
        }
    }
}

/// The deepest and the widest documents in a thread of 256 KiB: an answer each, and never the end of the program.
#[test]
fn no_document_needs_more_than_256_kib_of_stack() {
    let run = || {
        for depth in [1, 2, 15, 16, 17, 18, 64, 127, 128, 129, 1000, 10_000, 100_000] {
            for (open, inner, close) in [
                ("[", "", "]"),
                ("{\"a\":", "0", "}"),
                ("[{\"a\":", "[]", "}]"),
                ("[0,", "0", "]"),
                ("{\"a\":0,\"b\":", "0", "}"),
            ] {
                for text in [
                    format!("{{\"a\":{}}}", nested(depth, open, inner, close)),
                    format!("{{\"keys\":{}}}", nested(depth, open, inner, close)),
                    format!("{{\"keys\":[{}]}}", nested(depth, open, inner, close)),
                    // Opened and never closed.
                    format!("{{\"a\":{}", open.repeat(depth)),
                    nested(depth, open, inner, close),
                    close.repeat(depth),
                ] {
                    let levels = text.bytes().filter(|byte| matches!(byte, b'[' | b'{')).count();
                    assert!(!reads(&text) || levels <= 16);
                    assert!(KeySet::parse(text.as_bytes()).is_err() || levels <= 16);
                }
            }
        }
        // Whole tokens with all that they may have, by every algorithm.
        for algorithm in Algorithm::ALL {
            let mut attempt = Attempt::new(algorithm);
            attempt.claims["deep"] = serde_json::from_str(&nested(15, "[", "", "]")).unwrap();
            attempt.header["deep"] = attempt.claims["deep"].clone();
            assert_eq!(code(&attempt.run()), "accepted", "{algorithm}");
        }
    };
    // Keys are made before: what makes them is not what is measured.
    for algorithm in Algorithm::ALL {
        let _ = signer(algorithm);
    }
    let thread = std::thread::Builder::new()
        .stack_size(256 * 1024)
        .spawn(run)
        .unwrap();
    thread.join().unwrap();
}

/// Names that fall into one place of a table: 16 bits long, equal under the sums that tables were once made with.
fn colliding(count: usize) -> Vec<(&'static str, Vec<String>)> {
    let bits = |a: &str, b: &str| -> Vec<String> {
        (0..count)
            .map(|n| (0..9).map(|bit| if n >> bit & 1 == 1 { a } else { b }).collect())
            .collect()
    };
    vec![
        // 31 * h + c, as in Java: "Aa" and "BB" are one number.
        ("times 31", bits("Aa", "BB")),
        // 33 * h + c, as in Perl and PHP: "Ez" and "FY" are one number.
        ("times 33", bits("Ez", "FY")),
        // 65599 * h + c modulo 2^32 has no such pairs, but only sums have: letters in another order.
        (
            "sums",
            (0..count)
                .map(|n| format!("{}x{}", "a".repeat(n), "a".repeat(count - n)))
                .collect(),
        ),
        (
            "long beginning",
            (0..count).map(|n| format!("{}{n:03}", "p".repeat(30))).collect(),
        ),
        (
            "long end",
            (0..count).map(|n| format!("{n:03}{}", "p".repeat(30))).collect(),
        ),
        ("zeros", (1..=count).map(|n| "\\u0000".repeat(n)).collect()),
    ]
}

/// As many members as there may be, all of one hash: each is found, and a second one of a name, too.
#[test]
fn names_that_collide_are_only_names() {
    for (name, names) in colliding(200) {
        let members = names
            .iter()
            .enumerate()
            .map(|(n, name)| format!("\"{name}\":\"{n}\""))
            .collect::<Vec<_>>()
            .join(",");
        let text = format!("{{{members}}}");
        if name == "sums" || name == "zeros" {
            // Too long for a token, and still a document.
            assert!(reads(&text), "{name}");
        } else {
            let mut attempt = Attempt::new(Algorithm::EdDSA);
            for (n, name) in names.iter().enumerate() {
                attempt.claims[name] = json!(n.to_string());
            }
            let token = attempt.run().unwrap_or_else(|error| panic!("{name}: {error}"));
            for (n, name) in names.iter().enumerate() {
                assert_eq!(text_claim(&token, name), Some(n.to_string()), "{name}");
            }
        }
        for again in [0, 1, 100, 199] {
            let twice = format!("{{{members},\"{}\":0}}", names[again]);
            assert!(!reads(&twice), "{name}: {again} twice");
        }
    }
    // A key set may have a hundred times as many.
    let (_, names) = colliding(250).swap_remove(0);
    let key = |kid: &str| -> Value {
        let mut jwk = signer(Algorithm::EdDSA).jwk(kid);
        for name in &names {
            jwk[name] = json!(0);
        }
        jwk
    };
    let jwks: Vec<Value> = (0..30).map(|n| key(&n.to_string())).collect();
    assert_eq!(key_set(&jwks).len(), 30);
}

#[test]
fn a_key_set_has_at_most_100_entries_and_256_kib() {
    let parse = |text: &str| KeySet::parse(text.as_bytes());
    for (entries, good) in [(99, true), (100, true), (101, false), (1000, false)] {
        for entry in ["{}", "null", "0", "[]"] {
            let text = format!("{{\"keys\":[{}]}}", vec![entry; entries].join(","));
            assert_eq!(parse(&text).is_ok(), good, "{entries} of {entry}");
        }
    }
    for (length, good) in [
        (256 * 1024 - 1, true),
        (256 * 1024, true),
        (256 * 1024 + 1, false),
        (100_000_000, false),
    ] {
        for text in [
            format!("{{\"keys\":[]{}}}", " ".repeat(length - 11)),
            format!("{}{{\"keys\":[]}}", "\n".repeat(length - 11)),
            format!("{{\"keys\":[],\"x\":\"{}\"}}", "x".repeat(length - 18)),
        ] {
            assert_eq!(text.len(), length);
            assert_eq!(parse(&text).is_ok(), good, "{length}");
        }
    }
}
