//! The door `aws` without an upstream.

use std::fs;
use std::thread::sleep;
use std::time::{Duration, Instant};

use aws_lc_rs::digest::{SHA256, digest};
use aws_lc_rs::hmac;
use jiff::Timestamp;
use serde_json::json;

use crate::support::{Answer, POLICIES, Server};

pub(crate) const ROLE: &str = "arn:aws:iam::123456789012:role/deploy";
pub(crate) const SESSIONS: &str = "[sessions]\nkeys = \"session-keys\"\n";
const IDENTITY: &str = "Action=GetCallerIdentity&Version=2011-06-15";

fn server() -> Server {
    Server::with("[doors.aws]\n[doors.token]\n", SESSIONS)
}

/// Returns the text of the first element of this name.
pub(crate) fn element(answer: &Answer, name: &str) -> String {
    let (_, rest) = answer
        .text
        .split_once(&format!("<{name}>"))
        .unwrap_or_else(|| panic!("no {name}: {answer:?}"));
    rest.split_once('<').unwrap().0.to_owned()
}

/// Asks for keys with these parameters changed; an empty one is left out.
pub(crate) fn assume(server: &Server, path: &str, job: &str, changes: &[(&str, &str)]) -> Answer {
    let mut form = vec![
        ("Action", "AssumeRoleWithWebIdentity"),
        ("Version", "2011-06-15"),
        ("RoleArn", ROLE),
        ("RoleSessionName", "ci-job"),
        ("WebIdentityToken", job),
    ];
    for (name, value) in changes {
        form.retain(|(known, _)| known != name);
        form.push((name, value));
    }
    form.retain(|(_, value)| !value.is_empty());
    server.post_form(path, &form)
}

/// Sends a request that is signed with keys.
fn signed(server: &Server, (id, secret, token): &(String, String, String), path: &str, body: &str) -> Answer {
    let hex = |bytes: &[u8]| bytes.iter().map(|byte| format!("{byte:02x}")).collect::<String>();
    let date = Timestamp::now().strftime("%Y%m%dT%H%M%SZ").to_string();
    let host = server.url.trim_start_matches("http://");
    let list = "host;x-amz-date;x-amz-security-token";
    let canonical = format!(
        "POST\n{path}\n\nhost:{host}\nx-amz-date:{date}\nx-amz-security-token:{token}\n\n{list}\n{}",
        hex(digest(&SHA256, body.as_bytes()).as_ref())
    );
    let scope = [&date[..8], "eu-central-1", "sts", "aws4_request"];
    let text = format!(
        "AWS4-HMAC-SHA256\n{date}\n{}\n{}",
        scope.join("/"),
        hex(digest(&SHA256, canonical.as_bytes()).as_ref())
    );
    let sign = |key: &[u8], text: &str| {
        hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, key), text.as_bytes())
            .as_ref()
            .to_vec()
    };
    let first = format!("AWS4{secret}").into_bytes();
    let key = scope.iter().fold(first, |key, part| sign(&key, part));
    let signature = hex(&sign(&key, &text));
    let credential = format!("{id}/{}", scope.join("/"));
    let authorization =
        format!("AWS4-HMAC-SHA256 Credential={credential}, SignedHeaders={list}, Signature={signature}");
    let headers = [
        ("content-type", "application/x-www-form-urlencoded; charset=utf-8"),
        ("x-amz-date", date.as_str()),
        ("x-amz-security-token", token.as_str()),
        ("authorization", authorization.as_str()),
    ];
    server.post(path, &headers, body)
}

fn keys(answer: &Answer) -> (String, String, String) {
    assert_eq!(answer.status, 200, "{answer:?}");
    let text = |name: &str| element(answer, name);
    (text("AccessKeyId"), text("SecretAccessKey"), text("SessionToken"))
}

