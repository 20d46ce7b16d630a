//! The door `vault` with an upstream, against a recorder.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::Timestamp;
use serde_json::{Value, json};

use crate::support::{Answer, Recorder, Server};

const AUDIENCE: &str = "https://vault-upstream.acme.example";
const JSON: &str = "content-type: application/json\r\n";

const POLICIES: &str = r#"
edition 2026

role vault-deploy {
  ttl 5m
  allow from gitlab when project_id == "4242" && ref_protected
  grant vault_role = "auth/jwt:deploy"
}

role vault-team {
  ttl 5m
  allow from gitlab when project_id == "4242"
  grant vault_role = "team/auth/ci/jwt:{project_id}"
}
"#;

/// Starts a recorder that stands for Vault, and a server that asks it: at the door `vault`, which refuses what lives too
/// long, and at the door `record`, which records it.
fn start() -> (Recorder, Server) {
    let recorder = Recorder::start();
    let settings = format!(
        "upstream = \"http://127.0.0.1:{}\"\nbound_audience = \"{AUDIENCE}\"\nmounts = [\"jwt\", \"ci/jwt\"]\n\
         reads = [\"secret\", \"team/kv\"]\ndefault_role = \"deploy\"\ntimeout = \"2s\"\n",
        recorder.port
    );
    let doors = format!(
        "[doors.vault]\n{settings}[doors.record]\nkind = \"vault\"\nexceed = \"record\"\n{settings}\
         [doors.token]\n[doors.local]\nkind = \"aws\"\n"
    );
    let more = "[fetch]\nallow_loopback_http = true\n[sessions]\nkeys = \"session-keys\"\n";
    (recorder, Server::with_policies(&doors, more, POLICIES))
}

fn auth(life: u64) -> String {
    let auth =
        json!({ "client_token": "hvs.abc", "accessor": "acc", "lease_duration": life, "renewable": true });
    json!({ "request_id": "1", "lease_id": "", "data": null, "auth": auth }).to_string()
}

/// Returns what `lookup-self` says of a token that came from a login.
fn lookup(age: i64, path: &str, role: &str) -> String {
    let data = json!({ "accessor": "acc", "creation_time": Timestamp::now().as_second() - age, "path": path,
        "meta": { "role": role }, "ttl": 200 });
    json!({ "request_id": "2", "data": data }).to_string()
}

fn login(server: &Server, door: &str, body: &Value, headers: &[(&str, &str)]) -> Answer {
    server.send(
        "PUT",
        &format!("{door}/v1/auth/jwt/login"),
        headers,
        &body.to_string(),
    )
}

fn errors(answer: &Answer) -> (u16, Value) {
    (answer.status, answer.json()["errors"].clone())
}

/// Returns the only request that the recorder has: its first line, its headers in order, and its body.
fn only(recorder: &Recorder) -> (String, Vec<String>, String) {
    let requests = recorder.take();
    let [request] = requests.as_slice() else {
        panic!("{requests:?}");
    };
    let (head, body) = request.split_once("\r\n\r\n").unwrap();
    let mut lines = head.lines().map(str::to_owned);
    let first = lines.next().unwrap();
    let mut headers: Vec<String> = lines.collect();
    headers.sort();
    (first, headers, body.to_owned())
}

/// Checks a role token for Vault.
fn check_token(server: &Server, token: &str, role: &str) {
    let ruling = server.verify(token, AUDIENCE);
    assert_eq!(ruling.token().subject(), format!("role:{role}"));
    let left = ruling.token().expires_at().as_secs() - Timestamp::now().as_second();
    assert!((100..=120).contains(&left), "{left}");
}

