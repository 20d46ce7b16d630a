//! The doors `credentials` and `aws` with an upstream.

use std::collections::BTreeMap;
use std::fs;
use std::net::TcpListener;

use jiff::{SignedDuration, Timestamp};
use serde_json::json;

use crate::aws::{ROLE, assume, element};
use crate::aws_clients::boto;
use crate::support::{Answer, Recorder, Server};

const PATH: &str = "/aws/credentials/deploy-aws";
const FETCH: &str = "[fetch]\nallow_loopback_http = true\n";

/// Starts a recorder that answers with keys, and a server that asks it. A port stands for a region: the first one has no
/// server.
fn start(more: &str) -> (Recorder, Server) {
    let recorder = Recorder::start();
    recorder.say(200, "content-type: text/xml\r\n", &keys(900));
    let closed = TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap()
        .port();
    let upstream = format!(
        "upstream = \"http://127.0.0.1:{{region}}\"\nregions = [\"{closed}\", \"{}\"]\n{more}",
        recorder.port
    );
    let doors = format!("[doors.credentials]\n{upstream}\n[doors.aws]\n{upstream}\n");
    (recorder, Server::with(&doors, FETCH))
}

/// Returns the answer of AWS with keys that live this number of seconds.
pub(crate) fn keys(life: i64) -> String {
    let end = Timestamp::now() + SignedDuration::from_secs(life);
    let end = end.strftime("%Y-%m-%dT%H:%M:%SZ");
    format!(
        "<AssumeRoleWithWebIdentityResponse xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\">\n\
         <AssumeRoleWithWebIdentityResult>\n<Audience>sts.amazonaws.com</Audience>\n<AssumedRoleUser>\
         <AssumedRoleId>AROAX:job</AssumedRoleId><Arn>arn:aws:sts::123456789012:assumed-role/deploy/job</Arn>\
         </AssumedRoleUser><Credentials><AccessKeyId>ASIAEXAMPLE</AccessKeyId>\
         <SecretAccessKey>secret/+&amp;</SecretAccessKey><SessionToken>session==</SessionToken>\
         <Expiration>{end}</Expiration></Credentials></AssumeRoleWithWebIdentityResult>\n\
         <ResponseMetadata><RequestId>1</RequestId></ResponseMetadata></AssumeRoleWithWebIdentityResponse>"
    )
}

/// Returns the parameters of the only request that the recorder has.
fn only_request(recorder: &Recorder) -> BTreeMap<String, String> {
    let requests = recorder.take();
    let [request] = requests.as_slice() else {
        panic!("{requests:?}");
    };
    assert!(request.starts_with("POST / HTTP/1.1\r\n"), "{request}");
    let (head, body) = request.split_once("\r\n\r\n").unwrap();
    assert!(!head.to_ascii_lowercase().contains("authorization"), "{head}");
    form_urlencoded::parse(body.as_bytes()).into_owned().collect()
}

fn get(server: &Server, path: &str, job: &str) -> Answer {
    server.get(path, &[("authorization", job)])
}

/// Checks what AWS was asked: with a role token, and nothing of the job's own.
fn check_request(server: &Server, job: &str, form: &BTreeMap<String, String>) {
    let names: Vec<&str> = form.keys().map(String::as_str).collect();
    assert_eq!(
        names,
        [
            "Action",
            "DurationSeconds",
            "RoleArn",
            "RoleSessionName",
            "Version",
            "WebIdentityToken"
        ]
    );
    assert_eq!(form["Action"], "AssumeRoleWithWebIdentity");
    assert_eq!(form["RoleArn"], ROLE);
    assert_eq!(form["DurationSeconds"], "900");
    assert!(form["RoleSessionName"].starts_with("deploy-aws-"), "{form:?}");
    assert!(!form.values().any(|value| value.contains(job)));
    let ruling = server.verify(&form["WebIdentityToken"], "sts.amazonaws.com");
    assert_eq!(ruling.token().subject(), "role:deploy-aws");
    let left = ruling.token().expires_at().as_secs() - Timestamp::now().as_second();
    assert!((100..=120).contains(&left), "{left}");
    let claims = ruling.token().claims().members();
    let roles = claims.get("https://aws.amazon.com/roles").unwrap().to_string();
    assert_eq!(roles, format!("[\"{ROLE}\"]"));
}

