//! Strings that break programs, from a list that nobody of this project wrote: in tokens they are only text.

use crate::outside::vectors;
use crate::support::{Attempt, URL, code, drop, text_claim};
use rolecall::{Algorithm, VerifyError};
use rolecall_engine::{PolicySet, Source};
use serde_json::{Value, json};

/// The list, and some that it leaves out: whatever a terminal, a log or a reader may take for more than text.
fn naughty() -> Vec<String> {
    let more = [
        "\u{1b}[2J\u{1b}[31mroot",
        "\u{1b}]0;title\u{7}",
        "\u{9b}31m",
        "a\rb",
        "a\nlevel=info msg=allowed",
        "a\r\n\r\nb",
        "\u{8}\u{8}\u{8}",
        "\0",
        "a\0b",
        "\u{7f}",
        "\u{85}",
        "\u{2028}\u{2029}",
        "\u{202e}nimda\u{202c}",
        "\u{2066}x\u{2069}",
        "\u{feff}",
        "\u{200b}",
        "\u{ad}",
        "\u{e0041}\u{e0042}",
        "\u{ffff}",
        "\u{10ffff}",
        "\u{fdd0}",
        "e\u{301}",
        "\u{e9}",
        "\u{212a}",
        "\u{1f468}\u{200d}\u{1f469}",
        "`x`",
        "\\`",
        "${x}",
        "a|b,c=d",
        "\u{3164}",
        "\u{115f}",
    ];
    let mut all: Vec<String> = more.map(str::to_owned).into();
    if let Some(path) = vectors("naughty-strings/blns.json") {
        let list: Vec<String> = serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap();
        assert!(list.len() > 500);
        all.extend(list);
    }
    all
}

/// Whether a message can stand in a line of a log: it is one line, and every character of it can be seen.
fn is_plain(message: &str) -> bool {
    message.chars().all(|c| matches!(c, ' '..='~' | '…'))
}

/// What is said of a refusal, in each way to say it.
fn told(error: &VerifyError) -> Vec<String> {
    let source = std::error::Error::source(error).map(ToString::to_string);
    vec![
        error.to_string(),
        format!("{error:?}"),
        source.unwrap_or_default(),
        error.help().unwrap_or_default().to_owned(),
    ]
}

#[test]
fn values_of_claims_are_kept_exactly() {
    for text in naughty() {
        let mut attempt = Attempt::new(Algorithm::EdDSA);
        attempt.claims["project_path"] = json!(text);
        attempt.claims["nested"] = json!({"list": [text, {"deep": text}]});
        let token = attempt.run().unwrap_or_else(|error| panic!("{text:?}: {error}"));
        assert_eq!(text_claim(&token, "project_path").as_ref(), Some(&text));
        // What can be shown of a token says nothing of it.
        assert!(is_plain(&format!("{token:?}")), "{text:?}");
    }
}

#[test]
fn names_of_claims_are_kept_exactly() {
    for text in naughty() {
        let mut attempt = Attempt::new(Algorithm::EdDSA);
        attempt.claims[format!("{text}.")] = json!("here");
        let token = attempt.run().unwrap_or_else(|error| panic!("{text:?}: {error}"));
        assert_eq!(
            text_claim(&token, &format!("{text}.")).as_deref(),
            Some("here"),
            "{text:?}"
        );
    }
}

/// All characters of the first plane's beginning, each as it is and escaped.
#[test]
fn every_character_is_kept() {
    for c in (0..0x3000)
        .chain([0xfffd, 0xffff, 0x1_0000, 0x10_ffff])
        .filter_map(char::from_u32)
    {
        let mut units = [0; 2];
        let escaped: String = c
            .encode_utf16(&mut units)
            .iter()
            .map(|unit| format!("\\u{unit:04x}"))
            .collect();
        let plain = json!(c).to_string();
        let mut attempt = Attempt::new(Algorithm::EdDSA);
        let claims = attempt.claims.to_string();
        let claims = format!(
            "{},\"a\":{plain},\"b\":\"x{escaped}{escaped}\"}}",
            claims.trim_end_matches('}')
        );
        attempt.payload_bytes = Some(claims.into_bytes());
        let token = attempt.run().unwrap_or_else(|error| panic!("{c:?}: {error}"));
        assert_eq!(text_claim(&token, "a"), Some(c.to_string()));
        assert_eq!(text_claim(&token, "b"), Some(format!("x{c}{c}")));
    }
}

#[test]
fn subjects_are_kept_exactly() {
    for text in naughty() {
        let mut attempt = Attempt::new(Algorithm::EdDSA);
        attempt.claims["sub"] = json!(text);
        match attempt.run() {
            Ok(token) => assert_eq!(token.subject(), text),
            Err(error) => {
                let is_long = text.chars().count() > 2048;
                let expected = if is_long {
                    "subject_too_long"
                } else {
                    "malformed_claim"
                };
                assert_eq!(error.code(), expected, "{text:?}");
                assert!(text.is_empty() || is_long, "{text:?}");
            }
        }
    }
}

