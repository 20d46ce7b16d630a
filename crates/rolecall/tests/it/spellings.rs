//! Issuers and audiences: each is compared byte for byte, so that nothing that looks like it is taken for it.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use crate::support::{Attempt, NOW, Signer, URL, code, drop, key_set};
use rolecall::{Algorithm, Issuer, KeySet, UnixTime, Verifier};
use serde_json::{Value, json};

/// The configured URL in other words: each is the same address to some library, or looks like it to somebody.
#[rustfmt::skip]
const ISSUERS: &[(&str, &str)] = &[
    // What normalising would undo.
    ("slash behind", "https://gitlab.example/"),
    ("two slashes behind", "https://gitlab.example//"),
    ("three slashes in front", "https:///gitlab.example"),
    ("one slash in front", "https:/gitlab.example"),
    ("no slash in front", "https:gitlab.example"),
    ("backslashes", "https:\\\\gitlab.example"),
    ("no scheme", "gitlab.example"),
    ("scheme left open", "//gitlab.example"),
    ("scheme without TLS", "http://gitlab.example"),
    ("scheme of web sockets", "wss://gitlab.example"),
    ("scheme in capitals", "HTTPS://gitlab.example"),
    ("one capital", "https://gitlab.Example"),
    ("all in capitals", "HTTPS://GITLAB.EXAMPLE"),
    ("default port", "https://gitlab.example:443"),
    ("default port with a zero", "https://gitlab.example:0443"),
    ("empty port", "https://gitlab.example:"),
    ("other port", "https://gitlab.example:8443"),
    ("empty user", "https://@gitlab.example"),
    ("user", "https://user@gitlab.example"),
    ("user and password", "https://user:pass@gitlab.example"),
    ("empty query", "https://gitlab.example?"),
    ("query", "https://gitlab.example?x=1"),
    ("empty fragment", "https://gitlab.example#"),
    ("fragment", "https://gitlab.example#x"),
    ("dot segment", "https://gitlab.example/."),
    ("dot segments up", "https://gitlab.example/x/.."),
    ("dot of the root", "https://gitlab.example."),
    ("escaped slash", "https://gitlab.example%2f"),
    ("escaped dot", "https://gitlab%2eexample"),
    ("escaped letter", "https://%67itlab.example"),
    ("letter escaped twice", "https://%2567itlab.example"),
    ("escaped zero byte", "https://gitlab.example%00"),
    ("parameter", "https://gitlab.example;x"),
    ("www", "https://www.gitlab.example"),
    ("name in the punycode of itself", "https://xn--gitlab-.example"),
    // Invisible.
    ("space in front", " https://gitlab.example"),
    ("space behind", "https://gitlab.example "),
    ("tab in front", "\thttps://gitlab.example"),
    ("newline behind", "https://gitlab.example\n"),
    ("carriage return behind", "https://gitlab.example\r"),
    ("newline inside", "https://git\nlab.example"),
    ("tab inside", "https://git\tlab.example"),
    ("zero byte behind", "https://gitlab.example\0"),
    ("zero byte and another host", "https://gitlab.example\0.evil.example"),
    ("no-break space behind", "https://gitlab.example\u{a0}"),
    ("zero width space inside", "https://git\u{200b}lab.example"),
    ("soft hyphen inside", "https://git\u{ad}lab.example"),
    ("byte order mark in front", "\u{feff}https://gitlab.example"),
    ("text turned around", "\u{202e}elpmaxe.baltig//:sptth"),
    // Look-alikes.
    ("Cyrillic a", "https://gitl\u{430}b.example"),
    ("Greek omicron for the dot", "https://gitlab\u{3bf}example"),
    ("wide letters", "https://\u{ff47}itlab.example"),
    ("wide dot", "https://gitlab\u{ff0e}example"),
    ("ideographic dot", "https://gitlab\u{3002}example"),
    ("dotless i", "https://g\u{131}tlab.example"),
    ("long s", "http\u{17f}://gitlab.example"),
    ("fraction slash", "https:\u{2044}\u{2044}gitlab.example"),
    ("mark over a letter", "https://gitlab.e\u{301}xample"),
    ("1 for l", "https://git1ab.example"),
    // Other hosts with the URL in them.
    ("URL as the user of another host", "https://gitlab.example@evil.example"),
    ("URL as the user with a port", "https://gitlab.example:443@evil.example"),
    ("URL as the user, escaped", "https://gitlab.example%40evil.example"),
    ("URL as a prefix of another host", "https://gitlab.example.evil.example"),
    ("URL as a prefix without a dot", "https://gitlab.exampleevil"),
    ("URL as a prefix with a hyphen", "https://gitlab.example-evil.example"),
    ("URL as a suffix of another host", "https://evil-gitlab.example"),
    ("URL as a subdomain's parent", "https://evil.gitlab.example"),
    ("URL in the path of another host", "https://evil.example/https://gitlab.example"),
    ("host in the path of another host", "https://evil.example/gitlab.example"),
    ("URL in the query of another host", "https://evil.example?https://gitlab.example"),
    ("URL in the fragment of another host", "https://evil.example#https://gitlab.example"),
    ("backslash before another host", "https://gitlab.example\\@evil.example"),
    ("fragment before another host", "https://gitlab.example#@evil.example"),
    ("path below", "https://gitlab.example/group"),
    ("discovery document", "https://gitlab.example/.well-known/openid-configuration"),
    ("less", "https://gitlab.exampl"),
    ("twice", "https://gitlab.examplehttps://gitlab.example"),
    ("with another behind a comma", "https://gitlab.example,https://evil.example"),
    ("with another behind a space", "https://gitlab.example https://evil.example"),
    ("in quotes", "\"https://gitlab.example\""),
    ("in angle brackets", "<https://gitlab.example>"),
    ("of everybody", "*"),
    ("pattern", "https://gitlab.*"),
    ("regex", "https://gitlab.example|.*"),
    ("name of the issuer", "gitlab"),
    ("empty", ""),
];