#[test]
fn a_job_gets_keys_of_aws() {
    let (recorder, server) = start("");
    let job = server.job(json!({}));
    let answer = get(&server, PATH, &job);
    assert_eq!(answer.status, 200, "{answer:?}");
    assert_eq!(answer.header("cache-control"), "no-store");
    let body = answer.json();
    let end: Timestamp = body["Expiration"].as_str().unwrap().parse().unwrap();
    assert!(end > Timestamp::now());
    assert_eq!(
        body,
        json!({
            "AccessKeyId": "ASIAEXAMPLE",
            "SecretAccessKey": "secret/+&",
            "Token": "session==",
            "Expiration": body["Expiration"],
            "RoleArn": ROLE,
        })
    );
    let form = only_request(&recorder);
    check_request(&server, &job, &form);
    let lines = server.audit();
    assert_eq!(lines[0]["granted_role"], "deploy-aws", "{lines:?}");
    assert_eq!(lines[0]["life"], 900, "{lines:?}");
    assert!(form["RoleSessionName"].ends_with(answer.header("x-request-id")));
    let log = fs::read_to_string(server.path("log")).unwrap();
    for secret in [&job, &form["WebIdentityToken"], "secret/", "session=="] {
        assert!(!log.contains(secret), "{log}");
    }
}

#[test]
fn the_query_door_asks_aws_with_a_role_token() {
    let (recorder, server) = start("");
    let job = server.job(json!({}));
    let answer = assume(&server, "/", &job, &[("RoleSessionName", "from-the-client")]);
    assert_eq!(answer.status, 200, "{answer:?}");
    assert_eq!(element(&answer, "SecretAccessKey"), "secret/+&amp;");
    assert_eq!(element(&answer, "AssumedRoleId"), "AROAX:job");
    let form = only_request(&recorder);
    check_request(&server, &job, &form);
    let refused = assume(&server, "/", &server.job(json!({ "project_id": "1" })), &[]);
    assert_eq!(
        (refused.status, &*element(&refused, "Code")),
        (403, "AccessDenied")
    );
    let identity = server.post_form("/", &[("Action", "GetCallerIdentity"), ("Version", "2011-06-15")]);
    assert_eq!(element(&identity, "Code"), "InvalidAction");
    assert!(recorder.take().is_empty());
}

#[test]
fn refused_jobs_do_not_reach_aws() {
    let (recorder, server) = start("");
    let good = server.job(json!({}));
    let other = server.job(json!({ "project_id": "1" }));
    let expired = server.job(json!({ "iat": 1_700_000_000, "exp": 1_700_000_300 }));
    let denied = [
        get(&server, PATH, &other),
        get(&server, "/aws/credentials/unknown", &good),
        get(&server, "/aws/credentials/no-grant", &good),
    ];
    for answer in &denied {
        assert_eq!(
            (answer.status, &answer.text),
            (403, &denied[0].text),
            "{answer:?}"
        );
        assert_eq!(answer.json()["code"], "AccessDenied");
    }
    assert_eq!(
        get(&server, PATH, &expired).json()["code"],
        "ExpiredTokenException"
    );
    assert_eq!(
        get(&server, PATH, "forged").json()["code"],
        "InvalidIdentityToken"
    );
    assert_eq!(server.get(PATH, &[]).status, 401);
    assert_eq!(get(&server, PATH, &format!("Bearer {good}")).status, 401);
    let twice = [("authorization", good.as_str()), ("authorization", good.as_str())];
    assert_eq!(server.get(PATH, &twice).status, 401);
    assert!(recorder.take().is_empty());
}

