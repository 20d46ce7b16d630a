//! boto3 at the doors for AWS, unmodified.
//!
//! `tests/clients/.venv` must have it. Without it, these tests are reported as skipped; with
//! `ROLECALL_REQUIRE_CLIENTS=1` they fail.

use std::path::Path;
use std::process::Command;
use std::{env, fs};

use serde_json::{Value, json};

use crate::aws::{ROLE, SESSIONS};
use crate::support::Server;

/// Returns the answers of a script, or `None` if boto3 is not here.
pub(crate) fn boto(script: &str, server: &Server, job: &str, more: &[(&str, &str)]) -> Option<Vec<Value>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/clients");
    let python = folder.join(".venv/bin/python");
    let has_boto = Command::new(&python).args(["-c", "import boto3"]).output();
    if !has_boto.is_ok_and(|output| output.status.success()) {
        assert!(env::var_os("ROLECALL_REQUIRE_CLIENTS").is_none(), "no boto3");
        eprintln!(
            "skipped: no boto3 for {script}: install it into {}",
            python.display()
        );
        return None;
    }
    let file = server.path("job.jwt");
    fs::write(&file, job).unwrap();
    // Nothing of the machine's own settings, such as proxies and certificates.
    let output = Command::new(python)
        .arg(folder.join(script))
        .env_clear()
        .env("PATH", env::var_os("PATH").unwrap_or_default())
        .env("HOME", server.folder.path())
        .env("URL", &server.url)
        .env("JOB", job)
        .env("JOB_FILE", &file)
        .env("AWS_EC2_METADATA_DISABLED", "true")
        .envs(more.iter().copied())
        .output()
        .unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    let answers: Vec<Value> = text
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    assert!(
        output.status.success(),
        "{answers:?} {}",
        String::from_utf8_lossy(&output.stderr)
    );
    Some(answers)
}

#[test]
fn boto3_gets_keys_and_its_identity() {
    let server = Server::with("[doors.aws]\n", SESSIONS);
    let file = server.path("job.jwt");
    let environment = [
        ("AWS_ROLE_ARN", ROLE),
        ("AWS_WEB_IDENTITY_TOKEN_FILE", file.to_str().unwrap()),
        ("AWS_ROLE_SESSION_NAME", "boto"),
        ("AWS_ENDPOINT_URL_STS", server.url.as_str()),
        ("AWS_DEFAULT_REGION", "eu-central-1"),
    ];
    let ask = |changes: Value| boto("aws.py", &server, &server.job(changes), &environment);
    let Some(answers) = ask(json!({})) else { return };
    let arn = |name: &str| format!("arn:aws:sts::123456789012:assumed-role/deploy/{name}");
    assert_eq!(
        answers[..4],
        [
            json!({ "way": "chain", "arn": arn("boto") }),
            json!({ "way": "chain", "arn": arn("boto") }),
            json!({ "way": "direct", "arn": arn("direct") }),
            json!({ "way": "direct", "code": "AccessDenied" }),
        ]
    );
    assert_eq!(answers[4]["code"], "InvalidAction", "{answers:?}");
    let message = answers[4]["message"].as_str().unwrap();
    assert!(
        message.contains("AWS_CONTAINER_CREDENTIALS_FULL_URI"),
        "{message}"
    );
    for (changes, code) in [
        (json!({ "project_id": "1" }), "AccessDenied"),
        (
            json!({ "iat": 1_700_000_000, "exp": 1_700_000_300 }),
            "ExpiredTokenException",
        ),
    ] {
        for answer in &ask(changes).unwrap()[..3] {
            assert_eq!(answer["code"], code, "{answer}");
        }
    }
}