#[test]
fn an_issuer_has_one_spelling() {
    let mut seen = BTreeSet::from([URL]);
    for (name, spelling) in ISSUERS {
        assert!(seen.insert(spelling), "{name} is there twice");
        let mut attempt = Attempt::new(Algorithm::ES256);
        attempt.claims["iss"] = json!(spelling);
        let error = attempt.run().unwrap_err();
        assert_eq!(error.code(), "unknown_issuer", "{name}");
        assert!(
            error.to_string().is_ascii() || spelling.len() > 80,
            "{name}: {error}"
        );
    }
    assert!(ISSUERS.len() > 60);
}

/// The same the other way round: the configuration has a port and a path, and the token leaves out or adds something.
#[test]
fn a_port_and_a_path_belong_to_the_issuer() {
    let url = "https://ci.example:8443/group/a";
    for iss in [
        "https://ci.example:8443/group/a/",
        "https://ci.example:8443/group/",
        "https://ci.example:8443/group",
        "https://ci.example:8443/group/A",
        "https://ci.example:8443/group/b",
        "https://ci.example:8443/group/ab",
        "https://ci.example:8443/group//a",
        "https://ci.example:8443/group/./a",
        "https://ci.example:8443/x/../group/a",
        "https://ci.example:8443/group%2Fa",
        "https://ci.example:8443/group/%61",
        "https://ci.example:8443",
        "https://ci.example:08443/group/a",
        "https://ci.example/group/a",
        "https://ci.example:443/group/a",
        "https://ci.example:8443/group/a?",
        "https://ci.example:8443/group/a#",
        "https://ci.example:8443/group/a;",
    ] {
        let mut attempt = Attempt::new(Algorithm::ES256);
        attempt.issuer.url = url.to_owned();
        attempt.claims["iss"] = json!(iss);
        assert_eq!(code(&attempt.run()), "unknown_issuer", "{iss}");
    }
}