#[test]
fn kids_are_compared_and_told_with_escapes() {
    for text in naughty() {
        let mut attempt = Attempt::new(Algorithm::EdDSA);
        attempt.header["kid"] = json!(text);
        let error = attempt.run().unwrap_err();
        let fault = match text.len() {
            257.. => Some("kid_too_long"),
            0 => Some("malformed_header"),
            _ => text.chars().any(char::is_control).then_some("malformed_header"),
        };
        assert_eq!(error.code(), fault.unwrap_or("unknown_key"), "{text:?}");
        assert!(told(&error).iter().all(|told| is_plain(told)), "{text:?}");
        // A key of this name is the key of this name.
        attempt.jwk()["kid"] = json!(text);
        assert_eq!(code(&attempt.run()), fault.unwrap_or("accepted"), "{text:?}");
    }
}

/// What stands in other places of a token and in a key, and is told back when it is refused.
#[test]
fn what_is_told_is_one_plain_line() {
    type Change = fn(&mut Attempt, &str);
    let places: [(&str, Change); 9] = [
        ("iss", |a, text| a.claims["iss"] = json!(text)),
        ("iss behind the URL", |a, text| {
            a.claims["iss"] = json!(format!("{URL}/{text}"));
        }),
        ("aud", |a, text| a.claims["aud"] = json!(format!("x{text}"))),
        ("aud in a list", |a, text| {
            a.claims["aud"] = json!([format!("x{text}")]);
        }),
        ("azp", |a, text| a.claims["azp"] = json!(format!("x{text}"))),
        ("alg", |a, text| a.header["alg"] = json!(text)),
        ("typ", |a, text| a.header["typ"] = json!(format!("x{text}"))),
        ("alg of the key", |a, text| a.jwk()["alg"] = json!(text)),
        ("crv of the key", |a, text| a.jwk()["crv"] = json!(text)),
    ];
    for text in naughty() {
        for (place, change) in places {
            let mut attempt = Attempt::new(Algorithm::EdDSA);
            change(&mut attempt, &text);
            let error = attempt.run().unwrap_err();
            for told in told(&error) {
                assert!(is_plain(&told), "{place}: {told:?}");
                assert!(told.len() < 1000, "{place}: {}", told.len());
            }
        }
    }
}

/// A role that is asked for by such a name is not there, and is told with escapes, too.
#[test]
fn roles_of_such_names_are_never_there() {
    let policy = r#"
issuer gitlab { url "https://gitlab.example" profile gitlab-ci audience "rolecall" }
role deploy { allow from gitlab when project_path == "group/project" }
"#;
    let set = PolicySet::compile([Source::new("roles.policy", policy)]).unwrap();
    let token = Attempt::new(Algorithm::EdDSA).run().unwrap();
    assert!(set.decide(token.claims(), "deploy").is_allowed());
    for text in naughty() {
        for role in [
            text.clone(),
            format!("deploy{text}."),
            format!("{text}.deploy"),
            format!(" {text}deploy"),
        ] {
            let decision = set.decide(token.claims(), &role);
            assert!(!decision.is_allowed() && decision.role().is_none(), "{role:?}");
        }
    }
}

/// A claim of such a text is equal to nothing but itself: no role for another text is given to it.
#[test]
fn such_values_match_no_other() {
    let policy = r#"
issuer gitlab { url "https://gitlab.example" profile gitlab-ci audience "rolecall" }
role deploy { allow from gitlab when project_path == "group/project" }
role below { allow from gitlab when project_path under "group" }
role like { allow from gitlab when project_path like "group/*" }
role user { allow from gitlab when user_login == "root" }
"#;
    let set = PolicySet::compile([Source::new("values.policy", policy)]).unwrap();
    for text in naughty() {
        let mut attempt = Attempt::new(Algorithm::EdDSA);
        for value in [
            json!(text),
            json!(format!("group/project{text}.")),
            json!([text]),
            json!({ text.clone(): "group/project" }),
        ] {
            let beside = value.as_str().is_some_and(|value| value.starts_with("group/"));
            attempt.claims["project_path"] = value;
            attempt.claims["user_login"] = json!(format!("{text}root."));
            let token = attempt.run().unwrap();
            for role in ["deploy", "user", "below", "like"] {
                let allowed = set.decide(token.claims(), role).is_allowed();
                assert!(
                    !allowed || beside && matches!(role, "below" | "like"),
                    "{role}: {text:?}"
                );
            }
        }
        drop(&mut attempt.claims, "user_login");
        attempt.claims["project_path"] = Value::Null;
        let token = attempt.run().unwrap();
        assert_eq!(set.roles(token.claims(), &mut Vec::new()).count(), 0);
    }
}
