//! A clock that jumps, ahead and back.

use std::fs;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::Timestamp;
use serde_json::{Value, json};

use crate::support::{Answer, Server, prepare, run};

const AUDIENCE: &str = "https://deploy.acme.example";

/// Sets the clock of a server.
fn set(server: &Server, offset: &str) {
    fs::write(server.path("clock"), offset).unwrap();
}

/// Returns the `kid` of a role token.
fn kid(answer: &Answer) -> String {
    let token = answer.json()["access_token"].as_str().unwrap().to_owned();
    let header = URL_SAFE_NO_PAD.decode(token.split('.').next().unwrap()).unwrap();
    let header: Value = serde_json::from_slice(&header).unwrap();
    header["kid"].as_str().unwrap().to_owned()
}

#[test]
fn tokens_are_judged_by_the_clock_as_it_is_and_the_audit_goes_on() {
    let Some(mut server) = Server::with_clock(prepare("[doors.token]\n", "")) else {
        return;
    };
    let job = server.job(json!({}));
    let ask = |server: &Server, job: &str| server.exchange(job, AUDIENCE);
    assert_eq!(ask(&server, &job).status, 200);
    set(&server, "+10m");
    let late = ask(&server, &job);
    assert_eq!(
        (late.status, late.json()["error_description"].as_str()),
        (400, Some("the token has expired"))
    );
    set(&server, "-10m");
    let early = ask(&server, &job);
    assert_eq!(early.status, 400, "{early:?}");
    set(&server, "+0");
    assert_eq!(ask(&server, &job).status, 200);
    server.stop();
    let verified = run(server.folder.path(), &["audit", "verify", "audit.jsonl"]);
    assert!(verified.status.success(), "{verified:?}");
    let granted = server.audit();
    assert_eq!(
        granted.iter().filter(|line| line["outcome"] == "granted").count(),
        2
    );
}

#[test]
fn another_key_signs_when_its_time_has_come() {
    let prepared = prepare("[doors.token]\n", "");
    let made = run(prepared.0.path(), &["keys", "new"]);
    assert!(made.status.success(), "{made:?}");
    let Some(server) = Server::with_clock(prepared) else {
        return;
    };
    let published = server.get("/jwks", &[]).json()["keys"].as_array().unwrap().len();
    assert_eq!(published, 2, "the next key is published before it signs");
    let first = kid(&server.exchange(&server.job(json!({})), AUDIENCE));
    set(&server, "+25h");
    let now = Timestamp::now().as_second() + 25 * 3600;
    let job = server.job(json!({ "iat": now, "nbf": now, "exp": now + 300 }));
    let answer = server.exchange(&job, AUDIENCE);
    assert_eq!(answer.status, 200, "{answer:?}");
    assert_ne!(kid(&answer), first);
    set(&server, "+0");
    assert_eq!(kid(&server.exchange(&server.job(json!({})), AUDIENCE)), first);
}
