//! Attacks that each door has to withstand, in the form of its protocol.

mod bad_tokens;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};
use std::fs;

use crate::aws::element;
use crate::support::{Answer, Server, prepare, run};
use bad_tokens::{Signer, bad_tokens};

/// A role that each door gives.
const POLICIES: &str = r#"
edition 2026

issuer gitlab {
  url      "https://gitlab.com"
  profile  gitlab-ci
  audience "https://sts.acme.example"
  jwks     "gitlab.json"
}

role all {
  allow from gitlab when project_id == "4242" && ref == "main" && ref_protected
  grant audience             = "https://deploy.acme.example"
  grant aws_role             = "arn:aws:iam::123456789012:role/deploy"
  grant gcp_provider         = "//iam.googleapis.com/providers/gitlab"
  grant gcp_service_account  = "deploy@acme.example"
  grant azure_client         = "tenant/client"
  grant vault_role           = "auth/jwt:deploy"
  grant octo_sts             = "acme/shop#release"
  grant secrets              = "apps/**"
}
"#;

const DOORS: &str = "[doors.token]\n[doors.request]\n[doors.aws]\n[doors.gcp]\n[doors.azure]\n[doors.vault]\n[doors.octo_sts]\n[doors.authorize]\n";

const CONFIGURATION: &str = "[sessions]\nkeys = \"session-keys\"\n[secrets]\nfolder = \"secrets\"\n";

/// A way to a credential: a request with a job's token, and the form of its refusals.
struct Way {
    name: &'static str,
    /// Asks for the text that the role grants, or for another one.
    ask: fn(&Server, &str, &str) -> Answer,
    /// The text that the role grants.
    wanted: &'static str,
    is_refusal: fn(&Answer) -> bool,
    /// The credential in an answer.
    credential: fn(&Answer) -> String,
}

fn bearer(server: &Server, path: &str, token: &str) -> Answer {
    server.get(path, &[("authorization", &format!("Bearer {token}"))])
}

/// Returns a text as it stands in a query.
fn escaped(text: &str) -> String {
    form_urlencoded::byte_serialize(text.as_bytes()).collect()
}

fn text(answer: &Answer, name: &str) -> String {
    answer.json()[name].as_str().unwrap().to_owned()
}

fn is_oauth_error(answer: &Answer) -> bool {
    answer.status == 400 && answer.json()["error"].is_string()
}

fn exchange(server: &Server, path: &str, token: &str, audience: &str, requested: &str) -> Answer {
    server.post_form(
        path,
        &[
            ("grant_type", "urn:ietf:params:oauth:grant-type:token-exchange"),
            ("requested_token_type", requested),
            (
                "scope",
                if path == "/token" {
                    "role:all"
                } else {
                    "https://www.googleapis.com/auth/cloud-platform"
                },
            ),
            ("subject_token", token),
            ("subject_token_type", "urn:ietf:params:oauth:token-type:jwt"),
            ("audience", audience),
        ],
    )
}

fn inline(server: &Server, token: &str, role: &str) -> Answer {
    let parameter =
        |key: &str, value: &str| URL_SAFE_NO_PAD.encode(json!({ "key": key, "value": value }).to_string());
    server.get(
        "/v1/secret/data/apps/db",
        &[
            ("x-vault-inline-auth-path", "auth/jwt/login"),
            ("x-vault-inline-auth-parameter-jwt", &parameter("jwt", token)),
            ("x-vault-inline-auth-parameter-role", &parameter("role", role)),
        ],
    )
}

