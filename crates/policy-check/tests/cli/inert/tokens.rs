//! Tokens that were pasted where something else belongs, or into a policy: they are printed nowhere.

use crate::formats::FORMATS;
use crate::policies::{Folder, Run, SHOP, SMALL};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use proptest::prelude::*;

/// Tokens with headers and signatures of many shapes.
fn tokens() -> impl Strategy<Value = String> {
    let header = prop::sample::select(vec![
        "{\"alg\":\"ES256\"}",
        "{ \"alg\": \"ES256\" }",
        "{\n  \"alg\": \"ES256\"\n}",
        "{\r\n\t\"typ\": \"JWT\", \"alg\": \"RS256\"\r\n}",
        " {\"alg\":\"ES256\"}",
        "\n\n  {\"alg\":\"ES256\"}",
        "\u{feff}{\"alg\":\"ES256\"}",
        "{\"kid\":\"\u{fc}\",\"alg\":\"PS512\"}",
    ]);
    let parts = prop_oneof![Just(1_usize), Just(3)];
    (
        header,
        "[ -~]{0,40}",
        parts,
        prop::collection::vec(any::<u8>(), 16..90),
    )
        .prop_map(|(header, sub, parts, bytes)| {
            let payload = serde_json::json!({ "sub": sub }).to_string();
            let middle = vec![URL_SAFE_NO_PAD.encode(payload); parts].join(".");
            format!(
                "{}.{middle}.{}",
                URL_SAFE_NO_PAD.encode(header),
                URL_SAFE_NO_PAD.encode(bytes)
            )
        })
}

/// What may stand before and after a token.
fn around() -> impl Strategy<Value = String> {
    prop_oneof![
        Just(String::new()),
        "[a-z]{1,5}",
        Just("\n".to_owned()),
        Just(" a=".to_owned()),
        Just("`".to_owned()),
        Just("/".to_owned())
    ]
}

/// Command lines with a text where something else belongs.
fn command_lines(text: &str) -> Vec<Vec<String>> {
    let lines: [&[&str]; 30] = [
        &["check", "TEXT"],
        &["check", "--select", "TEXT"],
        &["check", "--ignore=TEXT"],
        &["check", "--format", "TEXT"],
        &["check", "--format", "json=TEXT/x"],
        &["check", "--config", "TEXT"],
        &["check", "--baseline", "TEXT"],
        &["check", "--fail-level", "TEXT"],
        &["check", "--TEXT"],
        &["check", "--stdin-filename", "TEXT", "-"],
        &["fmt", "--stdin-filename", "TEXT", "--check", "-"],
        &["TEXT"],
        &["rules", "TEXT"],
        &["test", "--filter", "TEXT", "TEXT"],
        &["prove", "p", "TEXT is TEXT"],
        &["prove", "p", "--format=json", "possible TEXT"],
        &["witness", "TEXT", "p"],
        &["witness", "#TEXT, TEXT*", "p"],
        &["witness", "*", "p", "--write", "TEXT"],
        &["witness", "*", "p", "--write", "p/TEXT.policy"],
        &["diff", "p", "--base", "TEXT"],
        &["diff", "p", "TEXT"],
        &["decide", "--policies", "p", "--jwks", "TEXT", "--token", "-"],
        &["decide", "--policies", "p", "--jwks", "TEXT=x", "--token", "-"],
        &["decide", "--policies", "p", "--jwks", "ci=TEXT", "--token", "-"],
        &[
            "decide",
            "--policies",
            "p",
            "--jwks",
            "x",
            "--token",
            "-",
            "--at",
            "TEXT",
        ],
        &["explain", "--policies", "p", "--claims", "-", "--issuer", "TEXT"],
        &[
            "explain",
            "--policies",
            "p",
            "--claims",
            "-",
            "--issuer",
            "ci",
            "--role",
            "TEXT",
        ],
        &[
            "explain",
            "--policies",
            "p",
            "--claims",
            "-",
            "--issuer",
            "ci",
            "--role",
            "TEXT",
            "--format=json",
        ],
        &["keys", "--issuer", "TEXT"],
    ];
    let line = |line: &&[&str]| line.iter().map(|word| word.replace("TEXT", text)).collect();
    lines.iter().map(line).collect()
}

/// Whether a part of the token that is worth something was printed: its payload or its signature.
fn shows(run: &Run, token: &str) -> bool {
    let mut parts = token.split('.').skip(1);
    parts.any(|part| run.out.contains(part) || run.err.contains(part))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(8))]

    #[test]
    fn no_message_has_a_token(token in tokens(), second in tokens(), before in around(), after in around()) {
        let folder = Folder::with(&[("p/a.policy", SMALL)]);
        for text in [token.clone(), format!("{before}{token}{after} {second}")] {
            for line in command_lines(&text) {
                let arguments: Vec<&str> = line.iter().map(String::as_str).collect();
                let run = folder.run_with(&arguments, b"{}");
                prop_assert!(!shows(&run, &token) && !shows(&run, &second), "{:?}: {:?}", arguments, run);
            }
        }
    }

    #[test]
    fn no_report_has_a_token_of_a_policy(token in tokens(), before in "[a-z:/ ]{0,3}") {
        let text = format!("{before}{token}");
        let policy = SHOP
            .replace("deploys to production", &text)
            .replace("production belongs to acme", &text)
            .replace("acme/shop", &text)
            .replace("expect allow", &format!("// {token}\n  expect deny"));
        // A name of a file has at most 255 bytes.
        let name: String = token.chars().take(200).collect();
        let broken = format!("edition 2026\n// {token}\nrole x {{ allow from ci when sub == \"{text}\" oops {token} }} // {token}\n");
        let folder = Folder::with(&[("a/a.policy", &policy), ("b/b.policy", &broken), (&format!("c/{name}.policy"), "role")]);
        for format in FORMATS {
            let run = folder.run(&["check", "--tests", "--stats", "--persona=auditor", "--format", format]);
            prop_assert!(!run.out.is_empty() && !shows(&run, &token), "{}: {}", format, run.out);
        }
        for arguments in [
            &["fmt", "--diff"][..],
            &["check", "--unsafe-fixes", "--diff"],
            &["test", "-v"],
            &["witness", "deploy-prod", "a", "--near-miss"],
            &["witness", "*", "a", "--near-miss", "--write", "a/tests.policy"],
            &["diff", "a", "c"],
            &["explain", "--policies", "a", "--claims", "-", "--issuer", "gitlab"],
        ] {
            let run = folder.run_with(arguments, format!("{{\"project_path\": \"{text}\"}}").as_bytes());
            prop_assert!(!shows(&run, &token), "{:?}: {:?}", arguments, run);
        }
    }
}

#[test]
fn a_line_with_a_token_keeps_its_places() {
    let token = "eyJhbGciOiJFUzI1NiJ9.eyJzdWIiOjF9.c2lnbmF0dXJl";
    let folder = Folder::with(&[(
        "a.policy",
        &format!("edition 2026\nrole x {{ allow from ci when sub == \"{token}\" oops }}\n"),
    )]);
    let run = folder.run(&["check"]).exits(1);
    let lines: Vec<&str> = run.out.lines().collect();
    let line = lines
        .iter()
        .position(|line| line.contains("allow from ci"))
        .unwrap();
    let mask = format!("<token{}>", "~".repeat(token.len() - 7));
    assert!(
        lines[line].contains(&format!("sub == \"{mask}\" oops")),
        "{}",
        run.out
    );
    let caret = lines[line + 1].find('^').unwrap();
    assert!(lines[line][caret..].starts_with("oops"), "{}", run.out);
}
