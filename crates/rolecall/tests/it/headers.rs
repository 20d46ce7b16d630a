//! Headers: each way to spell an algorithm, a type or an extension, on tokens whose signature is good.

use std::collections::BTreeSet;

use crate::support::{Attempt, Signer, code, drop, text_claim};
use rolecall::Algorithm;
use serde_json::{Value, json};

/// What somebody may put at the edge of a name or in the middle of it.
const INVISIBLE: [&str; 12] = [
    " ", "\t", "\n", "\r", "\0", "\u{7f}", "\u{a0}", "\u{ad}", "\u{200b}", "\u{2028}", "\u{feff}", "\u{301}",
];

/// A name, spelled so that a lax comparison takes it for the same.
fn spellings(name: &str) -> BTreeSet<String> {
    let swapped = |c: char| {
        if c.is_ascii_uppercase() {
            c.to_ascii_lowercase()
        } else {
            c.to_ascii_uppercase()
        }
    };
    let wide = |c: char| char::from_u32(u32::from(c) + 0xfee0).unwrap();
    let cyrillic = |c: char| match c {
        'A' => 'А',
        'E' => 'Е',
        'P' => 'Р',
        'S' => 'Ѕ',
        'd' => 'ԁ',
        other => other,
    };
    let (start, end) = name.split_at(2);
    let mut all: BTreeSet<String> = [
        name.to_lowercase(),
        name.to_uppercase(),
        name.chars().map(swapped).collect(),
        name.chars().map(wide).collect(),
        name.chars().map(cyrillic).collect(),
        name.chars().rev().collect(),
        format!("{start}-{end}"),
        format!("{start}_{end}"),
        format!("{name}{name}"),
        format!("{name}."),
        format!("{name}K"),
        format!("0{name}"),
        format!("\"{name}\""),
        format!("{name},none"),
        format!("none {name}"),
        format!("{name};{name}"),
        format!("%{:02X}{}", name.as_bytes()[0], &name[1..]),
        name[1..].to_owned(),
        name[..name.len() - 1].to_owned(),
    ]
    .into();
    for invisible in INVISIBLE {
        all.insert(format!("{invisible}{name}"));
        all.insert(format!("{name}{invisible}"));
        all.insert(format!("{start}{invisible}{end}"));
    }
    all.retain(|spelling| Algorithm::from_name(spelling).is_none());
    all
}

#[test]
fn algorithms_have_one_spelling() {
    let mut tried = 0;
    for algorithm in Algorithm::ALL {
        for name in [algorithm.name(), "Ed25519"] {
            for spelling in spellings(name) {
                let mut attempt = Attempt::new(algorithm);
                attempt.header["alg"] = json!(spelling);
                assert_eq!(code(&attempt.run()), "unsupported_algorithm", "{spelling:?}");
                tried += 1;
            }
        }
    }
    assert!(tried > 500, "{tried}");
}

