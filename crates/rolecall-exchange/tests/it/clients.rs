//! Clients that people use, unmodified: each gets a role token that a library of its language accepts, and shows a
//! refusal as one.
//!
//! `tests/clients/install` fetches them. Without it these tests are reported as skipped; with
//! `ROLECALL_REQUIRE_CLIENTS=1` they fail.

use std::env;
use std::path::Path;
use std::process::Command;

use serde_json::{Value, json};

use crate::support::Server;

const AUDIENCE: &str = "https://deploy.acme.example";

/// Returns the answers of the clients of a script, or `None` if they are not installed.
fn ask(program: &str, installed: &str, script: &str, server: &Server, job: &str) -> Option<Vec<Value>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/clients");
    if !folder.join(installed).exists() {
        let why = "run crates/rolecall-exchange/tests/clients/install first";
        assert!(
            env::var_os("ROLECALL_REQUIRE_CLIENTS").is_none(),
            "no clients: {why}"
        );
        eprintln!("skipped: no clients for {script}: {why}");
        return None;
    }
    // Nothing of the machine's own settings, such as proxies and certificates.
    let output = Command::new(
        folder
            .join(program)
            .to_str()
            .filter(|_| program.contains('/'))
            .unwrap_or(program),
    )
    .current_dir(&folder)
    .arg(script)
    .env_clear()
    .env("PATH", env::var_os("PATH").unwrap_or_default())
    .env("HOME", server.folder.path())
    .env("URL", &server.url)
    .env("JOB", job)
    .env("AUDIENCE", AUDIENCE)
    .output()
    .unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    let lines = text.lines().filter(|line| line.starts_with('{'));
    let answers: Vec<Value> = lines.map(|line| serde_json::from_str(line).unwrap()).collect();
    assert!(!answers.is_empty(), "{}", String::from_utf8_lossy(&output.stderr));
    for answer in &answers {
        eprintln!("{answer}");
    }
    Some(answers)
}

/// Asks with a token that gets the role, one that does not, and one that has expired.
fn each_case(program: &str, installed: &str, script: &str) {
    let server = Server::reachable();
    let ask = |changes: Value| ask(program, installed, script, &server, &server.job(changes));
    let Some(answers) = ask(json!({})) else { return };
    for answer in answers {
        assert_eq!(answer["subject"], "role:deploy-production", "{answer}");
    }
    let refused = json!({ "project_id": "1" });
    let expired = json!({ "iat": 1_700_000_000, "exp": 1_700_000_300 });
    for (changes, said) in [
        (refused, ["invalid_target", "does not get what is asked for"]),
        (expired, ["invalid_request", "the token has expired"]),
    ] {
        for answer in ask(changes).unwrap() {
            let error = answer["error"].as_str().unwrap_or_else(|| panic!("{answer}"));
            assert!(said.iter().any(|text| error.contains(text)), "{answer}");
        }
    }
}

#[test]
fn clients_of_python_get_role_tokens() {
    each_case(".venv/bin/python", ".venv/bin/python", "python.py");
}

#[test]
fn clients_of_node_get_role_tokens() {
    each_case("node", "node_modules/jose", "node.mjs");
}
