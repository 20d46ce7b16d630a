//! The door `gcp` with an upstream, against a recorder.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde_json::{Value, json};

use crate::gcp::PROVIDER;
use crate::support::{Answer, Recorder, Server};

const JSON: &str = "content-type: application/json\r\n";
const EXCHANGE: &str = "urn:ietf:params:oauth:grant-type:token-exchange";
const ACCESS_TOKEN: &str = "urn:ietf:params:oauth:token-type:access_token";

const POLICIES: &str = r#"
edition 2026

role gcp-deploy {
  ttl 1h
  allow from gitlab when project_id == "4242" && ref_protected
  grant gcp_provider = "//iam.googleapis.com/projects/1/locations/global/workloadIdentityPools/ci/providers/gitlab"
}
"#;

/// Starts a recorder that stands for Google, and a server that asks it.
fn start(more: &str) -> (Recorder, Server) {
    let recorder = Recorder::start();
    recorder.say(200, JSON, &token(3600));
    let doors = format!(
        "[doors.gcp]\nupstream = \"http://127.0.0.1:{}\"\ntimeout = \"2s\"\n{more}",
        recorder.port
    );
    let settings = "[fetch]\nallow_loopback_http = true\n[tokens]\nttl = \"1h\"\n";
    (recorder, Server::with_policies(&doors, settings, POLICIES))
}

fn token(life: i64) -> String {
    json!({ "access_token": "ya29.abc", "issued_token_type": ACCESS_TOKEN, "token_type": "Bearer",
        "expires_in": life, "other": "x" })
    .to_string()
}

fn ask(server: &Server, job: &str, changes: &[(&str, &str)]) -> Answer {
    let mut form = vec![
        ("grant_type", EXCHANGE),
        ("audience", PROVIDER),
        ("requested_token_type", ACCESS_TOKEN),
        ("subject_token_type", "urn:ietf:params:oauth:token-type:id_token"),
        ("subject_token", job),
    ];
    for (name, value) in changes {
        form.retain(|(known, _)| known != name);
        form.push((name, value));
    }
    server.post_form("/v1/token", &form)
}

/// Returns the headers and the parameters of the only request that the recorder has.
fn only(recorder: &Recorder) -> (Vec<String>, BTreeMap<String, String>) {
    let requests = recorder.take();
    let [request] = requests.as_slice() else {
        panic!("{requests:?}");
    };
    let (head, body) = request.split_once("\r\n\r\n").unwrap();
    let mut lines = head.lines().map(str::to_owned);
    assert_eq!(lines.next().unwrap(), "POST /v1/token HTTP/1.1");
    let mut headers: Vec<String> = lines.filter(|line| !line.starts_with("content-length")).collect();
    headers.sort();
    (
        headers,
        form_urlencoded::parse(body.as_bytes()).into_owned().collect(),
    )
}

#[test]
fn a_job_gets_an_access_token_of_google() {
    let (recorder, server) = start("");
    let job = server.job(json!({}));
    let answer = ask(&server, &job, &[("options", "{\"userProject\":\"x\"}")]);
    assert_eq!(answer.status, 200, "{answer:?}");
    assert_eq!(answer.header("cache-control"), "no-store");
    let wanted = json!({ "access_token": "ya29.abc", "issued_token_type": ACCESS_TOKEN, "token_type": "Bearer",
        "expires_in": 3600 });
    assert_eq!(answer.json(), wanted);
    let (headers, form) = only(&recorder);
    let wanted = [
        "accept-encoding: identity".to_owned(),
        "accept: application/json".to_owned(),
        "content-type: application/x-www-form-urlencoded".to_owned(),
        format!("host: 127.0.0.1:{}", recorder.port),
        format!("user-agent: rolecall/{}", env!("CARGO_PKG_VERSION")),
    ];
    assert_eq!(headers, wanted);
    let role_token = form["subject_token"].clone();
    let wanted = [
        ("audience", PROVIDER),
        ("grant_type", EXCHANGE),
        ("requested_token_type", ACCESS_TOKEN),
        ("scope", "https://www.googleapis.com/auth/cloud-platform"),
        ("subject_token", role_token.as_str()),
        ("subject_token_type", "urn:ietf:params:oauth:token-type:jwt"),
    ];
    let wanted = wanted.map(|(name, value)| (name.to_owned(), value.to_owned()));
    assert_eq!(form, BTreeMap::from(wanted));
    let ruling = server.verify(&role_token, PROVIDER);
    assert_eq!(ruling.token().subject(), "role:gcp-deploy");
    let left = ruling.token().expires_at().as_secs() - Timestamp::now().as_second();
    assert!((1..=600).contains(&left), "{left}");
    assert!(ruling.token().claims().members().get("grants").is_none());
    // As Google's tutorials send it, with a scope.
    let body = json!({ "audience": PROVIDER, "grantType": EXCHANGE, "requestedTokenType": ACCESS_TOKEN,
        "scope": "https://www.googleapis.com/auth/devstorage.read_only", "subjectToken": job,
        "subjectTokenType": "urn:ietf:params:oauth:token-type:jwt" });
    let answer = server.post(
        "/v1/token",
        &[("content-type", "application/json")],
        &body.to_string(),
    );
    assert_eq!(answer.status, 200, "{answer:?}");
    assert_eq!(
        only(&recorder).1["scope"],
        "https://www.googleapis.com/auth/devstorage.read_only"
    );
    let log = std::fs::read_to_string(server.path("log")).unwrap();
    for secret in [job.as_str(), role_token.as_str(), "ya29."] {
        assert!(!log.contains(secret), "{log}");
    }
}