#[test]
fn a_name_with_escapes_is_the_name() {
    for (text, expected) in [
        (r#"{"alg":"\u0045S256","kid":"key"}"#, "accepted"),
        (r#"{"\u0061lg":"ES256","kid":"key"}"#, "accepted"),
        (r#"{"alg":"ES256\u0000","kid":"key"}"#, "unsupported_algorithm"),
        (r#"{"alg":"\\u0045S256","kid":"key"}"#, "unsupported_algorithm"),
        (
            r#"{"alg":"none","\u0061lg":"ES256","kid":"key"}"#,
            "header_not_json",
        ),
        (
            r#"{"alg":"ES256","kid":"key","\u0061lg":"none"}"#,
            "header_not_json",
        ),
    ] {
        let mut attempt = Attempt::new(Algorithm::ES256);
        attempt.header_bytes = Some(text.as_bytes().to_vec());
        assert_eq!(code(&attempt.run()), expected, "{text}");
    }
}

/// `none` in all capitals that there are, with a good signature, with none, and with some bytes.
#[test]
fn no_spelling_of_none_is_an_algorithm() {
    let capitals = (0..16).map(|mask| {
        let capital = |(index, c): (usize, char)| {
            if mask >> index & 1 == 1 {
                c.to_ascii_uppercase()
            } else {
                c
            }
        };
        "none".char_indices().map(capital).collect::<String>()
    });
    let edged = spellings("none").into_iter();
    let named = [
        "",
        "null",
        "nil",
        "undefined",
        "false",
        "0",
        "plain",
        "unsecured",
        "no",
    ]
    .map(str::to_owned);
    for name in capitals.chain(edged).chain(named) {
        let mut attempt = Attempt::new(Algorithm::ES256);
        attempt.header["alg"] = json!(name);
        let token = attempt.token();
        let unsigned = token.rsplit_once('.').unwrap().0;
        for (token, expected) in [
            (token.clone(), "unsupported_algorithm"),
            (format!("{unsigned}.AA"), "unsupported_algorithm"),
            (format!("{unsigned}.e30"), "unsupported_algorithm"),
            (format!("{unsigned}."), "malformed_token"),
            (unsigned.to_owned(), "malformed_token"),
        ] {
            assert_eq!(code(&attempt.verify(&token)), expected, "{name:?}");
        }
    }
}

/// Names of the JOSE registry that are no signatures of public keys known here, old names, and names of other worlds.
#[test]
fn unknown_algorithms_are_refused_whatever_the_signature() {
    let names = "HS256 HS384 HS512 HS1 RS1 ES256K ES512K ES521 Ed448 EdDSA448 Ed25519ph Ed25519ctx ESP256 ESB256 ML-DSA-44 \
        ML-DSA-65 ML-DSA-87 SLH-DSA-SHA2-128s FALCON512 HSS-LMS SM2 GM RSA RSA1_5 RSA-OAEP RSA-OAEP-256 A128KW A256GCMKW \
        A128GCM A128CBC-HS256 dir ECDH-ES ECDH-ES+A128KW PBES2-HS256+A128KW HPKE-0 WalnutDSA SHA256 SHA256withRSA rsa-sha256 \
        RSASSA-PKCS1-v1_5 ECDSA ES P-256 secp256k1 MAC JWT ALG * .* -7 -257 1.2.840.113549.1.1.11";
    for name in names.split_whitespace() {
        let mut attempt = Attempt::new(Algorithm::ES256);
        attempt.header["alg"] = json!(name);
        let token = attempt.token();
        let unsigned = token.rsplit_once('.').unwrap().0;
        for token in [token.clone(), format!("{unsigned}.AA")] {
            assert_eq!(code(&attempt.verify(&token)), "unsupported_algorithm", "{name}");
        }
        // Neither does a key that says the same.
        attempt.jwk()["alg"] = json!(name);
        assert_eq!(
            code(&attempt.run()),
            "unsupported_algorithm",
            "{name} of the key, too"
        );
    }
}

/// Values of every type, for members that want one of them.
fn values() -> Vec<Value> {
    vec![
        json!(null),
        json!(true),
        json!(false),
        json!(0),
        json!(1),
        json!(-7),
        json!(0.5),
        json!([]),
        json!([null]),
        json!(["ES256"]),
        json!(["key", "key"]),
        json!({}),
        json!({"alg": "ES256"}),
    ]
}

#[test]
fn what_should_be_text_is_nothing_else() {
    for member in ["alg", "kid", "typ"] {
        for value in values().into_iter().filter(|value| !value.is_null()) {
            let mut attempt = Attempt::new(Algorithm::ES256);
            attempt.header[member] = value.clone();
            assert_eq!(code(&attempt.run()), "malformed_header", "{member}: {value}");
        }
    }
}

/// `null` is the same as absent, also where a member must be there.
#[test]
fn null_is_no_value_of_a_member() {
    for (member, expected) in [
        ("alg", "missing_header"),
        ("kid", "accepted"),
        ("typ", "accepted"),
    ] {
        let mut attempt = Attempt::new(Algorithm::ES256);
        attempt.header[member] = json!(null);
        assert_eq!(code(&attempt.run()), expected, "{member}");
        drop(&mut attempt.header, member);
        assert_eq!(code(&attempt.run()), expected, "no {member}");
    }
    // Without a `kid`, one key must fit, whether it has a `kid` or not.
    let mut attempt = Attempt::new(Algorithm::ES256);
    attempt.header["kid"] = json!(null);
    attempt
        .keys
        .as_mut()
        .unwrap()
        .push(Signer::generate(Algorithm::ES256).jwk("other"));
    assert_eq!(code(&attempt.run()), "ambiguous_key");
}

/// Members that change what a token means are refused with any value, also with one that changes nothing.
#[test]
fn extensions_are_refused_with_any_value() {
    let lists = [
        json!(["exp"]),
        json!(["x-unknown"]),
        json!(["b64"]),
        json!(["b64", "b64"]),
        json!(["alg", "kid"]),
        json!(["missing"]),
        json!([""]),
        json!([1]),
        json!([["b64"]]),
        json!("b64"),
        json!(""),
        json!("JWT"),
    ];
    for member in ["crit", "b64", "zip", "enc", "cty"] {
        for value in values().into_iter().chain(lists.clone()) {
            let mut attempt = Attempt::new(Algorithm::ES256);
            attempt.header[member] = value.clone();
            attempt.header["exp"] = json!(1);
            attempt.header["x-unknown"] = json!(1);
            assert_eq!(code(&attempt.run()), "forbidden_header", "{member}: {value}");
        }
    }
}

#[test]
fn only_these_types_are_id_tokens() {
    for typ in [
        "JWT",
        "jwt",
        "Jwt",
        "jWT",
        "application/jwt",
        "application/JWT",
        "APPLICATION/JWT",
    ] {
        let mut attempt = Attempt::new(Algorithm::ES256);
        attempt.header["typ"] = json!(typ);
        assert_eq!(code(&attempt.run()), "accepted", "{typ}");
    }
    let others = "at+jwt AT+JWT application/at+jwt rt+jwt logout+jwt secevent+jwt dpop+jwt client-authentication+jwt \
        token-introspection+jwt oauth-authz-req+jwt entity-statement+jwt resolve-response+jwt trust-mark+jwt jwk-set+jwt \
        kb+jwt dc+sd-jwt vc+sd-jwt vc+jwt statuslist+jwt openid4vci-proof+jwt key-attestation+jwt passport mb+jwt \
        rfc7523+jwt authorization-grant+jwt txntoken+jwt wimse-id+jwt wit+jwt wpt+jwt JOSE JOSE+JSON JWE JWS JWTS \
        WT ID id_token id+jwt Bearer jwt; jwt;charset=utf-8 JWT,at+jwt application/ application/jwt; \
        application//jwt text/jwt application/x-jwt urn:ietf:params:oauth:token-type:jwt * ＪＷＴ JWТ";
    let edged = INVISIBLE
        .iter()
        .flat_map(|edge| [format!("{edge}JWT"), format!("JWT{edge}")]);
    for typ in others
        .split_whitespace()
        .map(str::to_owned)
        .chain(edged)
        .chain([String::new()])
    {
        let mut attempt = Attempt::new(Algorithm::ES256);
        attempt.header["typ"] = json!(typ);
        assert_eq!(code(&attempt.run()), "wrong_type", "{typ:?}");
    }
}

/// Header members that nobody knows, and claims that stand in the header: no policy sees them.
#[test]
fn the_header_is_no_source_of_claims() {
    let mut attempt = Attempt::new(Algorithm::ES256);
    for member in [
        "iss",
        "sub",
        "aud",
        "project_path",
        "role",
        "Alg",
        "KID",
        "Crit",
        "",
        "__proto__",
    ] {
        attempt.header[member] = json!("evil");
    }
    let token = attempt.run().unwrap();
    assert_eq!(
        text_claim(&token, "project_path").as_deref(),
        Some("group/project")
    );
    assert_eq!(token.subject(), attempt.claims["sub"].as_str().unwrap());
    for member in ["role", "Alg", "alg", "kid", "Crit", "typ", "", "__proto__"] {
        assert_eq!(text_claim(&token, member), None, "{member}");
    }
}
