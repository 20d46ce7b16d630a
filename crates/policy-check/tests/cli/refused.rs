//! Tokens that `policy-check decide` refuses.

use crate::decide::{decide, shop};
use crate::policies::Folder;
use crate::tokens::{Signer, claims, claims_with};
use insta::assert_snapshot;
use serde_json::json;

#[track_caller]
fn refused(folder: &Folder, code: &str) -> String {
    let run = decide(folder, &["--format", "json"]).exits(1);
    let json = run.json();
    assert_eq!(
        (&json["verified"], &json["error"]["code"]),
        (&json!(false), &json!(code)),
        "{json}"
    );
    assert_eq!(json.get("roles"), None);
    assert_eq!(run.err, "");
    let run = decide(folder, &[]).exits(1);
    assert!(run.out.starts_with("refused"), "{}", run.out);
    assert!(run.out.contains(json["error"]["message"].as_str().unwrap()));
    run.out
}

#[test]
fn refused_tokens() {
    let signer = Signer::new("key");
    let good = shop(&signer, &claims());

    let expired = shop(
        &signer,
        &claims_with(json!({"exp": 1_799_999_000, "iat": 1_799_998_000, "nbf": 1_799_998_000})),
    );
    assert_snapshot!(refused(&expired, "expired"), @r"
    refused  expired: the token expired at 1799999000; it is 1800000000, and the leeway is 30 s
      expired     2027-01-15T07:43:20Z
      now         2027-01-15T08:00:00Z
      off by      16m 10s
      help: request a new token from the CI system right before it is used
    ");
    let early = shop(&signer, &claims_with(json!({"nbf": 1_800_000_100})));
    refused(&early, "not_yet_valid");
    let other_audience = shop(&signer, &claims_with(json!({"aud": "https://sts.other.example"})));
    assert_snapshot!(refused(&other_audience, "wrong_audience"), @r"
    refused  wrong_audience: audience `https://sts.other.example` is not one of the issuer's audiences; accepted: `https://sts.acme.example`
      help: request a token with exactly one audience, one that the issuer lists
    ");
    let other_issuer = shop(
        &signer,
        &claims_with(json!({"iss": "https://gitlab.example.evil"})),
    );
    assert_snapshot!(refused(&other_issuer, "unknown_issuer"), @r"
    refused  unknown_issuer: no issuer is configured with the URL `https://gitlab.example.evil`; accepted: `https://gitlab.example`
      help: compare the issuer's `url` with the token's `iss`: they must be equal byte for byte
    ");
    let long_subject = shop(&signer, &claims_with(json!({"sub": "s".repeat(3000)})));
    assert_snapshot!(refused(&long_subject, "subject_too_long"), @r"
    refused  subject_too_long: the `sub` has 3000 characters; the issuer's `subject_limit` is 2048
      off by      952 characters
      help: raise the issuer's `subject_limit`, if its subjects are that long
    ");
    let other_party = shop(&signer, &claims_with(json!({"azp": "109876543210"})));
    assert_snapshot!(refused(&other_party, "wrong_authorized_party"), @r"
    refused  wrong_authorized_party: the token was issued to another party, `109876543210`; accepted: `https://sts.acme.example`
      help: set the issuer's `authorized_party` to the `azp`, if only your own workloads get tokens with it
    ");
    for (member, claims) in [
        ("subject_limit 3000", json!({"sub": "s".repeat(3000)})),
        (
            "authorized_party \"109876543210\"",
            json!({"azp": "109876543210"}),
        ),
    ] {
        let folder = shop(&signer, &claims_with(claims));
        let policy = folder.read("shop.policy");
        let audience = "audience \"https://sts.acme.example\"";
        assert!(policy.contains(audience), "{policy}");
        folder.write(
            "shop.policy",
            policy.replace(audience, &format!("{audience}\n  {member}")),
        );
        let run = decide(&folder, &[]);
        assert!(run.out.starts_with("verified  gitlab"), "{run:?}");
    }
    let milliseconds = shop(&signer, &claims_with(json!({"exp": 1_800_000_290_000_i64})));
    assert_snapshot!(refused(&milliseconds, "time_out_of_range"), @r"
    refused  time_out_of_range: the claim `exp` is 1800000290000; a time is 1 to 1099511627775 seconds after 1970
      help: have the issuer write times in seconds, not in milliseconds
    ");

    // Another key of the same name, and one of another name.
    good.write("jwks.json", Signer::new("key").jwks());
    refused(&good, "bad_signature");
    good.write("jwks.json", Signer::new("another").jwks());
    assert_snapshot!(refused(&good, "unknown_key"), @r"
    refused  unknown_key: the issuer has no key `key`
      help: fetch the issuer's keys again: it may have new ones
    ");
    good.write("jwks.json", signer.jwks());

    // One changed byte, of the signature and then anywhere.
    let token = good.read("token.jwt");
    let flip = |at: usize| {
        let mut bytes = token.clone().into_bytes();
        bytes[at] = if bytes[at] == b'A' { b'B' } else { b'A' };
        good.write("token.jwt", bytes);
    };
    flip(token.rfind('.').unwrap() + 5);
    refused(&good, "bad_signature");
    for at in (0..token.trim_end().len()).step_by(23) {
        flip(at);
        let run = decide(&good, &[]).exits(1);
        assert!(run.out.starts_with("refused"), "{at}: {}", run.out);
    }
    for (text, code) in [
        ("", "malformed_token"),
        ("no token", "malformed_token"),
        ("a.b", "malformed_token"),
    ] {
        good.write("token.jwt", text);
        refused(&good, code);
    }
    good.write("token.jwt", b"\xff.\xff.\xff");
    refused(&good, "malformed_token");
    good.write(
        "token.jwt",
        token.trim_end().to_owned() + "A".repeat(100_000).as_str(),
    );
    refused(&good, "token_too_large");
}

#[test]
fn one_end_of_a_line_belongs_to_the_file() {
    let signer = Signer::new("key");
    let token = signer.token(&claims());
    let folder = shop(&signer, &claims());
    for end in ["", "\n", "\r\n"] {
        folder.write("token.jwt", format!("{token}{end}"));
        decide(&folder, &[]).exits(0);
    }
    for text in [
        format!("{token}\n\n"),
        format!("{token} \n"),
        format!("\n{token}"),
        format!(" {token}"),
    ] {
        folder.write("token.jwt", text);
        refused(&folder, "malformed_token");
    }
}

#[test]
fn without_a_time_it_is_now() {
    let signer = Signer::new("key");
    let folder = shop(&signer, &claims());
    let run = folder
        .run(&[
            "decide",
            "--policies",
            ".",
            "--jwks",
            "jwks.json",
            "--token",
            "token.jwt",
        ])
        .exits(1);
    assert!(
        run.out.contains("not_yet_valid")
            || run.out.contains("issued_in_future")
            || run.out.contains("expired"),
        "{}",
        run.out
    );
}
