//! Clients that people use, unmodified: each gets a role token that a library of its language accepts, and shows a
//! refusal as one.

use serde_json::{Value, json};

use crate::support::Server;
use crate::support::clients::{Runtime, run};

const AUDIENCE: &str = "https://deploy.acme.example";

/// Asks with a token that gets the role, one that does not, and one that has expired.
fn each_case(runtime: Runtime, script: &str) {
    let server = Server::reachable();
    let ask = |changes: Value| {
        let job = server.job(changes);
        let variables = [
            ("URL", server.url.as_str()),
            ("JOB", &job),
            ("AUDIENCE", AUDIENCE),
        ];
        run(runtime, script, &[], &variables)
    };
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
    each_case(Runtime::Python, "python.py");
}

#[test]
fn clients_of_node_get_role_tokens() {
    each_case(Runtime::Node, "node.mjs");
}