#[test]
fn a_login_is_relayed_with_a_role_token_and_nothing_else_of_the_request() {
    let (recorder, server) = start();
    recorder.say(
        200,
        "content-type: application/json\r\nx-vault-index: 1\r\n",
        &auth(300),
    );
    let job = server.job(json!({}));
    let bearer = format!("Bearer {job}");
    let extra = [
        ("authorization", bearer.as_str()),
        ("cookie", "a=b"),
        ("x-forwarded-for", "10.0.0.1"),
        ("x-rolecall-role", "vault-team"),
        ("x-vault-wrap-ttl", "60s"),
        ("x-vault-mfa", "x"),
        ("x-vault-token", job.as_str()),
        ("x-vault-request", "true"),
        ("user-agent", "curl"),
    ];
    let answer = login(
        &server,
        "",
        &json!({ "role": "DEPLOY", "jwt": job, "more": "x" }),
        &extra,
    );
    assert_eq!(answer.status, 200, "{answer:?}");
    assert_eq!(answer.text, auth(300), "as it came");
    assert_eq!(answer.header("content-type"), "application/json");
    assert_eq!(answer.header("cache-control"), "no-store");
    assert_eq!(answer.header("x-vault-index"), "");
    let (first, headers, body) = only(&recorder);
    assert_eq!(first, "POST /v1/auth/jwt/login HTTP/1.1");
    let wanted = [
        "accept-encoding: identity".to_owned(),
        "accept: application/json".to_owned(),
        format!("content-length: {}", body.len()),
        "content-type: application/json".to_owned(),
        format!("host: 127.0.0.1:{}", recorder.port),
        format!("user-agent: rolecall/{}", env!("CARGO_PKG_VERSION")),
        "x-vault-request: true".to_owned(),
    ];
    assert_eq!(headers, wanted);
    let body: Value = serde_json::from_str(&body).unwrap();
    assert_eq!(body, json!({ "role": "deploy", "jwt": body["jwt"] }));
    check_token(&server, body["jwt"].as_str().unwrap(), "vault-deploy");
    let line = &server.audit()[0];
    assert_eq!(
        (&line["granted_role"], &line["audience"]),
        (&json!("vault-deploy"), &json!(AUDIENCE))
    );
    let log = std::fs::read_to_string(server.path("log")).unwrap();
    for secret in [job.as_str(), body["jwt"].as_str().unwrap(), "hvs.abc"] {
        assert!(!log.contains(secret), "{log}");
    }
}

#[test]
fn namespaces_are_sent_as_they_are_compared() {
    let (recorder, server) = start();
    recorder.say(200, JSON, &auth(300));
    let body = json!({ "role": "4242", "jwt": server.job(json!({})) }).to_string();
    let path = "/v1/auth/ci/jwt/login";
    let answer = server.send("POST", path, &[("x-vault-namespace", "/Team/")], &body);
    assert_eq!(answer.status, 200, "{answer:?}");
    let (first, headers, _) = only(&recorder);
    assert_eq!(first, "POST /v1/auth/ci/jwt/login HTTP/1.1");
    let of_vault: Vec<_> = headers.iter().filter(|line| line.starts_with("x-")).collect();
    assert_eq!(of_vault, ["x-vault-namespace: team"]);
    let other = server.send("POST", path, &[("x-vault-namespace", "teams")], &body);
    assert_eq!(other.status, 400);
    assert!(recorder.take().is_empty());
}

#[test]
fn refused_jobs_do_not_reach_vault() {
    let (recorder, server) = start();
    let good = server.job(json!({}));
    let other = server.job(json!({ "project_id": "1" }));
    let expired = server.job(json!({ "iat": 1_700_000_000, "exp": 1_700_000_300 }));
    let role_token = server.exchange(&good, "https://deploy.acme.example").json()["access_token"].clone();
    let denied = (400, json!(["the token does not get what is asked for"]));
    for jwt in [&other, &good] {
        let role = if *jwt == good { "unknown" } else { "deploy" };
        let answer = login(&server, "", &json!({ "role": role, "jwt": jwt }), &[]);
        assert_eq!(errors(&answer), denied);
    }
    for body in [
        json!({ "role": "deploy", "jwt": expired }),
        json!({ "role": "deploy", "jwt": role_token }),
        json!({ "role": "deploy", "jwt": "x" }),
        json!({ "role": "deploy" }),
    ] {
        assert_eq!(login(&server, "", &body, &[]).status, 400, "{body}");
    }
    // A job's token, a role token, and what another door issued are not tokens of Vault.
    let form = [
        ("Action", "AssumeRoleWithWebIdentity"),
        ("Version", "2011-06-15"),
        ("RoleArn", "arn:aws:iam::123456789012:role/deploy"),
        ("RoleSessionName", "job"),
        ("WebIdentityToken", good.as_str()),
    ];
    let local = server.post_form("/local", &form).text;
    let (_, session) = local.split_once("<SessionToken>").unwrap();
    let session = session.split('<').next().unwrap();
    for token in [good.as_str(), role_token.as_str().unwrap(), session, "a b", ""] {
        for path in ["/v1/auth/token/lookup-self", "/v1/secret/data/a"] {
            let answer = server.get(path, &[("x-vault-token", token)]);
            assert_eq!(errors(&answer), (403, json!(["permission denied"])), "{token}");
        }
    }
    assert_eq!(server.get("/v1/secret/data/a", &[]).status, 403);
    assert!(recorder.take().is_empty());
}

