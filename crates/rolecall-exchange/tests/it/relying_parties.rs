//! Services that trust the exchange, with their real verifiers: each finds the keys, and takes a role token for itself alone.

use std::fs;

use serde_json::{Value, json};

use crate::guides::guide;
use crate::support::Server;
use crate::support::clients::{Runtime, run_cases};

const AUDIENCE: &str = "https://deploy.acme.example";

const POLICIES: &str = r#"
edition 2026

role deploy {
  allow from gitlab when project_id == "4242" && ref_protected
  grant audience = "https://service.acme.example"
}

role reader {
  allow from gitlab when project_id == "4242"
  grant audience = "https://service.acme.example"
}
"#;

/// Returns the case of a token, at a service with this audience.
fn case(server: &Server, name: &str, token: &str, audience: &str) -> Value {
    let file = server.path(&format!("{name}.jwt"));
    fs::write(&file, token).unwrap();
    json!({ "case": name, "url": server.url, "job": file, "audience": audience })
}

/// Runs a verifier. One that compares the subject itself refuses each other role.
fn check(runtime: Runtime, script: &str, compares_subject: bool) {
    let server = Server::with_tls("[doors.token]\n", "", POLICIES);
    let service = "https://service.acme.example";
    let (token, reader) = (
        server.role_token(service, "deploy"),
        server.role_token(service, "reader"),
    );
    let (signed, signature) = token.rsplit_once('.').unwrap();
    let forged = format!("{signed}.{}", signature.chars().rev().collect::<String>());
    let (_, of_reader) = reader.split_once('.').unwrap();
    let (head, _) = token.split_once('.').unwrap();
    let swapped = format!("{head}.{}.{signature}", of_reader.split('.').next().unwrap());
    let cases = [
        case(&server, "deploy", &token, service),
        case(&server, "reader", &reader, service),
        case(&server, "other-audience", &token, AUDIENCE),
        case(&server, "forged", &forged, service),
        case(&server, "swapped", &swapped, service),
        case(&server, "job", &server.job(json!({ "aud": service })), service),
    ];
    let Some(answers) = run_cases(runtime, script, &server, &cases) else {
        return;
    };
    let page = guide("clients.md");
    for answer in answers {
        let client = answer["client"].as_str().unwrap();
        assert!(
            page.contains(&format!("| {client} |")),
            "not in docs/clients.md: {client}"
        );
        let case = answer["case"].as_str().unwrap();
        let is_accepted = case == "deploy" || case == "reader" && !compares_subject;
        if is_accepted {
            assert_eq!(answer["got"], format!("role:{case}"), "{answer}");
        } else {
            assert!(answer["error"].is_string(), "{answer}");
        }
    }
}

#[test]
fn pyjwt_accepts_role_tokens() {
    check(Runtime::Python, "python/with_pyjwt.py", false);
}

#[test]
fn jose_accepts_role_tokens() {
    check(Runtime::Node, "node/with_jose.mjs", false);
}

#[test]
fn go_oidc_accepts_role_tokens() {
    check(Runtime::Go, "go/bin/relying-oidc", false);
}

#[test]
fn kubernetes_accepts_role_tokens() {
    check(Runtime::Go, "go/bin/relying-kubernetes", false);
}

#[test]
fn vault_accepts_role_tokens_of_its_subject() {
    check(Runtime::Go, "go/bin/relying-vault", true);
}
