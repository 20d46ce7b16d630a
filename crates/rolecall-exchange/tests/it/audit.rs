//! The audit log.

use std::fs;
use std::io::Write as _;

use serde_json::json;

use crate::support::{Server, run};

const AUDIENCE: &str = "https://deploy.acme.example";

#[test]
fn each_request_has_a_line_with_the_identifier_of_its_answer() {
    let mut server = Server::start();
    let issued = server.exchange(&server.job(json!({})), AUDIENCE);
    let refused = server.exchange(&server.job(json!({ "project_id": "1" })), AUDIENCE);
    assert_eq!(server.exchange("x.y.z", AUDIENCE).status, 400);
    // The explanation of a denial is computed after the answer.
    server.stop();
    let lines = server.audit();
    assert_eq!(lines.len(), 3, "{lines:?}");
    for (line, answer) in lines.iter().zip([&issued, &refused]) {
        assert_eq!(line["request"], answer.header("x-request-id"), "{line}");
        assert_eq!(line["door"], "token");
        assert_eq!(line["peer"], "127.0.0.1");
        assert_eq!(line["wanted"], json!({ "grant": "audience", "value": AUDIENCE }));
    }
    assert_eq!(lines[0]["outcome"], "granted");
    assert_eq!(lines[0]["granted_role"], "deploy-production");
    assert_eq!(lines[0]["issuer"], "gitlab");
    assert_eq!(lines[1]["reason"], "no_role");
    assert_eq!(lines[2]["outcome"], "counted");
    assert!(
        lines[2].get("subject").is_none(),
        "nothing of a token that is not verified"
    );
    // A token has two dots between long texts.
    let text = fs::read_to_string(server.path("audit.jsonl")).unwrap();
    let token = issued.json()["access_token"].as_str().unwrap().to_owned();
    assert!(
        !text.contains(token.split('.').nth(2).unwrap()) && !text.contains("eyJhbGciOi"),
        "{text}"
    );
}

#[test]
fn the_chain_goes_on_after_a_crash_and_a_change_is_found() {
    let mut server = Server::start();
    for _ in 0..3 {
        assert_eq!(server.exchange(&server.job(json!({})), AUDIENCE).status, 200);
    }
    server.crash_and_restart();
    assert_eq!(server.exchange(&server.job(json!({})), AUDIENCE).status, 200);
    let verify = |server: &Server| run(server.folder.path(), &["audit", "verify", "audit.jsonl"]);
    let output = verify(&server);
    assert!(output.status.success(), "{output:?}");
    assert!(
        String::from_utf8_lossy(&output.stdout).contains("4 lines"),
        "{output:?}"
    );
    // An unfinished line, as a crash in the middle of a write leaves it.
    server.stop();
    let mut file = fs::File::options()
        .append(true)
        .open(server.path("audit.jsonl"))
        .unwrap();
    file.write_all(b"{\"line\":5,\"bef").unwrap();
    server.crash_and_restart();
    assert_eq!(server.exchange(&server.job(json!({})), AUDIENCE).status, 200);
    let lines = server.audit();
    assert_eq!(lines[4]["outcome"], "cut", "{lines:?}");
    assert!(verify(&server).status.success());
    let text = fs::read_to_string(server.path("audit.jsonl")).unwrap();
    fs::write(
        server.path("copy.jsonl"),
        text.replacen("deploy-production", "deploy-something", 1),
    )
    .unwrap();
    let output = run(server.folder.path(), &["audit", "verify", "copy.jsonl"]);
    assert_eq!(output.status.code(), Some(1), "{output:?}");
}

#[test]
fn two_servers_never_share_a_log() {
    let server = Server::start();
    let output = run(server.folder.path(), &["serve"]);
    assert_eq!(output.status.code(), Some(2));
    let error = String::from_utf8_lossy(&output.stderr);
    assert!(error.contains("in use by another server"), "{error}");
}