/// Issuers whose URLs differ by one byte, all configured and all with a key of the same kid: each has its own tokens only.
#[test]
fn issuers_that_look_alike_are_kept_apart() {
    let urls = [
        "https://ci.example",
        "https://ci.example/",
        "https://ci.example:443",
        "https://ci.example:8443",
        "https://ci.example/a",
        "https://ci.example/a/",
        "https://ci.example/A",
        "https://ci.example/a%2F",
        "https://ci.example/%61",
        "https://cj.example",
    ];
    let signers = urls.map(|_| Signer::generate(Algorithm::EdDSA));
    let issuer = |url: &str| Issuer::new(url, url, "gitlab", vec!["rolecall".to_owned()]);
    let verifier = Verifier::new(urls.map(issuer)).unwrap();
    let keys: HashMap<String, KeySet> = urls
        .iter()
        .zip(&signers)
        .map(|(url, signer)| ((*url).to_owned(), key_set(&[signer.jwk("key")])))
        .collect();
    for url in urls {
        for (signer, owner) in signers.iter().zip(urls) {
            let mut claims = crate::support::claims();
            claims["iss"] = json!(url);
            let token = signer.token(r#"{"alg":"EdDSA","kid":"key"}"#, claims.to_string());
            let verdict = verifier.verify(&token, &keys, UnixTime::from_secs(NOW));
            let expected = if url == owner { "accepted" } else { "bad_signature" };
            assert_eq!(code(&verdict), expected, "{url} by {owner}");
            assert!(verdict.is_err() || verdict.unwrap().issuer() == url);
        }
    }
}

/// An issuer that nobody configured, though its keys are at hand.
#[test]
fn keys_alone_make_no_issuer() {
    let attempt = Attempt::new(Algorithm::ES256);
    let verifier = Verifier::new([Issuer::new(
        "b",
        "https://b.example",
        "gitlab",
        vec!["rolecall".to_owned()],
    )])
    .unwrap();
    let keys: BTreeMap<String, KeySet> = [URL, "https://b.example"]
        .map(|url| (url.to_owned(), key_set(&[attempt.signer.jwk("key")])))
        .into();
    let verdict = verifier.verify(&attempt.token(), &keys, UnixTime::from_secs(NOW));
    assert_eq!(code(&verdict), "unknown_issuer");
    let nobody = Verifier::new([]).unwrap();
    assert_eq!(
        code(&nobody.verify(&attempt.token(), &keys, UnixTime::from_secs(NOW))),
        "unknown_issuer"
    );
}

/// An audience, spelled in other ways, in part, and with more around it.
fn spellings(audience: &str) -> Vec<String> {
    let mut all: Vec<String> = [
        "{}/",
        "{}/*",
        "{}*",
        "*",
        "*{}",
        ".*",
        "{}.evil.example",
        "{}:443",
        "{}?",
        "{}#",
        "{},other",
        "other,{}",
        "{} other",
        "[\"{}\"]",
        "\"{}\"",
        "'{}'",
        "^{}$",
        "{}|x",
        "x{}",
        "{}x",
        "{}{}",
        "urn:{}",
        "https://{}",
        "//{}",
        "{}%00",
        "%20{}",
    ]
    .map(|pattern| pattern.replace("{}", audience))
    .into();
    for edge in [
        " ", "\t", "\n", "\r", "\0", "\u{a0}", "\u{200b}", "\u{ad}", "\u{feff}", "\u{202e}", "\u{301}",
    ] {
        all.push(format!("{edge}{audience}"));
        all.push(format!("{audience}{edge}"));
    }
    all.push(audience.to_uppercase());
    all.push(audience.replacen('r', "R", 1).replacen("acme", "Acme", 1));
    all.push(audience.chars().map(|c| if c == 'c' { 'с' } else { c }).collect());
    all.push(audience.chars().rev().collect());
    all.extend(audience.char_indices().map(|(end, _)| audience[..end].to_owned()));
    all.extend(
        audience
            .char_indices()
            .skip(1)
            .map(|(start, _)| audience[start..].to_owned()),
    );
    all
}

#[test]
fn an_audience_has_one_spelling() {
    for audience in ["rolecall", "https://sts.acme.example"] {
        for spelling in spellings(audience) {
            for aud in [json!(spelling), json!([spelling])] {
                let mut attempt = Attempt::new(Algorithm::ES256);
                attempt.issuer.audiences = vec![audience.to_owned()];
                attempt.claims["aud"] = aud;
                assert_eq!(code(&attempt.run()), "wrong_audience", "{spelling:?}");
                // Neither is the party that it was issued to compared in another way.
                attempt.claims["aud"] = json!(audience);
                attempt.claims["azp"] = json!(spelling);
                assert_eq!(code(&attempt.run()), "wrong_authorized_party", "{spelling:?}");
            }
        }
    }
}

/// A configured audience is no pattern either.
#[test]
fn a_configured_audience_is_no_pattern() {
    for configured in [
        "*",
        "role*",
        ".*",
        "role",
        "https://*",
        "?olecall",
        "[a-z]*",
        "rolecall|x",
    ] {
        let mut attempt = Attempt::new(Algorithm::ES256);
        attempt.issuer.audiences = vec![configured.to_owned()];
        assert_eq!(code(&attempt.run()), "wrong_audience", "{configured}");
    }
}

/// Claims that must be text, as everything else, and not at all.
#[test]
fn what_should_be_text_is_nothing_else() {
    let values = || {
        [
            json!(true),
            json!(false),
            json!(0),
            json!(1),
            json!(0.5),
            json!([]),
            json!([null]),
            json!([5]),
            json!([[URL]]),
            json!([["rolecall"]]),
            json!([{}]),
            json!({}),
            json!({"rolecall": true}),
            json!({"0": "rolecall"}),
            json!(["rolecall", 5]),
            json!([5, "rolecall"]),
            json!(["rolecall", null]),
            json!(["rolecall", ["rolecall"]]),
        ]
    };
    for claim in ["iss", "sub", "aud", "azp"] {
        let one = |value: Value| json!([value]);
        let own = crate::support::claims()[claim].clone();
        let lists = if claim == "aud" {
            vec![]
        } else {
            vec![one(own.clone()), json!([own, "evil"]), json!(["evil", own])]
        };
        for value in values().into_iter().chain(lists) {
            let mut attempt = Attempt::new(Algorithm::ES256);
            attempt.claims[claim] = value.clone();
            assert_eq!(code(&attempt.run()), "malformed_claim", "{claim}: {value}");
        }
        let mut attempt = Attempt::new(Algorithm::ES256);
        let expected = if claim == "azp" {
            "accepted"
        } else {
            "missing_claim"
        };
        attempt.claims[claim] = json!(null);
        assert_eq!(code(&attempt.run()), expected, "{claim} is null");
        drop(&mut attempt.claims, claim);
        assert_eq!(code(&attempt.run()), expected, "no {claim}");
    }
}