#[test]
fn only_a_closed_list_of_requests_is_relayed() {
    let (recorder, server) = start();
    let said = r#"{"request_id":"1","data":{"data":{"n":123456789012345678901234567890},"metadata":{}}}"#;
    recorder.say(200, JSON, said);
    for (path, wanted) in [
        ("/v1/secret/data/apps/a%20b", "/v1/secret/data/apps/a%20b"),
        ("/v1/secret/data/x?version=3", "/v1/secret/data/x?version=3"),
        ("/v1/secret/data/%252e%252e/x", "/v1/secret/data/%252e%252e/x"),
        ("/v1/secret/data/x%3fy/", "/v1/secret/data/x%3Fy"),
        ("/v1/team/kv/metadata/db", "/v1/team/kv/metadata/db"),
        ("/v1/auth/token/lookup-self", "/v1/auth/token/lookup-self"),
        (
            "/v1/sys/internal/ui/mounts/secret/x",
            "/v1/sys/internal/ui/mounts/secret/x",
        ),
    ] {
        let answer = server.get(path, &[("authorization", "Bearer hvs.abc")]);
        assert_eq!((answer.status, &*answer.text), (200, said), "{path}");
        let (first, headers, _) = only(&recorder);
        assert_eq!(first, format!("GET {wanted} HTTP/1.1"));
        let wanted = [
            "accept-encoding: identity".to_owned(),
            "accept: application/json".to_owned(),
            format!("host: 127.0.0.1:{}", recorder.port),
            format!("user-agent: rolecall/{}", env!("CARGO_PKG_VERSION")),
            "x-vault-token: hvs.abc".to_owned(),
        ];
        assert_eq!(headers, wanted, "{path}");
    }
    recorder.say(204, "", "");
    let revoked = server.raw("PUT", "/v1/auth/token/revoke-self", "hvs.abc");
    assert_eq!(revoked.0, 204, "{revoked:?}");
    let (first, headers, body) = only(&recorder);
    assert_eq!(
        (&*first, &*body),
        ("POST /v1/auth/token/revoke-self HTTP/1.1", "")
    );
    assert!(headers.contains(&"content-length: 0".to_owned()), "{headers:?}");
    for (method, path, status) in [
        ("POST", "/v1/secret/data/x", 405),
        ("PUT", "/v1/secret/metadata/x", 405),
        ("DELETE", "/v1/secret/data/x", 405),
        ("PATCH", "/v1/secret/data/x", 405),
        ("LIST", "/v1/secret/metadata/x", 405),
        ("GET", "/v1/secret/metadata/x?list=true", 405),
        ("GET", "/v1/secret/data", 405),
        ("GET", "/v1/secret/config", 405),
        ("GET", "/v1/secret/undelete/x", 405),
        ("GET", "/v1/auth/jwt/login", 405),
        ("DELETE", "/v1/auth/token/lookup-self", 405),
        ("POST", "/v1/auth/token/create", 404),
        ("GET", "/v1/auth/token/lookup", 404),
        ("GET", "/v1/sys/mounts", 404),
        ("GET", "/v1/sys/internal/ui/mounts", 403),
        ("GET", "/v1/sys/internal/ui/mounts/other/x", 403),
        ("GET", "/v1/other/data/x", 404),
        ("GET", "/v1/team/data/x", 404),
        ("GET", "/v1/auth/userpass/login/me", 404),
        ("POST", "/v1/auth/userpass/login", 400),
        ("GET", "/v1/secret/data/x?version=a", 400),
        ("GET", "/v1/secret/data/x?version=1&x=2", 400),
        ("GET", "/v1/secret/metadata/x?version=1", 405),
        ("GET", "/v1/secret/data/../../sys/mounts", 400),
        ("GET", "/v1/secret/data/%2e%2e/x", 400),
        ("GET", "/v1/secret/data//x", 400),
        ("GET", "/v1/secret/data/a%2fb", 400),
        ("GET", "/v1/secret/data/a%5cb", 400),
        ("GET", "/v1/secret/data/a%0ab", 400),
    ] {
        let answer = server.raw(method, path, "hvs.abc");
        let of_vault = answer.1.contains("{\"errors\":[\"");
        assert_eq!(
            (answer.0, of_vault),
            (status, true),
            "{method} {path}: {answer:?}"
        );
        let is_method = status == 405;
        assert_eq!(
            answer.1.to_ascii_lowercase().contains("\r\nallow: get"),
            is_method
        );
    }
    assert!(recorder.take().is_empty());
}