#[test]
fn a_job_gets_keys_and_an_identity() {
    let mut server = server();
    let answer = assume(&server, "/", &server.job(json!({})), &[]);
    let first = keys(&answer);
    assert_eq!(answer.header("content-type"), "text/xml");
    assert_eq!(answer.header("cache-control"), "no-store");
    assert_eq!(element(&answer, "SubjectFromWebIdentityToken"), "role:deploy-aws");
    assert!(first.0.starts_with("ASIA") && first.0.len() == 20, "{first:?}");
    let expiration: Timestamp = element(&answer, "Expiration").parse().unwrap();
    // The job's token lives for 300 s, and the keys are not to outlive it.
    let left = expiration.as_second() - Timestamp::now().as_second();
    assert!((290..=300).contains(&left), "{left}");
    // Any instance with the same keys knows the session.
    server.crash_and_restart();
    for path in ["/", "/aws", "/awsjs/"] {
        let who = signed(&server, &first, path, IDENTITY);
        assert_eq!(who.status, 200, "{who:?}");
        assert_eq!(
            element(&who, "Arn"),
            "arn:aws:sts::123456789012:assumed-role/deploy/ci-job"
        );
        assert_eq!(element(&who, "Account"), "123456789012");
        assert_eq!(element(&who, "UserId"), element(&answer, "AssumedRoleId"));
    }
    let second = keys(&assume(&server, "/aws/", &server.job(json!({})), &[]));
    let (id, secret, token) = first.clone();
    let mut changed = token.clone();
    changed.replace_range(40..41, if token[40..].starts_with('A') { "B" } else { "A" });
    for (other, code) in [
        ((id.clone(), second.1, token.clone()), "SignatureDoesNotMatch"),
        ((second.0, secret.clone(), token), "SignatureDoesNotMatch"),
        ((id.clone(), secret.clone(), second.2), "SignatureDoesNotMatch"),
        ((id.clone(), secret.clone(), changed), "InvalidClientTokenId"),
        ((id, secret, "x".to_owned()), "InvalidClientTokenId"),
    ] {
        let answer = signed(&server, &other, "/", IDENTITY);
        assert_eq!(answer.status, 403, "{answer:?}");
        assert_eq!(element(&answer, "Code"), code);
    }
    let unsigned = server.post_form("/", &[("Action", "GetCallerIdentity"), ("Version", "2011-06-15")]);
    assert_eq!(element(&unsigned, "Code"), "MissingAuthenticationToken");
    // Neither a secret nor a token is in the logs.
    let log = fs::read_to_string(server.path("log")).unwrap();
    let audit = fs::read_to_string(server.path("audit.jsonl")).unwrap();
    for secret in [&first.1, &first.2] {
        assert!(!log.contains(secret) && !audit.contains(secret));
    }
}

#[test]
fn refusals_have_the_codes_of_aws_in_xml() {
    let server = server();
    let good = server.job(json!({}));
    let other = server.job(json!({ "project_id": "1" }));
    let expired = server.job(json!({ "iat": 1_700_000_000, "exp": 1_700_000_300 }));
    let long = "x".repeat(65);
    for (job, changes, status, code) in [
        (&other, vec![], 403, "AccessDenied"),
        (
            &good,
            vec![("RoleArn", "arn:aws:iam::123456789012:role/other")],
            403,
            "AccessDenied",
        ),
        (
            &good,
            vec![("RoleArn", "arn:aws:iam::123456789012:role/*")],
            400,
            "ValidationError",
        ),
        (&good, vec![("RoleArn", "")], 400, "MissingParameter"),
        (&expired, vec![], 400, "ExpiredTokenException"),
        (&"forged".to_owned(), vec![], 400, "InvalidIdentityToken"),
        (&good, vec![("RoleSessionName", "a")], 400, "ValidationError"),
        (&good, vec![("RoleSessionName", "a b")], 400, "ValidationError"),
        (&good, vec![("RoleSessionName", &long)], 400, "ValidationError"),
        (&good, vec![("DurationSeconds", "899")], 400, "ValidationError"),
        (&good, vec![("DurationSeconds", "43201")], 400, "ValidationError"),
        (&good, vec![("Policy", "{}")], 400, "ValidationError"),
        (
            &good,
            vec![(
                "PolicyArns.member.1.arn",
                "arn:aws:iam::aws:policy/ReadOnlyAccess",
            )],
            400,
            "ValidationError",
        ),
        (
            &good,
            vec![("ProviderId", "www.amazon.com")],
            400,
            "ValidationError",
        ),
        (&good, vec![("Version", "2012-10-17")], 400, "ValidationError"),
        (&good, vec![("Action", "AssumeRole")], 400, "InvalidAction"),
        (&good, vec![("Action", "<x>")], 400, "InvalidAction"),
    ] {
        let answer = assume(&server, "/", job, &changes);
        assert_eq!(answer.status, status, "{changes:?} {answer:?}");
        assert_eq!(element(&answer, "Code"), code, "{changes:?}");
        assert!(answer.text.starts_with("<ErrorResponse "), "{answer:?}");
        assert_eq!(element(&answer, "RequestId"), answer.header("x-request-id"));
        assert!(!answer.text.contains("deploy-aws"), "{answer:?}");
    }
    let twice = server.post_form("/", &[("Action", "AssumeRole"), ("Action", "GetCallerIdentity")]);
    assert_eq!(element(&twice, "Code"), "ValidationError");
    let large = assume(&server, "/", &"x".repeat(100_000), &[]);
    assert_eq!(element(&large, "Code"), "ValidationError");
    // An action of AWS names the way to AWS, in the form of its own protocol.
    let elsewhere = assume(&server, "/", &good, &[("Action", "GetSessionToken")]);
    assert!(
        elsewhere.text.contains("AWS_CONTAINER_CREDENTIALS_FULL_URI"),
        "{elsewhere:?}"
    );
    let json = server.post(
        "/",
        &[
            ("content-type", "application/x-amz-json-1.1"),
            ("x-amz-target", "secretsmanager.GetSecretValue"),
        ],
        "{\"SecretId\":\"db\"}",
    );
    assert_eq!(
        (json.status, &json.json()["__type"]),
        (400, &json!("InvalidAction"))
    );
}

