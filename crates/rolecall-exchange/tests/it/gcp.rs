//! The door `gcp`: token exchange, and access tokens of service accounts.

use serde_json::json;

use crate::support::{Answer, Server};

pub(crate) const PROVIDER: &str =
    "//iam.googleapis.com/projects/1/locations/global/workloadIdentityPools/ci/providers/gitlab";
const EMAIL: &str = "deploy@acme.iam.gserviceaccount.com";
const AUDIENCE: &str = "https://deploy.acme.example";

const POLICIES: &str = r#"
edition 2026

role gcp-deploy {
  ttl 10m
  allow from gitlab when project_id == "4242" && ref_protected
  grant gcp_provider = "//iam.googleapis.com/projects/1/locations/global/workloadIdentityPools/ci/providers/gitlab"
  grant gcp_service_account = "deploy@acme.iam.gserviceaccount.com"
  grant audience = "https://deploy.acme.example"
}

role gcp-own {
  allow from gitlab when project_id == "4242"
  grant audience = "urn:rolecall:gcp:gcp"
  grant gcp_service_account = "deploy@acme.iam.gserviceaccount.com"
}
"#;

fn server() -> Server {
    let doors = "[doors.gcp]\n[doors.token]\n[doors.gcp-b]\nkind = \"gcp\"\n";
    Server::with_policies(doors, "", POLICIES)
}

fn form(server: &Server, changes: &[(&str, &str)]) -> Answer {
    let job = server.job(json!({}));
    let mut form = vec![
        ("grant_type", "urn:ietf:params:oauth:grant-type:token-exchange"),
        ("audience", PROVIDER),
        ("scope", "https://www.googleapis.com/auth/cloud-platform"),
        (
            "requested_token_type",
            "urn:ietf:params:oauth:token-type:access_token",
        ),
        ("subject_token_type", "urn:ietf:params:oauth:token-type:jwt"),
        ("subject_token", job.as_str()),
    ];
    for (name, value) in changes {
        form.retain(|(known, _)| known != name);
        form.push((name, value));
    }
    server.post_form("/v1/token", &form)
}

fn generate(server: &Server, door: &str, email: &str, token: &str, body: &str) -> Answer {
    let path = format!("{door}/v1/projects/-/serviceAccounts/{email}:generateAccessToken");
    let bearer = format!("Bearer {token}");
    let headers = [
        ("authorization", bearer.as_str()),
        ("content-type", "application/json"),
    ];
    server.send("POST", &path, &headers, body)
}

fn access_token(answer: &Answer) -> String {
    answer.json()["access_token"].as_str().unwrap().to_owned()
}

#[test]
fn a_job_gets_a_token_and_with_it_that_of_a_service_account() {
    let server = server();
    let first = form(&server, &[]);
    assert_eq!(first.status, 200, "{first:?}");
    let body = first.json();
    assert_eq!(body["token_type"], "Bearer");
    assert_eq!(
        body["issued_token_type"],
        "urn:ietf:params:oauth:token-type:access_token"
    );
    assert!(
        (290..=300).contains(&body["expires_in"].as_i64().unwrap()),
        "{body}"
    );
    let ruling = server.verify(&access_token(&first), "urn:rolecall:gcp:gcp");
    assert_eq!(ruling.token().subject(), "role:gcp-deploy");
    let body = r#"{"delegates": null, "scope": ["https://www.googleapis.com/auth/cloud-platform"], "lifetime": "60s"}"#;
    let second = generate(&server, "", EMAIL, &access_token(&first), body);
    assert_eq!(second.status, 200, "{second:?}");
    let body = second.json();
    let ruling = server.verify(body["accessToken"].as_str().unwrap(), AUDIENCE);
    assert_eq!(ruling.token().subject(), "role:gcp-deploy");
    let claims = ruling.token().claims().members();
    assert!(claims.get("grants").is_none());
    let rolecall::Json::Object(act) = claims.get("act").unwrap() else {
        panic!("{body}")
    };
    assert!(
        act.into_iter()
            .any(|(name, value)| name == "project_id" && value.as_text() == Some("4242"))
    );
    // The lifetime that is asked for is the most, and the time has no fraction.
    let time = body["expireTime"].as_str().unwrap();
    let expires: jiff::Timestamp = time.parse().unwrap();
    assert_eq!(time, expires.strftime("%Y-%m-%dT%H:%M:%SZ").to_string());
    assert_eq!(expires.as_second(), ruling.token().expires_at().as_secs());
    let left = expires.as_second() - jiff::Timestamp::now().as_second();
    assert!((50..=60).contains(&left), "{left}");
    // Each has its line.
    let lines = server.audit();
    assert_eq!(
        lines[1]["wanted"],
        json!({ "grant": "gcp_service_account", "value": EMAIL })
    );
    assert_eq!(lines[1]["job_token"], lines[0]["id"], "{lines:?}");
    // More than what is left of the first is not given.
    let long = generate(
        &server,
        "",
        EMAIL,
        &access_token(&first),
        r#"{"lifetime": "43200s"}"#,
    );
    let expires: jiff::Timestamp = long.json()["expireTime"].as_str().unwrap().parse().unwrap();
    assert!(expires.as_second() - jiff::Timestamp::now().as_second() <= 300);
}