const WAYS: [Way; 9] = [
    Way {
        name: "token",
        ask: |server, token, wanted| {
            exchange(
                server,
                "/token",
                token,
                wanted,
                "urn:ietf:params:oauth:token-type:jwt",
            )
        },
        wanted: "https://deploy.acme.example",
        is_refusal: is_oauth_error,
        credential: |answer| text(answer, "access_token"),
    },
    Way {
        name: "request",
        ask: |server, token, wanted| {
            bearer(server, &format!("/id-token?audience={}", escaped(wanted)), token)
        },
        wanted: "https://deploy.acme.example",
        is_refusal: |answer| matches!(answer.status, 400 | 401 | 403) && answer.json()["message"].is_string(),
        credential: |answer| text(answer, "value"),
    },
    Way {
        name: "gcp",
        ask: |server, token, wanted| {
            exchange(
                server,
                "/v1/token",
                token,
                wanted,
                "urn:ietf:params:oauth:token-type:access_token",
            )
        },
        wanted: "//iam.googleapis.com/providers/gitlab",
        is_refusal: is_oauth_error,
        credential: |answer| text(answer, "access_token"),
    },
    Way {
        name: "azure",
        ask: |server, token, wanted| {
            server.post_form(
                "/tenant/oauth2/v2.0/token",
                &[
                    ("client_assertion", token),
                    (
                        "client_assertion_type",
                        "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
                    ),
                    ("client_id", wanted),
                    ("grant_type", "client_credentials"),
                    ("scope", "https://management.azure.com/.default"),
                ],
            )
        },
        wanted: "client",
        is_refusal: |answer| matches!(answer.status, 400 | 401) && answer.json()["error_codes"].is_array(),
        credential: |answer| text(answer, "access_token"),
    },
    Way {
        name: "aws",
        ask: |server, token, wanted| {
            server.post_form(
                "/",
                &[
                    ("Action", "AssumeRoleWithWebIdentity"),
                    ("Version", "2011-06-15"),
                    ("RoleArn", wanted),
                    ("RoleSessionName", "ci-job"),
                    ("WebIdentityToken", token),
                ],
            )
        },
        wanted: "arn:aws:iam::123456789012:role/deploy",
        is_refusal: |answer| matches!(answer.status, 400 | 403) && answer.text.starts_with("<ErrorResponse "),
        credential: |answer| element(answer, "SessionToken"),
    },
    Way {
        name: "vault",
        ask: |server, token, wanted| {
            let body = json!({ "role": wanted, "jwt": token }).to_string();
            server.send("POST", "/v1/auth/jwt/login", &[], &body)
        },
        wanted: "deploy",
        is_refusal: |answer| answer.status == 400 && answer.json()["errors"].is_array(),
        credential: |answer| answer.json()["auth"]["client_token"].as_str().unwrap().to_owned(),
    },
    Way {
        name: "inline",
        ask: inline,
        wanted: "deploy",
        is_refusal: |answer| matches!(answer.status, 400 | 403) && answer.json()["errors"].is_array(),
        credential: |answer| {
            answer.json()["data"]["data"]["password"]
                .as_str()
                .unwrap()
                .to_owned()
        },
    },
    Way {
        name: "octo_sts",
        ask: |server, token, wanted| {
            let path = format!("/sts/exchange?scope={}&identity=release", escaped(wanted));
            bearer(server, &path, token)
        },
        wanted: "acme/shop",
        is_refusal: |answer| matches!(answer.status, 400 | 401 | 403) && answer.json()["code"].is_u64(),
        credential: |answer| text(answer, "token"),
    },
    Way {
        name: "authorize",
        ask: |server, token, wanted| bearer(server, &format!("/authorize?role={}", escaped(wanted)), token),
        wanted: "all",
        is_refusal: |answer| {
            matches!(answer.status, 401 | 403) && answer.header("www-authenticate").starts_with("Bearer ")
        },
        credential: |answer| answer.header("x-rolecall-role").to_owned(),
    },
];

/// Starts a server with all local doors, whose CI system has this key.
fn server(signer: &Signer) -> Server {
    let prepared = prepare(DOORS, CONFIGURATION);
    let path = |name: &str| prepared.0.path().join(name);
    fs::write(path("policies/test.policy"), POLICIES).unwrap();
    fs::write(path("policies/gitlab.json"), signer.key_set()).unwrap();
    fs::create_dir_all(path("secrets/apps/db")).unwrap();
    fs::write(path("secrets/apps/db/password"), "pw").unwrap();
    let made = run(prepared.0.path(), &["keys", "list"]);
    assert!(made.status.success(), "{made:?}");
    Server::of(prepared)
}

/// Returns an answer without what is different in each: its identifiers and times.
fn without_identifiers(answer: &Answer) -> (u16, String) {
    let id = answer.header("x-request-id");
    let mut text = answer.text.replace(id, "ID");
    if let Ok(Value::Object(mut body)) = serde_json::from_str(&text) {
        for name in ["timestamp", "trace_id", "correlation_id"] {
            body.remove(name);
        }
        text = Value::Object(body).to_string();
    }
    (answer.status, text)
}

/// Returns the roles that the audit has as granted.
fn granted(server: &mut Server) -> usize {
    server.stop();
    let lines = server.audit();
    lines
        .iter()
        .filter(|line| line["granted_role"].is_string())
        .count()
}

#[test]
fn each_bad_token_is_refused_by_each_door_in_its_form() {
    let signer = Signer::new();
    let mut server = server(&signer);
    for way in &WAYS {
        let answer = (way.ask)(&server, &signer.good(), way.wanted);
        assert_eq!(answer.status, 200, "{}: {answer:?}", way.name);
        assert!(!(way.credential)(&answer).is_empty());
        for (name, token) in bad_tokens(&signer) {
            let answer = (way.ask)(&server, &token, way.wanted);
            assert!((way.is_refusal)(&answer), "{name} at {}: {answer:?}", way.name);
            assert!(
                token.len() < 20 || !answer.text.contains(&token),
                "{name} at {}",
                way.name
            );
        }
    }
    // Inline authentication has two lines: one for the login, and one for the read.
    assert_eq!(granted(&mut server), WAYS.len() + 1);
    let log = fs::read_to_string(server.path("log")).unwrap();
    for (name, token) in bad_tokens(&signer) {
        let signature = token.rsplit('.').next().unwrap();
        assert!(
            signature.len() < 20 || !log.contains(signature),
            "{name} is in the log"
        );
    }
}