#[test]
fn only_answers_of_the_protocol_are_relayed() {
    let (recorder, server) = start("");
    let job = server.job(json!({}));
    let error = "<ErrorResponse><Error><Type>Sender</Type><Code>AccessDenied</Code>\
                 <Message>Not &lt;you&gt;</Message></Error></ErrorResponse>";
    let location = format!("location: http://127.0.0.1:{}/other\r\n", recorder.port);
    let huge = format!("{}{}", keys(900), " ".repeat(100_000));
    let cases = [
        ("an error of AWS", 403, "", error, 403, "AccessDenied"),
        (
            "a page",
            200,
            "",
            "<html><body>busy</body></html>",
            503,
            "ServiceUnavailable",
        ),
        (
            "JSON",
            200,
            "",
            "{\"AccessKeyId\":\"x\"}",
            503,
            "ServiceUnavailable",
        ),
        ("nothing", 200, "", "", 503, "ServiceUnavailable"),
        (
            "a redirect",
            307,
            &*location,
            &keys(900),
            503,
            "ServiceUnavailable",
        ),
        ("an error of a server", 500, "", error, 503, "ServiceUnavailable"),
        ("too much", 200, "", &huge, 503, "ServiceUnavailable"),
        ("long lives", 200, "", &keys(43_200), 403, "AccessDenied"),
        ("a late answer", 200, "", &keys(-60), 503, "ServiceUnavailable"),
    ];
    for (name, status, headers, body, wanted, code) in cases {
        recorder.say(status, headers, body);
        let answer = get(&server, PATH, &job);
        assert_eq!(
            (answer.status, &answer.json()["code"]),
            (wanted, &json!(code)),
            "{name}"
        );
        let answer = assume(&server, "/", &job, &[]);
        assert_eq!(
            (answer.status, &*element(&answer, "Code")),
            (wanted, code),
            "{name}"
        );
        assert_eq!(recorder.take().len(), 2, "{name}");
    }
    recorder.hang();
    assert_eq!(get(&server, PATH, &job).status, 503);
}

#[test]
fn keys_that_live_too_long_are_recorded_if_the_door_says_so() {
    let (recorder, mut server) = start("exceed = \"record\"\n");
    recorder.say(200, "", &keys(43_200));
    let job = server.job(json!({}));
    assert_eq!(get(&server, PATH, &job).status, 200);
    assert_eq!(assume(&server, "/", &job, &[]).status, 200);
    server.stop();
    let lines = server.audit();
    for line in [&lines[1], &lines[3]] {
        assert_eq!(
            (&line["outcome"], &line["most"]),
            (&json!("exceeded"), &json!(900)),
            "{line}"
        );
        assert!(line["life"].as_u64().unwrap() > 42_000, "{line}");
    }
}

#[test]
fn roles_with_shorter_lives_than_those_of_aws_are_refused() {
    let (recorder, mut server) = start("ttl = \"10m\"\n");
    assert_eq!(get(&server, PATH, &server.job(json!({}))).status, 403);
    server.stop();
    assert_eq!(server.audit()[0]["reason"], "short_life");
    assert!(recorder.take().is_empty());
}

#[test]
fn boto3_gets_keys_of_aws_as_in_a_container() {
    let (recorder, server) = start("");
    // With 15 minutes left or less, boto3 asks again each time.
    recorder.say(200, "", &keys(1_100));
    let (uri, file) = (format!("{}{PATH}", server.url), server.path("job.jwt"));
    let environment = [
        ("AWS_CONTAINER_CREDENTIALS_FULL_URI", uri.as_str()),
        ("AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE", file.to_str().unwrap()),
        ("AWS_DEFAULT_REGION", "eu-central-1"),
    ];
    let job = server.job(json!({}));
    let Some(answers) = boto("aws_container.py", &server, &job, &environment) else {
        return;
    };
    let keys = json!({ "access_key_id": "ASIAEXAMPLE", "secret": "secret/+&", "token": "session==",
        "method": "container-role", "sts": "https://sts.eu-central-1.amazonaws.com" });
    assert_eq!(answers, [keys]);
    check_request(&server, &job, &only_request(&recorder));
    let other = server.job(json!({ "project_id": "1" }));
    let refused = boto("aws_container.py", &server, &other, &environment).unwrap();
    let error = refused[0]["error"].as_str().unwrap();
    assert!(error.contains("403") && error.contains("AccessDenied"), "{error}");
}
