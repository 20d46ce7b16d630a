//! The door `azure`: Entra ID's token endpoint.

use std::fs;
use std::net::TcpListener;

use rcgen::{BasicConstraints, CertificateParams, DnType, IsCa, Issuer, KeyPair};
use serde_json::json;

use crate::support::clients::{Runtime, run};
use crate::support::{Answer, Server, prepare};

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

/// Prepares a server with TLS and its own address as issuer: the clients refuse plain http.
fn with_tls() -> Server {
    let prepared = prepare(
        "[doors.azure]\n",
        "[listen.tls]\ncertificate = \"tls.crt\"\nkey = \"tls.key\"\n",
    );
    let path = |name: &str| prepared.0.path().join(name);
    let mut params = CertificateParams::new(Vec::<String>::new()).unwrap();
    // With the names that both have by default, the other one would pass for self-signed.
    params.distinguished_name.push(DnType::CommonName, "test CA");
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let ca_key = KeyPair::generate().unwrap();
    let ca = params.self_signed(&ca_key).unwrap();
    let key = KeyPair::generate().unwrap();
    let leaf = CertificateParams::new(vec!["localhost".to_owned()]).unwrap();
    let leaf = leaf
        .signed_by(&key, &Issuer::from_params(&params, &ca_key))
        .unwrap();
    fs::write(path("ca.pem"), ca.pem()).unwrap();
    fs::write(path("tls.crt"), leaf.pem()).unwrap();
    fs::write(path("tls.key"), key.serialize_pem()).unwrap();
    fs::write(path("policies/more.policy"), POLICIES).unwrap();
    let port = TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap()
        .port();
    let config = fs::read_to_string(path("exchange.toml")).unwrap();
    let config = config
        .replace("https://sts.acme.example", &format!("https://localhost:{port}"))
        .replacen("127.0.0.1:0", &format!("127.0.0.1:{port}"), 1);
    fs::write(path("exchange.toml"), config).unwrap();
    Server::of(prepared)
}

#[test]
fn azure_identity_and_msal_get_access_tokens() {
    let server = with_tls();
    fs::write(server.path("job.jwt"), server.job(json!({}))).unwrap();
    let path = |name: &str| server.path(name).display().to_string();
    let url = server.url.replace("127.0.0.1", "localhost");
    let arguments = [url.as_str(), &path("ca.pem"), &path("job.jwt"), TENANT, CLIENT];
    let Some(answers) = run(Runtime::Python, "azure_client.py", &arguments, &[]) else {
        return;
    };
    let answer = &answers[0];
    for token in [&answer["identity"], &answer["msal"]["access_token"]] {
        let token = token.as_str().unwrap_or_else(|| panic!("{answer}"));
        assert_eq!(token.split('.').count(), 3, "{answer}");
    }
    let refused = answer["refused"].as_str().unwrap();
    assert!(refused.contains("AADSTS700213"), "{answer}");
}
