//! Denials: what the caller is told, and what the operator finds in the audit.

use std::thread::sleep;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::support::{Server, run};

const AUDIENCE: &str = "https://deploy.acme.example";
const DOORS: &str = "[doors.token]\n[doors.request]\n";

/// Waits for the audit line of a request.
fn line(server: &Server, request: &str) -> Value {
    let end = Instant::now() + Duration::from_secs(10);
    loop {
        let lines = server.audit();
        if let Some(line) = lines.iter().find(|line| line["request"] == request) {
            return line.clone();
        }
        assert!(Instant::now() < end, "{lines:?}");
        sleep(Duration::from_millis(20));
    }
}

#[test]
fn the_caller_is_told_nothing_by_default_and_the_operator_the_nearest_role() {
    let server = Server::start();
    let branch = server.exchange(&server.job(json!({ "ref": "dev" })), AUDIENCE);
    assert_eq!(branch.status, 400);
    assert_eq!(
        branch.json()["error_description"],
        "the token does not get what is asked for"
    );
    let line = line(&server, branch.header("x-request-id"));
    let explanation = &line["explanation"];
    assert_eq!(explanation["role"], "deploy-production", "{line}");
    let failed = explanation["failed"].as_array().unwrap();
    assert_eq!(failed.len(), 1, "{line}");
    assert_eq!(
        (&failed[0]["claim"], &failed[0]["actual"]),
        (&json!("ref"), &json!("\"dev\""))
    );
    assert!(failed[0]["accepted"].as_str().unwrap().contains("main"), "{line}");
}

#[test]
fn callers_of_the_tenant_are_told_their_own_values_and_strangers_nothing() {
    let server = Server::with(DOORS, "[denials]\ndetail = \"claims\"\n");
    let told = |job: &str, audience: &str| {
        let started = Instant::now();
        let answer = server.exchange(job, audience);
        assert_eq!(answer.status, 400);
        // A denial takes the same time whatever there is to explain.
        assert!(started.elapsed() >= Duration::from_millis(50));
        answer.json()["error_description"].as_str().unwrap().to_owned()
    };
    let nothing = "the token does not get what is asked for";
    let own = server.job(json!({ "ref": "dev\"\u{1}" }));
    let text = told(&own, AUDIENCE);
    assert_eq!(text, format!("{nothing}: `ref` is `dev??`"));
    assert!(!text.contains("main"));
    let stranger = server.job(json!({ "project_id": "77", "ref": "dev" }));
    assert_eq!(told(&stranger, AUDIENCE), nothing);
    assert_eq!(told(&own, "https://nowhere.acme.example"), nothing);
    let bearer = format!("Bearer {own}");
    let path = format!("/id-token?audience={AUDIENCE}&role=deploy-production");
    let refused = server.get(&path, &[("authorization", &bearer)]);
    assert_eq!(refused.status, 403);
    assert_eq!(refused.json()["message"], format!("{nothing}: `ref` is `dev??`"));
    // The role is one of another grant.
    let path = format!("/id-token?audience={AUDIENCE}&role=deploy-aws");
    let refused = server.get(&path, &[("authorization", &bearer)]);
    assert_eq!(refused.json()["message"], nothing);
}

#[test]
fn refusals_are_counted_so_that_no_peer_fills_the_disk() {
    let mut server = Server::start();
    for _ in 0..40 {
        assert_eq!(server.exchange("x.y.z", AUDIENCE).status, 400);
    }
    let stranger = server.job(json!({ "project_id": "77" }));
    for _ in 0..40 {
        assert_eq!(server.exchange(&stranger, AUDIENCE).status, 400);
    }
    server.stop();
    let lines = server.audit();
    let counted: Vec<_> = lines.iter().filter(|line| line["outcome"] == "counted").collect();
    assert_eq!(counted.len(), 2, "{lines:?}");
    assert!(lines.len() <= 32, "{}", lines.len());
    for line in counted {
        let wanted = if line["reason"] == "no_role" { 10 } else { 40 };
        assert_eq!(
            (&line["count"], &line["peer"]),
            (&json!(wanted), &json!("127.0.0.1"))
        );
    }
}

#[test]
fn the_audit_lists_roles_and_denials() {
    let server = Server::start();
    let job = server.job(json!({}));
    assert_eq!(server.exchange(&job, AUDIENCE).status, 200);
    assert_eq!(server.exchange(&job, "sts.amazonaws.com").status, 200);
    assert_eq!(server.exchange(&job, AUDIENCE).status, 200);
    let denied = server.exchange(&server.job(json!({ "ref": "dev" })), AUDIENCE);
    let several = server.exchange(&job, "https://read.acme.example");
    line(&server, denied.header("x-request-id"));
    line(&server, several.header("x-request-id"));
    let out = |command: &str| {
        let output = run(server.folder.path(), &["audit", command, "audit.jsonl"]);
        assert_eq!(output.status.code(), Some(0), "{output:?}");
        String::from_utf8(output.stdout).unwrap()
    };
    let roles = out("roles");
    let roles: Vec<&str> = roles.lines().collect();
    assert_eq!(roles.len(), 2, "{roles:?}");
    assert!(
        roles[0].starts_with("deploy-aws  test.policy:18  token  1 time, last "),
        "{roles:?}"
    );
    assert!(
        roles[1].starts_with("deploy-production  test.policy:13  token  2 times, last "),
        "{roles:?}"
    );
    let denials = out("denials");
    let denials: Vec<&str> = denials.lines().collect();
    assert_eq!(denials.len(), 2, "{denials:?}");
    let text = denials.concat();
    assert!(
        text.contains("no_role") && text.contains("nearest role `deploy-production`: `ref` is \"dev\""),
        "{text}"
    );
    assert!(
        text.contains("several_roles") && text.contains("`read-main`, `read-all`"),
        "{text}"
    );
}