#[test]
fn the_camel_case_json_of_the_tutorials_is_taken() {
    let server = server();
    let body = json!({
        "audience": PROVIDER,
        "grantType": "urn:ietf:params:oauth:grant-type:token-exchange",
        "requestedTokenType": "urn:ietf:params:oauth:token-type:access_token",
        "scope": "https://www.googleapis.com/auth/cloud-platform",
        "subjectTokenType": "urn:ietf:params:oauth:token-type:id_token",
        "subjectToken": server.job(json!({})),
    });
    let json_type = [("content-type", "application/json; charset=utf-8")];
    let post = |body: &str| server.send("POST", "/v1/token", &json_type, body);
    let answer = post(&body.to_string());
    assert_eq!(answer.status, 200, "{answer:?}");
    server.verify(&access_token(&answer), "urn:rolecall:gcp:gcp");
    let twice = body.to_string().replacen('{', "{\"audience\":\"x\",", 1);
    let both = body.to_string().replacen('{', "{\"subject_token\":\"x\",", 1);
    for bad in [twice.as_str(), &both, "[]", "", "{", "{\"audience\": 5}"] {
        let answer = post(bad);
        assert_eq!(
            (answer.status, &answer.json()["error"]),
            (400, &json!("invalid_request")),
            "{bad}"
        );
    }
}

#[test]
fn refused_exchanges_have_google_s_codes() {
    let server = server();
    let other = server.job(json!({ "project_id": "1" }));
    let expired = server.job(json!({ "iat": 1_700_000_000, "exp": 1_700_000_300 }));
    let own = access_token(&form(&server, &[]));
    for (changes, error) in [
        (("audience", "//iam.googleapis.com/other"), "unauthorized_client"),
        (("subject_token", other.as_str()), "unauthorized_client"),
        (("subject_token", &expired), "invalid_grant"),
        (("subject_token", &own), "invalid_grant"),
        (("subject_token", "x"), "invalid_grant"),
        (("subject_token", ""), "invalid_request"),
        (("audience", ""), "invalid_request"),
        (("grant_type", "client_credentials"), "unsupported_grant_type"),
        (
            ("subject_token_type", "urn:ietf:params:oauth:token-type:saml2"),
            "invalid_request",
        ),
        (
            ("requested_token_type", "urn:ietf:params:oauth:token-type:jwt"),
            "invalid_request",
        ),
        (("actor_token", "x"), "invalid_request"),
    ] {
        let answer = form(&server, &[changes]);
        assert_eq!(
            (answer.status, &answer.json()["error"]),
            (400, &json!(error)),
            "{changes:?}"
        );
    }
    let unknown = form(&server, &[("audience", "//iam.googleapis.com/other")]);
    let forbidden = form(&server, &[("subject_token", &other)]);
    assert_eq!(unknown.text, forbidden.text);
}

