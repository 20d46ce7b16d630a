//! The door `azure`: Entra ID's token endpoint.

use serde_json::json;

use crate::support::{Answer, Server};

const TENANT: &str = "aaaa9999-8888-7777-6666-55555555bbbb";
const CLIENT: &str = "0a1b2c3d-0000-4000-8000-000000000001";
const AUDIENCE: &str = "https://deploy.acme.example";

const POLICIES: &str = r#"
edition 2026

role azure-deploy {
  allow from gitlab when project_id == "4242"
  grant azure_client = "aaaa9999-8888-7777-6666-55555555bbbb/0a1b2c3d-0000-4000-8000-000000000001"
  grant audience = "https://deploy.acme.example"
}
"#;

fn post(server: &Server, tenant: &str, changes: &[(&str, &str)]) -> Answer {
    let job = server.job(json!({}));
    let mut form = vec![
        ("client_assertion", job.as_str()),
        (
            "client_assertion_type",
            "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
        ),
        ("client_id", CLIENT),
        ("grant_type", "client_credentials"),
        ("scope", "https://management.azure.com/.default"),
    ];
    for (name, value) in changes {
        form.retain(|(known, _)| known != name);
        form.push((name, value));
    }
    server.post_form(&format!("/{tenant}/oauth2/v2.0/token?client-request-id=1"), &form)
}

#[test]
fn a_job_gets_an_access_token_for_its_application() {
    let server = Server::with_policies("[doors.azure]\n", "", POLICIES);
    let answer = post(&server, TENANT, &[("client_info", "1")]);
    assert_eq!(answer.status, 200, "{answer:?}");
    assert_eq!(answer.header("content-type"), "application/json");
    let body = answer.json();
    assert_eq!(body["token_type"], "Bearer");
    assert!(
        (290..=300).contains(&body["expires_in"].as_i64().unwrap()),
        "{body}"
    );
    let ruling = server.verify(body["access_token"].as_str().unwrap(), AUDIENCE);
    assert_eq!(ruling.token().subject(), "role:azure-deploy");
}

#[test]
fn errors_have_the_codes_of_entra_id() {
    let server = Server::with_policies("[doors.azure]\n", "", POLICIES);
    let other = server.job(json!({ "project_id": "1" }));
    let expired = server.job(json!({ "iat": 1_700_000_000, "exp": 1_700_000_300 }));
    let upper = TENANT.to_uppercase();
    for (tenant, changes, status, error, code) in [
        (TENANT, ("client_id", "other"), 401, "invalid_client", 700_213),
        (
            TENANT,
            ("client_assertion", other.as_str()),
            401,
            "invalid_client",
            700_213,
        ),
        ("common", ("x", "y"), 401, "invalid_client", 700_213),
        (upper.as_str(), ("x", "y"), 401, "invalid_client", 700_213),
        (
            TENANT,
            ("client_assertion", &expired),
            401,
            "invalid_client",
            700_024,
        ),
        (TENANT, ("client_assertion", "x"), 401, "invalid_client", 50_027),
        (TENANT, ("client_assertion", ""), 400, "invalid_request", 900_144),
        (TENANT, ("client_id", ""), 400, "invalid_request", 900_144),
        (TENANT, ("client_secret", "x"), 400, "invalid_request", 900_144),
        (
            TENANT,
            ("grant_type", "password"),
            400,
            "unsupported_grant_type",
            70_003,
        ),
        ("a%2Fb", ("x", "y"), 400, "invalid_request", 90_002),
    ] {
        let answer = post(&server, tenant, &[changes]);
        let body = answer.json();
        assert_eq!(
            (answer.status, &body["error"], &body["error_codes"]),
            (status, &json!(error), &json!([code])),
            "{tenant} {changes:?}"
        );
        let description = body["error_description"].as_str().unwrap();
        assert!(
            description.starts_with(&format!("AADSTS{code}: ")),
            "{description}"
        );
    }
    let text = |answer: Answer| answer.json()["error_description"].clone();
    let unknown = text(post(&server, TENANT, &[("client_id", "other")]));
    assert_eq!(
        unknown,
        text(post(&server, TENANT, &[("client_assertion", &other)]))
    );
}

#[test]
fn discovery_leads_to_the_door() {
    let server = Server::with_policies("[doors.azure]\n[doors.entra]\nkind = \"azure\"\n", "", POLICIES);
    for prefix in ["", "/entra"] {
        let path = format!("{prefix}/{TENANT}/v2.0/.well-known/openid-configuration");
        let document = server.get(&path, &[]).json();
        let base = format!("https://sts.acme.example{prefix}/{TENANT}");
        assert_eq!(document["issuer"], format!("{base}/v2.0"));
        assert_eq!(document["token_endpoint"], format!("{base}/oauth2/v2.0/token"));
    }
    let odd = server.get("/a%22b/v2.0/.well-known/openid-configuration", &[]);
    assert_eq!(odd.status, 404, "{odd:?}");
}