#[test]
fn what_a_door_issues_is_no_token_of_a_job_at_any_door() {
    let signer = Signer::new();
    let server = server(&signer);
    for from in &WAYS {
        let issued = (from.credential)(&(from.ask)(&server, &signer.good(), from.wanted));
        for to in &WAYS {
            let answer = (to.ask)(&server, &issued, to.wanted);
            assert!(
                (to.is_refusal)(&answer),
                "{} at {}: {answer:?}",
                from.name,
                to.name
            );
        }
        // Nor a token of Vault's or Google's, but at its own door.
        let read = server.get("/v1/secret/data/apps/db", &[("x-vault-token", &issued)]);
        assert_eq!(
            read.status == 200,
            from.name == "vault",
            "{}: {read:?}",
            from.name
        );
        let path = "/v1/projects/-/serviceAccounts/deploy@acme.example:generateAccessToken";
        let headers = [
            ("authorization", &*format!("Bearer {issued}")),
            ("content-type", "application/json"),
        ];
        let account = server.send("POST", path, &headers, "{\"scope\":[\"a\"]}");
        assert_eq!(
            account.status == 200,
            from.name == "gcp",
            "{}: {account:?}",
            from.name
        );
    }
}

#[test]
fn an_unknown_role_and_a_forbidden_one_are_the_same_answer() {
    let signer = Signer::new();
    let server = server(&signer);
    let stranger = signer.token(json!({ "project_id": "1" }));
    for way in &WAYS {
        let unknown = (way.ask)(&server, &signer.good(), &format!("{}-x", way.wanted));
        let forbidden = (way.ask)(&server, &stranger, way.wanted);
        assert!((way.is_refusal)(&forbidden), "{}: {forbidden:?}", way.name);
        let (unknown, forbidden) = (without_identifiers(&unknown), without_identifiers(&forbidden));
        // Entra ID's message has the client's own words.
        let text = |(status, text): (u16, String)| (status, text.replace("client-x", "client"));
        assert_eq!(text(unknown), text(forbidden), "{}", way.name);
    }
}

#[test]
fn texts_of_a_role_are_compared_with_their_case_and_spaces() {
    let signer = Signer::new();
    let server = server(&signer);
    for way in &WAYS {
        let upper = way.wanted.to_uppercase();
        let padded = format!(" {}", way.wanted);
        let slash = format!("{}/", way.wanted);
        for wanted in [upper, padded, slash] {
            let answer = (way.ask)(&server, &signer.good(), &wanted);
            // Vault compares roles in lower case.
            let is_of_vault = matches!(way.name, "vault" | "inline") && wanted == "DEPLOY";
            assert_eq!(
                answer.status == 200,
                is_of_vault,
                "{wanted} at {}: {answer:?}",
                way.name
            );
        }
    }
}

#[test]
fn words_of_clients_cannot_break_out_of_answers_and_logs() {
    let signer = Signer::new();
    let mut server = server(&signer);
    let hostile = "a\"b\\c<d>&amp;'\r\nx-evil: 1\u{1}\u{2028}{}]]>";
    let token = signer.token(json!({ "sub": hostile, "ref": hostile, "jti": hostile }));
    for way in &WAYS {
        let good = signer.good();
        for (token, wanted) in [(&*good, hostile), (&*token, way.wanted)] {
            let answer = (way.ask)(&server, token, wanted);
            assert_ne!(answer.status, 200, "{}: {answer:?}", way.name);
            assert!(answer.status < 500, "{}: {answer:?}", way.name);
            assert_eq!(answer.header("x-evil"), "", "{}", way.name);
            assert!(!answer.text.contains("<d>"), "{}: {answer:?}", way.name);
            match answer.header("content-type") {
                "application/json" => drop(answer.json()),
                "text/xml" => assert_eq!(element(&answer, "RequestId"), answer.header("x-request-id")),
                other => assert!(answer.text.is_empty(), "{}: {other} {answer:?}", way.name),
            }
        }
    }
    server.stop();
    // Each line is an object of its own.
    for file in ["audit.jsonl", "log"] {
        for line in fs::read_to_string(server.path(file)).unwrap().lines() {
            let parsed: Result<Value, _> = serde_json::from_str(line);
            assert!(parsed.is_ok_and(|value| value.is_object()), "{file}: {line}");
        }
    }
}
