//! boto3 at the doors for AWS, unmodified.

use std::fs;

use serde_json::{Value, json};

use crate::aws::{ROLE, SESSIONS};
use crate::support::Server;
use crate::support::clients::{Runtime, run};

/// Returns the answers of a script, or `None` if boto3 is not here.
pub(crate) fn boto(script: &str, server: &Server, job: &str, more: &[(&str, &str)]) -> Option<Vec<Value>> {
    let file = server.path("job.jwt");
    fs::write(&file, job).unwrap();
    let mut variables = vec![
        ("URL", server.url.as_str()),
        ("JOB", job),
        ("JOB_FILE", file.to_str().unwrap()),
    ];
    variables.extend(more);
    run(Runtime::Python, script, &[], &variables)
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