#[test]
fn inline_authentication_is_sent_with_a_role_token() {
    let (recorder, server) = start();
    recorder.say(200, JSON, r#"{"data":{"data":{},"metadata":{}}}"#);
    let job = server.job(json!({}));
    let parameter =
        |key: &str, value: &str| URL_SAFE_NO_PAD.encode(json!({ "key": key, "value": value }).to_string());
    let (jwt, role) = (parameter("jwt", &job), parameter("role", "Deploy"));
    let headers = [
        ("x-vault-inline-auth-path", "/auth/JWT/login"),
        ("x-vault-inline-auth-parameter-1", jwt.as_str()),
        ("x-vault-inline-auth-parameter-2", role.as_str()),
        ("x-vault-inline-auth-operation", "update"),
    ];
    for path in [
        "/v1/secret/data/apps/shop",
        "/v1/sys/internal/ui/mounts/secret/apps",
    ] {
        assert_eq!(server.get(path, &headers).status, 200);
        let (first, sent, _) = only(&recorder);
        assert_eq!(first, format!("GET {path} HTTP/1.1"));
        let sent: Vec<_> = sent.iter().filter(|line| line.starts_with("x-")).collect();
        let [jwt, role, path] = sent.as_slice() else {
            panic!("{sent:?}");
        };
        assert_eq!(**path, "x-vault-inline-auth-path: auth/jwt/login");
        let decode = |line: &str, name: &str| -> Value {
            let text = line.strip_prefix(name).unwrap();
            serde_json::from_slice(&URL_SAFE_NO_PAD.decode(text).unwrap()).unwrap()
        };
        let role = decode(role, "x-vault-inline-auth-parameter-role: ");
        assert_eq!(role, json!({ "key": "role", "value": "deploy" }));
        let jwt = decode(jwt, "x-vault-inline-auth-parameter-jwt: ");
        assert_eq!(jwt["key"], "jwt");
        check_token(&server, jwt["value"].as_str().unwrap(), "vault-deploy");
    }
    let other = parameter("jwt", &server.job(json!({ "project_id": "1" })));
    for (at, value, status) in [
        (1, other.as_str(), 400),
        (0, "auth/other/login", 404),
        (0, "sys/x", 400),
    ] {
        let mut bad = headers;
        bad[at].1 = value;
        assert_eq!(server.get("/v1/secret/data/x", &bad).status, status, "{value}");
    }
    // Not where the client's own token is meant.
    assert_eq!(server.get("/v1/auth/token/lookup-self", &headers).status, 403);
    assert!(recorder.take().is_empty());
}

#[test]
fn only_answers_of_the_protocol_are_relayed() {
    let (recorder, server) = start();
    let job = server.job(json!({}));
    let location = format!("location: http://127.0.0.1:{}/other\r\n{JSON}", recorder.port);
    let huge = format!("{{\"data\":{{\"a\":\"{}\"}}}}", "x".repeat(1_100_000));
    let (good, data) = (auth(300), r#"{"data":{"data":{}}}"#);
    let refused = r#"{"errors":["error validating token"]}"#;
    for (name, status, headers, body, wanted) in [
        ("a refusal", 400, JSON, refused, (400, refused)),
        (
            "a token that is not valid",
            403,
            JSON,
            r#"{"errors":["permission denied"]}"#,
            (403, r#"{"errors":["permission denied"]}"#),
        ),
        (
            "a secret that is not there",
            404,
            JSON,
            r#"{"errors":[]}"#,
            (404, r#"{"errors":[]}"#),
        ),
        ("a limit", 429, JSON, refused, (429, refused)),
        (
            "a sealed Vault",
            503,
            JSON,
            r#"{"errors":["Vault is sealed"]}"#,
            (503, r#"{"errors":["Vault is sealed"]}"#),
        ),
        (
            "a page",
            200,
            "content-type: text/html\r\n",
            "<html></html>",
            (503, ""),
        ),
        ("a page called JSON", 200, JSON, "<html></html>", (503, "")),
        (
            "JSON called a page",
            200,
            "content-type: text/html\r\n",
            &good,
            (503, ""),
        ),
        ("no type", 200, "", &good, (503, "")),
        (
            "two types",
            200,
            "content-type: application/json\r\ncontent-type: text/html\r\n",
            &good,
            (503, ""),
        ),
        ("nothing", 200, JSON, "", (503, "")),
        ("a list", 200, JSON, "[]", (503, "")),
        ("errors that are fine", 200, JSON, refused, (503, "")),
        ("a redirect", 307, &location, &good, (503, "")),
        ("too much", 200, JSON, &huge, (503, "")),
        (
            "compressed",
            200,
            "content-type: application/json\r\ncontent-encoding: gzip\r\n",
            &good,
            (503, ""),
        ),
        (
            "another error",
            502,
            "content-type: text/html\r\n",
            "<html></html>",
            (503, ""),
        ),
    ] {
        recorder.say(status, headers, body);
        let token = [("x-vault-token", "hvs.abc")];
        let answers = [
            login(&server, "", &json!({ "jwt": job }), &[]),
            server.get("/v1/secret/data/x", &token),
            server.send("POST", "/v1/auth/token/renew-self", &token, ""),
        ];
        for answer in answers {
            assert_eq!(answer.status, wanted.0, "{name} {answer:?}");
            let text = if wanted.1.is_empty() {
                r#"{"errors":["Vault does not answer, try again"]}"#
            } else {
                wanted.1
            };
            assert_eq!(answer.text, text, "{name}");
        }
        assert_eq!(recorder.take().len(), 3, "{name}: each is asked once");
    }
    // A login needs a token in the answer.
    recorder.say(200, JSON, data);
    assert_eq!(login(&server, "", &json!({ "jwt": job }), &[]).status, 503);
    recorder.hang();
    assert_eq!(login(&server, "", &json!({ "jwt": job }), &[]).status, 503);
    drop(recorder);
    assert_eq!(
        server
            .get("/v1/secret/data/x", &[("x-vault-token", "hvs.abc")])
            .status,
        503
    );
}

#[test]
fn a_token_that_lives_too_long_is_revoked_or_recorded() {
    let (recorder, mut server) = start();
    for life in [301, 0] {
        recorder.hang();
        recorder.say_to("login", 200, JSON, &auth(life));
        recorder.say_to("revoke-self", 204, "", "");
        let body = json!({ "role": "deploy", "jwt": server.job(json!({})) });
        let answer = login(&server, "", &body, &[]);
        let message = "what the upstream issued lives longer than the role may";
        assert_eq!(errors(&answer), (400, json!([message])));
        let requests = recorder.take();
        assert_eq!(requests.len(), 2, "{requests:?}");
        assert!(requests[1].starts_with("POST /v1/auth/token/revoke-self HTTP/1.1\r\n"));
        assert!(requests[1].contains("x-vault-token: hvs.abc\r\n"), "{requests:?}");
        let answer = login(&server, "/record", &body, &[]);
        assert_eq!((answer.status, answer.text), (200, auth(life)));
        assert_eq!(recorder.take().len(), 1);
    }
    server.stop();
    let lines = server.audit();
    let outcomes: Vec<_> = lines
        .iter()
        .map(|line| line["outcome"].as_str().unwrap())
        .collect();
    assert_eq!(outcomes, ["granted", "refused", "granted", "exceeded"].repeat(2));
    assert_eq!(lines[1]["reason"], "long_life");
    for (line, life) in [(3, json!(301)), (7, Value::Null)] {
        let exceeded = &lines[line];
        assert_eq!(
            (&exceeded["life"], &exceeded["most"]),
            (&life, &json!(300)),
            "{exceeded}"
        );
        assert_eq!(exceeded["granted_role"], "vault-deploy");
        assert_eq!(exceeded["id"], lines[line - 1]["id"]);
    }
}

#[test]
fn a_token_is_prolonged_only_as_long_as_its_role_may_live() {
    let (recorder, mut server) = start();
    let renew = |door: &str, age, path: &str, role: &str, life, body: &str| {
        recorder.hang();
        recorder.say_to("lookup-self", 200, JSON, &lookup(age, path, role));
        recorder.say_to("renew-self", 200, JSON, &auth(life));
        recorder.say_to("revoke-self", 204, "", "");
        let path = format!("{door}/v1/auth/token/renew-self");
        let answer = server.send("PUT", &path, &[("x-vault-token", "hvs.abc")], body);
        let requests = recorder.take();
        let asked: Vec<String> = requests
            .iter()
            .map(|request| {
                let (head, body) = request.split_once("\r\n\r\n").unwrap();
                let line = head.lines().next().unwrap();
                let name = line
                    .split(['/', ' '])
                    .find(|part| part.ends_with("-self"))
                    .unwrap();
                format!("{name} {body}").trim_end().to_owned()
            })
            .collect();
        (answer.status, asked)
    };
    let (path, role) = ("auth/jwt/login", "deploy");
    let (status, asked) = renew("", 100, path, role, 150, r#"{"increment":"24h"}"#);
    assert_eq!(status, 200);
    assert_eq!(asked[0], "lookup-self");
    let increment = asked[1].strip_prefix("renew-self {\"increment\":\"").unwrap();
    let seconds: i64 = increment.strip_suffix("s\"}").unwrap().parse().unwrap();
    assert!((190..=200).contains(&seconds), "{asked:?}");
    // Vault prolonged it by more than was asked for.
    let (status, asked) = renew("", 100, path, role, 900, "");
    assert_eq!((status, &*asked[2]), (400, "revoke-self"));
    let (status, asked) = renew("/record", 100, path, role, 900, r#"{"increment":"15m"}"#);
    assert_eq!((status, &*asked[1]), (200, r#"renew-self {"increment":"15m"}"#));
    let (status, asked) = renew("", 300, path, role, 10, "");
    assert_eq!((status, asked.len()), (400, 1), "it is old enough");
    for (path, role) in [
        ("auth/jwt/login", "removed"),
        ("auth/userpass/login/me", role),
        ("auth/token/create", role),
        ("auth/ci/jwt/login", role),
    ] {
        let (status, asked) = renew("/record", 1, path, role, 10, "");
        assert_eq!((status, asked.len()), (403, 1), "{path} {role}");
    }
    for body in ["[]", "x", r#"{"increment":{"a":1}}"#, r#"{"increment":"1h;"}"#] {
        assert_eq!(renew("/record", 1, path, role, 10, body).0, 400, "{body}");
    }
    server.stop();
    let lines = server.audit();
    let [refused, exceeded] = lines.as_slice() else {
        panic!("{lines:?}");
    };
    assert_eq!(
        (&refused["reason"], &refused["door"]),
        (&json!("long_life"), &json!("vault"))
    );
    assert_eq!(
        (&exceeded["outcome"], &exceeded["id"]),
        (&json!("exceeded"), &json!("acc"))
    );
    assert_eq!(exceeded["granted_role"], "vault-deploy");
}

#[test]
fn hosts_with_private_addresses_are_asked_only_if_they_are_allowed() {
    let recorder = Recorder::start();
    recorder.say(200, JSON, &auth(300));
    for host in ["localhost", "127.0.0.1"] {
        let doors = format!(
            "[doors.vault]\nupstream = \"https://{host}:{}\"\nbound_audience = \"{AUDIENCE}\"\n",
            recorder.port
        );
        let server = Server::with_policies(&doors, "", POLICIES);
        let body = json!({ "role": "deploy", "jwt": server.job(json!({})) });
        assert_eq!(login(&server, "", &body, &[]).status, 503);
        let log = std::fs::read_to_string(server.path("log")).unwrap();
        let fault = format!("`{host}` has an address that is not public");
        assert!(log.contains(&fault), "{log}");
        assert!(recorder.take().is_empty());
        // It is connected to then: what comes is not TLS.
        let more = format!("[fetch]\nallow_private = [\"{host}\"]\n");
        let server = Server::with_policies(&doors, &more, POLICIES);
        let body = json!({ "role": "deploy", "jwt": server.job(json!({})) });
        assert_eq!(login(&server, "", &body, &[]).status, 503);
        let log = std::fs::read_to_string(server.path("log")).unwrap();
        assert!(
            log.contains("an upstream did not answer") && !log.contains(&fault),
            "{log}"
        );
    }
}

#[test]
fn a_role_token_never_has_an_audience_of_job_tokens() {
    let recorder = Recorder::start();
    recorder.say(200, JSON, &auth(300));
    let doors = format!(
        "[doors.vault]\nupstream = \"http://127.0.0.1:{}\"\nbound_audience = \"https://vault.acme.example\"\n",
        recorder.port
    );
    let more = "[fetch]\nallow_loopback_http = true\n";
    let mut server = Server::with_policies(&doors, more, POLICIES);
    let body = json!({ "role": "deploy", "jwt": server.job(json!({})) });
    assert_eq!(login(&server, "", &body, &[]).status, 400);
    assert!(recorder.take().is_empty());
    server.stop();
    assert_eq!(server.audit()[0]["reason"], "no_audience");
}