#[test]
fn a_session_opens_at_its_own_door_alone() {
    let server = Server::with("[doors.aws]\n[doors.other]\nkind = \"aws\"\n", SESSIONS);
    for (own, other) in [("/", "/other/"), ("/other/", "/")] {
        let keys = keys(&assume(&server, own, &server.job(json!({})), &[]));
        assert_eq!(signed(&server, &keys, own, IDENTITY).status, 200, "{own}");
        let answer = signed(&server, &keys, other, IDENTITY);
        assert_eq!(
            (answer.status, &*element(&answer, "Code")),
            (403, "InvalidClientTokenId")
        );
    }
}

#[test]
fn a_session_ends_when_its_role_is_removed() {
    let server = server();
    let keys = keys(&assume(&server, "/", &server.job(json!({})), &[]));
    assert_eq!(signed(&server, &keys, "/", IDENTITY).status, 200);
    let policies = POLICIES.replace("role deploy-aws", "role deploy-other");
    fs::write(server.path("policies/test.policy"), policies).unwrap();
    let end = Instant::now() + Duration::from_secs(20);
    loop {
        let answer = signed(&server, &keys, "/", IDENTITY);
        if answer.status != 200 {
            assert_eq!(element(&answer, "Code"), "InvalidClientTokenId");
            break;
        }
        assert!(Instant::now() < end, "the session goes on");
        sleep(Duration::from_millis(50));
    }
}

#[test]
fn rotated_session_keys_open_what_the_old_ones_sealed() {
    let mut server = server();
    let keys = keys(&assume(&server, "/", &server.job(json!({})), &[]));
    let made = crate::support::run(server.folder.path(), &["keys", "new", "--sessions"]);
    assert!(made.status.success(), "{made:?}");
    server.crash_and_restart();
    assert_eq!(signed(&server, &keys, "/", IDENTITY).status, 200);
    // Without its key, the session does not open.
    for file in fs::read_dir(server.path("session-keys")).unwrap() {
        fs::remove_file(file.unwrap().path()).unwrap();
    }
    let made = crate::support::run(server.folder.path(), &["keys", "new", "--sessions"]);
    assert!(made.status.success(), "{made:?}");
    server.signal("HUP");
    let end = Instant::now() + Duration::from_secs(20);
    while signed(&server, &keys, "/", IDENTITY).status == 200 {
        assert!(Instant::now() < end, "the key is still used");
        sleep(Duration::from_millis(50));
    }
}

#[test]
fn an_instance_whose_key_comes_late_refuses_until_it_is_there() {
    let server = server();
    let late = server.beside();
    let made = crate::support::run(server.folder.path(), &["keys", "new", "--sessions", "--now"]);
    assert!(made.status.success(), "{made:?}");
    server.signal("HUP");
    let mut keys = keys(&assume(&server, "/", &server.job(json!({})), &[]));
    server.wait_until("the new key does not seal", |server| {
        keys = self::keys(&assume(server, "/", &server.job(json!({})), &[]));
        signed(&late, &keys, "/", IDENTITY).status == 403
    });
    assert_eq!(signed(&server, &keys, "/", IDENTITY).status, 200);
    for file in fs::read_dir(server.path("session-keys")).unwrap() {
        let file = file.unwrap();
        fs::copy(file.path(), late.path("session-keys").join(file.file_name())).unwrap();
    }
    late.wait_until("the key is not used", |late| {
        signed(late, &keys, "/", IDENTITY).status == 200
    });
}