#[test]
fn refused_jobs_do_not_reach_google() {
    let (recorder, server) = start("");
    let job = server.job(json!({}));
    let other = server.job(json!({ "project_id": "1" }));
    let expired = server.job(json!({ "iat": 1_700_000_000, "exp": 1_700_000_300 }));
    let long = "x".repeat(3_000);
    for (token, changes, error) in [
        (&other, ("scope", "a"), "unauthorized_client"),
        (&expired, ("scope", "a"), "invalid_grant"),
        (
            &job,
            ("audience", "//iam.googleapis.com/other"),
            "unauthorized_client",
        ),
        (&job, ("scope", "ü"), "invalid_request"),
        (&job, ("scope", &*long), "invalid_request"),
        (&job, ("actor_token", "x"), "invalid_request"),
    ] {
        let answer = ask(&server, token, &[changes]);
        assert_eq!(
            (answer.status, &answer.json()["error"]),
            (400, &json!(error)),
            "{changes:?}"
        );
    }
    // What is for Google itself is not answered here.
    let path = "/v1/projects/-/serviceAccounts/deploy@acme.iam.gserviceaccount.com:generateAccessToken";
    let bearer = format!("Bearer {job}");
    let answer = server.post(path, &[("authorization", &bearer)], "{}");
    assert_eq!(
        (answer.status, &answer.json()["error"]["status"]),
        (404, &json!("NOT_FOUND"))
    );
    assert!(recorder.take().is_empty());
}

#[test]
fn only_answers_of_the_protocol_are_relayed() {
    let (recorder, server) = start("");
    let job = server.job(json!({}));
    let location = format!("location: http://127.0.0.1:{}/other\r\n{JSON}", recorder.port);
    let refused = r#"{"error":"invalid_target","error_description":"The target is not valid.\n"}"#;
    let huge = format!("{}{}", token(3600), " ".repeat(1_100_000));
    let unavailable = (503, "temporarily_unavailable");
    for (name, status, headers, body, wanted) in [
        ("a refusal", 400, JSON, refused, (400, "invalid_target")),
        ("a refusal", 403, JSON, refused, (403, "invalid_target")),
        ("an error of a server", 500, JSON, refused, unavailable),
        (
            "another form",
            400,
            JSON,
            r#"{"error":{"code":400}}"#,
            unavailable,
        ),
        (
            "a page",
            200,
            "content-type: text/html\r\n",
            "<html></html>",
            unavailable,
        ),
        ("nothing", 200, JSON, "", unavailable),
        ("a redirect", 302, &location, &token(3600), unavailable),
        ("too much", 200, JSON, &huge, unavailable),
        (
            "no end",
            200,
            JSON,
            r#"{"access_token":"x","token_type":"Bearer"}"#,
            unavailable,
        ),
    ] {
        recorder.say(status, headers, body);
        let answer = ask(&server, &job, &[]);
        let error = answer.json()["error"].clone();
        assert_eq!((answer.status, error), (wanted.0, json!(wanted.1)), "{name}");
        assert_eq!(recorder.take().len(), 1, "{name}");
    }
    recorder.say(400, JSON, refused);
    assert_eq!(
        ask(&server, &job, &[]).json()["error_description"],
        "The target is not valid."
    );
    recorder.hang();
    assert_eq!(ask(&server, &job, &[]).status, 503);
    drop(recorder);
    assert_eq!(ask(&server, &job, &[]).status, 503);
}

#[test]
fn a_token_that_lives_too_long_is_refused_or_recorded() {
    for (more, status, outcome) in [("", 400, "refused"), ("exceed = \"record\"\n", 200, "exceeded")] {
        let (recorder, mut server) = start(more);
        recorder.say(200, JSON, &token(3601));
        let answer = ask(&server, &server.job(json!({})), &[]);
        assert_eq!(answer.status, status, "{answer:?}");
        if status == 400 {
            assert_eq!(answer.json()["error"], "unauthorized_client");
            assert!(!answer.text.contains("ya29"));
        }
        server.stop();
        let line: Value = server.audit()[1].clone();
        assert_eq!(line["outcome"], outcome, "{line}");
        if outcome == "exceeded" {
            assert_eq!((&line["life"], &line["most"]), (&json!(3601), &json!(3600)));
        }
    }
}
