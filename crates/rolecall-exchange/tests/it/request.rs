//! The door `request`: GitHub's protocol for ID tokens.

use serde_json::json;

use crate::support::Server;

const AUDIENCE: &str = "https://deploy.acme.example";

#[test]
fn a_client_of_github_s_protocol_gets_a_role_token() {
    let server = Server::start();
    let bearer = format!("Bearer {}", server.job(json!({})));
    let path = "/id-token?v=1&audience=https%3A%2F%2Fdeploy.acme.example";
    let answer = server.get(path, &[("authorization", &bearer)]);
    assert_eq!(answer.status, 200, "{answer:?}");
    let body = answer.json();
    let ruling = server.verify(body["value"].as_str().unwrap(), AUDIENCE);
    assert_eq!(ruling.token().subject(), "role:deploy-production");
}

#[test]
fn refusals_have_a_status_and_a_message() {
    let server = Server::start();
    let good = format!("Bearer {}", server.job(json!({})));
    let other = format!("Bearer {}", server.job(json!({ "project_id": "1" })));
    let expired = format!(
        "Bearer {}",
        server.job(json!({ "iat": 1_700_000_000, "exp": 1_700_000_300 }))
    );
    let audience = "audience=https%3A%2F%2Fdeploy.acme.example";
    for (query, authorization, status) in [
        (audience, None, 401),
        (audience, Some("Basic Zm9v"), 401),
        (audience, Some("Bearer x y"), 400),
        (audience, Some(expired.as_str()), 401),
        (audience, Some(other.as_str()), 403),
        ("audience=other", Some(good.as_str()), 403),
        ("", Some(good.as_str()), 400),
        ("audience=a&audience=b", Some(good.as_str()), 400),
        ("audience=%ff", Some(good.as_str()), 400),
        ("audience=a&access_token=b", Some(good.as_str()), 400),
    ] {
        let headers: Vec<_> = authorization
            .map(|value| ("authorization", value))
            .into_iter()
            .collect();
        let answer = server.get(&format!("/id-token?{query}"), &headers);
        assert_eq!(answer.status, status, "{query} {answer:?}");
        assert!(answer.json()["message"].is_string(), "{answer:?}");
    }
}
