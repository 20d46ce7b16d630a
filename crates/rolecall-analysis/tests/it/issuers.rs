//! Changes of issuers between two versions.

use rolecall_analysis::{IssuerChange, issuer_changes};

const BEFORE: &str = r#"
profile p { claim a: text claim b: text optional derive sub = "x:{a}" }
issuer i {
  url "https://i.example"
  profile p
  audience ["one", "two"]
  jwks "https://i.example/keys"
  algorithms [RS256, ES256]
  max_age 1h
  leeway 10s
}
issuer j { url "https://j.example" profile p audience "one" }
role r { allow from i when a == "1" allow from j }
"#;

fn changes(old: &str, new: &str) -> Vec<String> {
    let (old, new) = (crate::support::compile(old), crate::support::compile(new));
    let text = |change: &IssuerChange| {
        let value = |value: &Option<String>| value.clone().unwrap_or_else(|| "-".to_owned());
        let sign = match (change.gained, change.lost) {
            (true, true) => "±",
            (true, false) => "+",
            (false, true) => "-",
            (false, false) => panic!("no change is no change: {change:?}"),
        };
        let (old, new) = (value(&change.old), value(&change.new));
        format!("{sign} {} {}: {old} -> {new}", change.issuer, change.setting)
    };
    issuer_changes(&old, &new).iter().map(text).collect()
}

#[track_caller]
fn assert_changes(from: &str, to: &str, wanted: &[&str]) {
    let changed = BEFORE.replace(from, to);
    assert_ne!(changed, BEFORE);
    assert_eq!(changes(BEFORE, &changed), wanted);
}

#[test]
fn nothing_differs_from_itself() {
    assert_eq!(changes(BEFORE, BEFORE), [""; 0]);
    // Neither order, nor the name of an issuer changes who gets in.
    let renamed = BEFORE.replace("issuer j", "issuer k").replace("from j", "from k");
    assert_eq!(changes(BEFORE, &renamed), [""; 0]);
    let swapped = BEFORE.replace("[\"one\", \"two\"]", "[\"two\", \"one\"]");
    assert_eq!(changes(BEFORE, &swapped), [""; 0]);
}

#[test]
fn each_setting_is_compared() {
    for (from, to, wanted) in [
        (
            "\"two\"]",
            "\"two\", \"three\"]",
            "+ i audience: one, two -> one, two, three",
        ),
        ("[\"one\", \"two\"]", "\"one\"", "- i audience: one, two -> one"),
        (
            "[RS256, ES256]",
            "[RS256]",
            "- i algorithms: RS256, ES256 -> RS256",
        ),
        (
            "[RS256, ES256]",
            "[RS256, PS256]",
            "± i algorithms: RS256, ES256 -> RS256, PS256",
        ),
        ("max_age 1h", "max_age 2h", "+ i max_age: 3600s -> 7200s"),
        ("max_age 1h", "max_age 30m", "- i max_age: 3600s -> 1800s"),
        ("leeway 10s", "leeway 20s", "+ i leeway: 10s -> 20s"),
        (
            "leeway 10s",
            "leeway 10s subject_limit 2049",
            "+ i subject_limit: 2048 -> 2049",
        ),
        (
            "leeway 10s",
            "leeway 10s subject_limit 255",
            "- i subject_limit: 2048 -> 255",
        ),
        (
            "leeway 10s",
            "leeway 10s authorized_party \"client\"",
            "+ i authorized_party: - -> client",
        ),
        (
            "jwks \"https://i.example/keys\"",
            "jwks \"keys.json\"",
            "± i jwks: https://i.example/keys -> keys.json",
        ),
        (
            "jwks \"https://i.example/keys\"",
            "",
            "± i jwks: https://i.example/keys -> -",
        ),
        (
            "https://i.example\"",
            "https://k.example\"",
            "± i url: https://i.example -> https://k.example",
        ),
    ] {
        assert_changes(from, to, &[wanted]);
    }
    // What is written is what was meant anyway.
    assert_changes("leeway 10s", "leeway 10s subject_limit 2048", &[]);
}

#[test]
fn another_authorized_party_is_both_gained_and_lost() {
    let with =
        |party: &str| BEFORE.replace("leeway 10s", &format!("leeway 10s authorized_party \"{party}\""));
    let (one, two) = (with("one"), with("two"));
    assert_eq!(changes(&one, &two), ["± i authorized_party: one -> two"]);
    assert_eq!(changes(&one, BEFORE), ["- i authorized_party: one -> -"]);
    assert_eq!(changes(&one, &one), [""; 0]);
}

#[test]
fn profiles_are_compared_by_what_they_declare() {
    let both = ["± i profile: p -> p", "± j profile: p -> p"];
    assert_changes("claim b: text optional", "claim b: id optional", &both);
    // What only the linter reads, too: it decides what is reported.
    assert_changes("claim a: text", "claim a: text tenant", &both);
    let derived = ["i", "j"]
        .map(|issuer| format!("± {issuer} derive: derive sub = \"x:{{a}}\" -> derive sub = \"y:{{a}}\""));
    assert_changes("\"x:{a}\"", "\"y:{a}\"", &derived.each_ref().map(String::as_str));
}

#[test]
fn issuers_come_and_go() {
    let more = BEFORE.to_owned() + "issuer k { url \"https://k.example\" profile p audience \"one\" }\n";
    assert_eq!(changes(BEFORE, &more), ["+ k issuer: - -> https://k.example"]);
    assert_eq!(changes(&more, BEFORE), ["- k issuer: https://k.example -> -"]);
}
