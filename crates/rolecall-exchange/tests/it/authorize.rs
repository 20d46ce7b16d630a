//! The door `authorize`, for proxies.

use serde_json::json;

use crate::support::Server;

fn server() -> Server {
    Server::with("[doors.authorize]\n[doors.token]\n", "")
}

#[test]
fn a_job_with_the_role_passes_and_no_role_token_is_issued() {
    let server = server();
    let bearer = format!("Bearer {}", server.job(json!({})));
    let answer = server.get(
        "/authorize?role=deploy-production",
        &[("authorization", &bearer), ("x-rolecall-subject", "root")],
    );
    assert_eq!(answer.status, 200, "{answer:?}");
    assert_eq!(answer.header("x-rolecall-role"), "deploy-production");
    assert_eq!(
        answer.header("x-rolecall-subject"),
        "project_path:acme/shop:ref_type:branch:ref:main"
    );
    assert!(!answer.text.contains("eyJ"), "{answer:?}");
    let lines = server.audit();
    assert_eq!(lines[0]["granted_role"], "deploy-production");
    assert_eq!(lines[0]["audience"], "", "{lines:?}");
    // A role without an audience is enough here.
    assert_eq!(
        server
            .get("/authorize?role=no-grant", &[("authorization", &bearer)])
            .status,
        200
    );
}

#[test]
fn a_subject_that_is_not_safe_in_a_header_is_sent_as_an_empty_one() {
    let server = server();
    for subject in ["a\r\nx-rolecall-role: root", "caf\u{e9}", "a b", "\t"] {
        let bearer = format!("Bearer {}", server.job(json!({ "sub": subject })));
        let answer = server.get("/authorize?role=no-grant", &[("authorization", &bearer)]);
        assert_eq!(answer.status, 200, "{subject:?} {answer:?}");
        // A proxy replaces a client's own header by it.
        assert_eq!(answer.headers["x-rolecall-subject"], "", "{subject:?}");
        assert_eq!(answer.header("x-rolecall-role"), "no-grant");
    }
}

#[test]
fn refusals_have_the_challenges_of_rfc_6750() {
    let server = server();
    let good = format!("Bearer {}", server.job(json!({})));
    let other = format!("Bearer {}", server.job(json!({ "project_id": "1" })));
    let expired = format!(
        "Bearer {}",
        server.job(json!({ "iat": 1_700_000_000, "exp": 1_700_000_300 }))
    );
    let own = server.exchange(&server.job(json!({})), "https://deploy.acme.example");
    let own = format!("Bearer {}", own.json()["access_token"].as_str().unwrap());
    let denied = "Bearer realm=\"rolecall\", error=\"insufficient_scope\"";
    let role = "role=deploy-production";
    for (query, authorization, status, challenge) in [
        (role, None, 401, "Bearer realm=\"rolecall\""),
        (role, Some("Basic Zm9v"), 401, "Bearer realm=\"rolecall\""),
        (
            role,
            Some("Bearer x y"),
            401,
            "Bearer realm=\"rolecall\", error=\"invalid_request\", error_description=\"malformed_header\"",
        ),
        (
            role,
            Some(expired.as_str()),
            401,
            "Bearer realm=\"rolecall\", error=\"invalid_token\", error_description=\"expired\"",
        ),
        (role, Some(other.as_str()), 403, denied),
        ("role=unknown", Some(good.as_str()), 403, denied),
        ("role=deploy*", Some(good.as_str()), 403, denied),
        // The proxy is not set up, or adds a client's query to its own.
        ("", Some(good.as_str()), 400, ""),
        ("role=", Some(good.as_str()), 400, ""),
        (
            "role=deploy-production&role=no-grant",
            Some(good.as_str()),
            400,
            "",
        ),
        ("role=deploy-production&x=y", Some(good.as_str()), 400, ""),
    ] {
        let headers: Vec<_> = authorization
            .map(|value| ("authorization", value))
            .into_iter()
            .chain([("x-rolecall-role", "deploy-production")])
            .collect();
        let answer = server.get(&format!("/authorize?{query}"), &headers);
        assert_eq!(answer.status, status, "{query} {answer:?}");
        assert_eq!(answer.header("www-authenticate"), challenge, "{query}");
        assert_eq!(answer.header("x-rolecall-role"), "", "{query}");
    }
    let answer = server.get(&format!("/authorize?{role}"), &[("authorization", &own)]);
    assert_eq!(answer.status, 401, "a token of this exchange: {answer:?}");
}