#[test]
fn a_token_is_taken_again_at_its_own_door_only_and_for_its_own_account() {
    let server = server();
    let first = access_token(&form(&server, &[]));
    let second = generate(&server, "", EMAIL, &first, "");
    assert_eq!(second.status, 200, "{second:?}");
    let second = second.json()["accessToken"].as_str().unwrap().to_owned();
    let role_token = server.exchange(&server.job(json!({})), "https://read.acme.example");
    let job = server.job(json!({}));
    let (signed, signature) = first.rsplit_once('.').unwrap();
    let forged = format!("{signed}.{}", signature.chars().rev().collect::<String>());
    let refused = |door: &str, email: &str, token: &str, body: &str| {
        let answer = generate(&server, door, email, token, body);
        let error = answer.json()["error"].clone();
        assert_eq!(error["code"], answer.status, "{answer:?}");
        (answer.status, error["status"].as_str().unwrap().to_owned())
    };
    let of = |status: u16, text: &str| (status, text.to_owned());
    let unauthenticated = of(401, "UNAUTHENTICATED");
    assert_eq!(
        refused("/gcp-b", EMAIL, &first, ""),
        unauthenticated,
        "another door"
    );
    assert_eq!(
        refused("", EMAIL, &second, ""),
        unauthenticated,
        "what came of it"
    );
    assert_eq!(refused("", EMAIL, &job, ""), unauthenticated, "a job's token");
    assert_eq!(refused("", EMAIL, &forged, ""), unauthenticated, "a forged one");
    assert_eq!(refused("", EMAIL, "x", ""), unauthenticated, "no token");
    let denied = of(403, "PERMISSION_DENIED");
    assert_eq!(
        refused("", "other@acme.iam.gserviceaccount.com", &first, ""),
        denied
    );
    assert_eq!(refused("", &EMAIL.to_uppercase(), &first, ""), denied);
    let argument = of(400, "INVALID_ARGUMENT");
    for body in [
        r#"{"lifetime": "0s"}"#,
        r#"{"lifetime": "60"}"#,
        r#"{"lifetime": "-1s"}"#,
        r#"{"lifetime": "1.5s"}"#,
        r#"{"lifetime": "99999999999999999999s"}"#,
        r#"{"delegates": ["a@b"]}"#,
        "[",
    ] {
        assert_eq!(refused("", EMAIL, &first, body), argument, "{body}");
    }
    assert_eq!(role_token.status, 400, "{role_token:?}");
    let other = server.send("POST", "/v1/projects/-/serviceAccounts/a@b:signJwt", &[], "{}");
    assert_eq!(other.status, 404, "{other:?}");
    let missing = format!("/v1/projects/-/serviceAccounts/{EMAIL}:generateAccessToken");
    assert_eq!(server.send("POST", &missing, &[], "{}").status, 401);
    // The token that this door takes again is not issued at another one.
    let granted = server.exchange(&server.job(json!({})), "urn:rolecall:gcp:gcp");
    assert_eq!(granted.status, 400, "{granted:?}");
}

#[test]
fn a_role_that_is_taken_out_ends_its_tokens() {
    let server = server();
    let first = access_token(&form(&server, &[]));
    assert_eq!(generate(&server, "", EMAIL, &first, "").status, 200);
    std::fs::write(
        server.path("policies/more.policy"),
        POLICIES.replace("role gcp-deploy", "role gcp-other"),
    )
    .unwrap();
    let end = std::time::Instant::now() + std::time::Duration::from_secs(20);
    loop {
        let answer = generate(&server, "", EMAIL, &first, "");
        if answer.status == 403 {
            break;
        }
        assert!(std::time::Instant::now() < end, "{answer:?}");
        std::thread::sleep(std::time::Duration::from_millis(50));
    }
}
