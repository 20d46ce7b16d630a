//! The door `vault`: logins, reads of secrets, and what else clients ask.

use std::fs;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};

use crate::support::clients::{self, Runtime};
use crate::support::{Answer, Server, prepare, run};

const POLICIES: &str = r#"
edition 2026

role vault-deploy {
  allow from gitlab when project_id == "4242" && ref_protected
  grant vault_role = "auth/jwt:deploy"
  grant secrets = "apps/{project_path}/**"
}

role vault-team {
  allow from gitlab when project_id == "4242"
  grant vault_role = "team/auth/ci/jwt:deploy"
  grant secrets = ["team/*", "shared/{project_id}/**"]
}

role vault-nothing {
  allow from gitlab when project_id == "4242"
  grant vault_role = "auth/jwt:nothing"
}
"#;

const DOORS: &str = "[doors.vault]\nmounts = [\"jwt\", \"ci/jwt\"]\nkv = \"secret\"\ndefault_role = \"deploy\"\n\
                     [doors.own]\nkind = \"vault\"\n[doors.token]\n[doors.gcp]\n";

fn server() -> Server {
    let prepared = prepare(
        DOORS,
        "[sessions]\nkeys = \"session-keys\"\n[secrets]\nfolder = \"secrets\"\n",
    );
    let path = |name: &str| prepared.0.path().join(name);
    fs::write(path("policies/more.policy"), POLICIES).unwrap();
    fs::create_dir_all(path("secrets/apps/acme/shop/db")).unwrap();
    fs::create_dir_all(path("secrets/team")).unwrap();
    fs::write(path("secrets/apps/acme/shop/db/user"), "me").unwrap();
    fs::write(path("secrets/apps/acme/shop/db/password"), "pw").unwrap();
    fs::write(path("secrets/apps/acme/shop/binary"), [0xff]).unwrap();
    fs::write(path("secrets/team/key"), "k3y").unwrap();
    fs::create_dir_all(path("secrets/shared/4242")).unwrap();
    fs::write(path("secrets/shared/4242/key"), "k3y").unwrap();
    fs::write(path("secrets/other"), "other").unwrap();
    Server::of(prepared)
}

fn login(server: &Server, method: &str, path: &str, body: &Value, headers: &[(&str, &str)]) -> Answer {
    server.send(method, path, headers, &body.to_string())
}

/// Logs in, and returns the client token.
fn token(server: &Server) -> String {
    let body = json!({ "role": "deploy", "jwt": server.job(json!({})) });
    let answer = login(server, "POST", "/v1/auth/jwt/login", &body, &[]);
    assert_eq!(answer.status, 200, "{answer:?}");
    answer.json()["auth"]["client_token"].as_str().unwrap().to_owned()
}

fn read(server: &Server, path: &str, token: &str) -> Answer {
    server.get(path, &[("x-vault-token", token), ("x-vault-request", "true")])
}

fn refused(answer: &Answer) -> (u16, Value) {
    (answer.status, answer.json()["errors"].clone())
}

#[test]
fn a_job_logs_in_and_reads_what_is_for_it() {
    let server = server();
    let job = server.job(json!({}));
    for (method, body) in [
        ("POST", json!({ "role": "deploy", "jwt": job })),
        ("PUT", json!({ "role": "DEPLOY", "jwt": job })),
        ("PUT", json!({ "jwt": job })),
        ("PUT", json!({ "role": "", "jwt": job })),
    ] {
        let answer = login(&server, method, "/v1/auth/jwt/login", &body, &[]);
        assert_eq!(answer.status, 200, "{body} {answer:?}");
        let auth = &answer.json()["auth"];
        assert_eq!(auth["policies"], json!(["vault-deploy"]));
        let lease = auth["lease_duration"].as_i64().unwrap();
        assert!((290..=300).contains(&lease), "{auth}");
        let answer = read(
            &server,
            "/v1/secret/data/apps/acme/shop/db",
            auth["client_token"].as_str().unwrap(),
        );
        assert_eq!(answer.status, 200, "{answer:?}");
        assert_eq!(answer.header("cache-control"), "no-store");
        let data = &answer.json()["data"];
        assert_eq!(data["data"], json!({ "user": "me", "password": "pw" }));
        assert_eq!(data["metadata"]["version"], 1);
    }
    // Each has its line, and the secrets are not in them.
    let lines = server.audit();
    assert_eq!(
        lines[0]["wanted"],
        json!({ "grant": "vault_role", "value": "auth/jwt:deploy" })
    );
    assert_eq!(
        lines[1]["wanted"],
        json!({ "grant": "secrets", "value": "apps/acme/shop/db" })
    );
    assert_eq!(lines[1]["id"], lines[0]["id"]);
    let log = fs::read_to_string(server.path("audit.jsonl")).unwrap()
        + &fs::read_to_string(server.path("log")).unwrap();
    assert!(!log.contains("\"pw\"") && !log.contains("eyJhbGciOi"), "{log}");
}

#[test]
fn namespaces_and_mounts_are_part_of_the_role() {
    let server = server();
    let body = json!({ "role": "deploy", "jwt": server.job(json!({})) });
    let team = [("x-vault-namespace", "Team/")];
    let answer = login(&server, "PUT", "/v1/auth/ci/jwt/login", &body, &team);
    assert_eq!(answer.status, 200, "{answer:?}");
    let token = answer.json()["auth"]["client_token"].as_str().unwrap().to_owned();
    let path = "/v1/secret/data/team/key";
    let headers = [("x-vault-token", token.as_str()), team[0]];
    assert_eq!(
        server.get(path, &headers).json()["data"]["data"],
        json!({ "value": "k3y" })
    );
    assert_eq!(server.get(path, &headers[..1]).status, 403, "another namespace");
    // Each of a list of patterns counts.
    let shared = server.get("/v1/secret/data/shared/4242/key", &headers);
    assert_eq!(shared.json()["data"]["data"], json!({ "value": "k3y" }));
    assert_eq!(server.get("/v1/secret/data/shared/1/key", &headers).status, 403);
    for (path, headers) in [
        ("/v1/auth/ci/jwt/login", &[][..]),
        ("/v1/auth/jwt/login", &team[..]),
        ("/v1/auth/ci/jwt/login", &[("x-vault-namespace", "team/x")][..]),
    ] {
        assert_eq!(login(&server, "PUT", path, &body, headers).status, 400, "{path}");
    }
    assert_eq!(
        login(&server, "PUT", "/v1/auth/other/login", &body, &[]).status,
        404
    );
}

#[test]
fn logins_are_refused_with_400_and_do_not_tell_why() {
    let server = server();
    let good = server.job(json!({}));
    let other = server.job(json!({ "project_id": "1" }));
    let expired = server.job(json!({ "iat": 1_700_000_000, "exp": 1_700_000_300 }));
    let session = token(&server);
    let send = |body: &str| server.send("POST", "/v1/auth/jwt/login", &[], body);
    let denied = refused(&send(&json!({ "role": "unknown", "jwt": good }).to_string()));
    assert_eq!(denied.0, 400);
    assert_eq!(
        refused(&send(&json!({ "role": "deploy", "jwt": other }).to_string())),
        denied
    );
    for body in [
        json!({ "role": "deploy", "jwt": expired }).to_string(),
        json!({ "role": "deploy", "jwt": session }).to_string(),
        json!({ "role": "deploy", "jwt": "x" }).to_string(),
        json!({ "role": "deploy" }).to_string(),
        json!({ "role": ["deploy"], "jwt": good }).to_string(),
        format!("{{\"role\":\"deploy\",\"role\":\"nothing\",\"jwt\":\"{good}\"}}"),
        "[]".to_owned(),
        String::new(),
    ] {
        let (status, errors) = refused(&send(&body));
        assert_eq!(
            (status, errors.as_array().map(Vec::len)),
            (400, Some(1)),
            "{body}"
        );
    }
    let without_default = server.send(
        "PUT",
        "/own/v1/auth/jwt/login",
        &[],
        &json!({ "jwt": good }).to_string(),
    );
    assert_eq!(refused(&without_default), (400, json!(["missing role"])));
    assert_eq!(server.get("/v1/auth/jwt/login", &[]).status, 405);
}

#[test]
fn reads_are_refused_by_the_role_before_a_secret_is_looked_for() {
    let server = server();
    let token = token(&server);
    let denied = (403, json!(["permission denied"]));
    for path in [
        "other",
        "none",
        "apps",
        "apps/acme",
        "apps/acme/shop",
        "apps/acme/shopper/db",
        "team/key",
    ] {
        let answer = read(&server, &format!("/v1/secret/data/{path}"), &token);
        assert_eq!(refused(&answer), denied, "{path}");
    }
    for path in [
        "apps/acme/shop/none",
        "apps/acme/shop/db/none",
        "apps/acme/shop/.hidden",
        "apps/acme/shop/db?version=2",
    ] {
        let answer = read(&server, &format!("/v1/secret/data/{path}"), &token);
        assert_eq!(refused(&answer), (404, json!([])), "{path}");
    }
    assert_eq!(
        read(&server, "/v1/secret/data/apps/acme/shop/binary", &token).status,
        500
    );
    let path = "/v1/secret/data/apps/acme/shop/db";
    let job = server.job(json!({}));
    let role_token = server.exchange(&job, "https://deploy.acme.example").json();
    for other in [
        "",
        "x",
        &job,
        role_token["access_token"].as_str().unwrap(),
        &token.to_uppercase(),
    ] {
        assert_eq!(refused(&read(&server, path, other)), denied, "{other}");
    }
    assert_eq!(refused(&server.get(path, &[])), denied);
    let bearer = format!("Bearer {token}");
    assert_eq!(server.get(path, &[("authorization", &bearer)]).status, 200);
    assert_eq!(
        server
            .get(path, &[("authorization", &bearer), ("x-vault-token", &token)])
            .status,
        400
    );
    // Of another door of the same kind.
    assert_eq!(refused(&read(&server, &format!("/own{path}"), &token)), denied);
}

#[test]
fn paths_have_one_reading_and_nothing_is_written() {
    let server = server();
    let token = token(&server);
    for path in [
        "/v1/secret/data/apps/acme/shop/../../../other",
        "/v1/secret/data/apps/acme/shop/%2e%2e/db",
        "/v1/secret/data/apps//acme/shop/db",
        "/v1/secret/data/apps/acme%2Fshop/db",
        "/v1/secret/data/apps/acme%5cshop/db",
        "/v1/secret/data/apps/acme/shop/db%00",
        "/v1/secret//data/apps/acme/shop/db",
    ] {
        assert_eq!(server.raw("GET", path, &token).0, 400, "{path}");
    }
    let path = "/v1/secret/data/apps/acme/shop/db";
    for method in ["POST", "PUT", "PATCH", "DELETE", "LIST"] {
        let (status, body) = server.raw(method, path, &token);
        assert_eq!(status, 405, "{method} {body}");
        assert!(body.contains("\"errors\":[\"unsupported operation\"]"), "{body}");
    }
    for path in [
        "/v1/secret/metadata/apps/acme/shop/db",
        "/v1/secret/data",
        "/v1/secret/data/apps?list=true",
    ] {
        assert_eq!(read(&server, path, &token).status, 405, "{path}");
    }
    for path in ["/v1/sys/health", "/v1/other/data/x", "/v1/auth/token/create"] {
        assert_eq!(read(&server, path, &token).status, 404, "{path}");
    }
}

#[test]
fn a_client_asks_for_its_token_and_ends_it() {
    let server = server();
    let token = token(&server);
    let looked = read(&server, "/v1/auth/token/lookup-self", &token).json();
    assert_eq!(looked["data"]["id"], token.as_str());
    assert_eq!(looked["data"]["path"], "auth/jwt/login");
    assert!(looked["data"]["ttl"].as_i64().unwrap() <= 300, "{looked}");
    let put = |path: &str| server.send("PUT", path, &[("x-vault-token", token.as_str())], "{}");
    let renewed = put("/v1/auth/token/renew-self").json();
    assert_eq!(renewed["auth"]["client_token"], token.as_str());
    assert!(
        renewed["auth"]["lease_duration"].as_i64().unwrap() <= 300,
        "{renewed}"
    );
    let mount = read(&server, "/v1/sys/internal/ui/mounts/secret/apps/acme", &token).json();
    assert_eq!(mount["data"]["path"], "secret/");
    assert_eq!(mount["data"]["options"]["version"], "2");
    assert_eq!(
        read(&server, "/v1/sys/internal/ui/mounts/other/x", &token).status,
        403
    );
    assert_eq!(read(&server, "/v1/auth/token/revoke-self", &token).status, 405);
    assert_eq!(put("/v1/auth/token/revoke-self").status, 204);
    for path in ["/v1/auth/token/lookup-self", "/v1/secret/data/apps/acme/shop/db"] {
        assert_eq!(read(&server, path, &token).status, 403, "{path}");
    }
    assert_eq!(put("/v1/auth/token/revoke-self").status, 403);
}

#[test]
fn inline_authentication_reads_in_one_request() {
    let server = server();
    let job = server.job(json!({}));
    let other = server.job(json!({ "project_id": "1" }));
    let parameter =
        |key: &str, value: &str| URL_SAFE_NO_PAD.encode(json!({ "key": key, "value": value }).to_string());
    let (jwt, role) = (parameter("jwt", &job), parameter("role", "deploy"));
    let (bad_jwt, extra) = (parameter("jwt", &other), parameter("password", "x"));
    let path = ("x-vault-inline-auth-path", "auth/jwt/login");
    let (one, two) = (
        "x-vault-inline-auth-parameter-jwt",
        "x-vault-inline-auth-parameter-other",
    );
    let secret = "/v1/secret/data/apps/acme/shop/db";
    let good = server.get(secret, &[path, (one, &jwt), (two, &role)]);
    assert_eq!(good.status, 200, "{good:?}");
    assert_eq!(good.json()["data"]["data"]["user"], "me");
    assert_eq!(good.json()["auth"], Value::Null, "no token is given");
    for (headers, status) in [
        (vec![path, (one, &jwt), (two, &jwt)], 400),
        (vec![path, (one, &jwt), (two, &extra)], 400),
        (vec![path, (one, "x")], 400),
        (vec![path, (one, &bad_jwt), (two, &role)], 400),
        (vec![path], 400),
        (vec![(one, jwt.as_str())], 400),
        (vec![path, (one, &jwt), ("x-vault-token", "x")], 400),
        (
            vec![path, (one, &jwt), ("x-vault-inline-auth-operation", "delete")],
            400,
        ),
        (
            vec![path, (one, &jwt), ("x-vault-inline-auth-operation", "update")],
            200,
        ),
        (
            vec![("x-vault-inline-auth-path", "auth/jwt/../login"), (one, &jwt)],
            400,
        ),
        (
            vec![("x-vault-inline-auth-path", "auth/other/login"), (one, &jwt)],
            404,
        ),
        (
            vec![path, (one, &jwt), ("x-vault-inline-auth-namespace", "team")],
            400,
        ),
    ] {
        let answer = server.get(secret, &headers);
        assert_eq!(answer.status, status, "{headers:?} {answer:?}");
    }
    let forbidden = server.get("/v1/secret/data/other", &[path, (one, &jwt), (two, &role)]);
    assert_eq!(forbidden.status, 403, "{forbidden:?}");
}

#[test]
fn the_configuration_says_what_the_door_needs() {
    let more = "[sessions]\nkeys = \"k\"\n[secrets]\nfolder = \"s\"\n";
    for (doors, more, message) in [
        (
            "[doors.vault]\n",
            "[sessions]\nkeys = \"k\"\n",
            "needs `[secrets]`",
        ),
        (
            "[doors.vault]\n",
            "[secrets]\nfolder = \"s\"\n",
            "needs `[sessions]`",
        ),
        (
            "[doors.token]\nkv = \"x\"\n",
            more,
            "has `kv`, which a door of the kind `token` does not take",
        ),
        ("[doors.vault]\nmounts = [\"a//b\"]\n", more, "`a//b`"),
        ("[doors.vault]\nkv = \"auth\"\n", more, "`auth`"),
        ("[doors.vault]\nkv = \"token/x\"\n", more, "`token/x`"),
    ] {
        // The keys are made with a configuration that is right.
        let (folder, _) = prepare("[doors.token]\n", "");
        let path = folder.path().join("exchange.toml");
        let config = fs::read_to_string(&path).unwrap();
        fs::write(
            &path,
            config.replace("[doors.token]\n", &format!("{more}{doors}")),
        )
        .unwrap();
        let output = run(folder.path(), &["serve"]);
        let error = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(2), "{doors}: {error}");
        assert!(error.contains(message), "{doors}: {error}");
    }
}

#[test]
fn hvac_logs_in_and_reads() {
    let server = server();
    fs::write(server.path("job.jwt"), server.job(json!({}))).unwrap();
    let job = server.path("job.jwt").display().to_string();
    let arguments = [server.url.as_str(), &job, "deploy", "apps/acme/shop/db"];
    let Some(answers) = clients::run(Runtime::Python, "hvac_client.py", &arguments, &[]) else {
        return;
    };
    let answer = &answers[0];
    assert_eq!(answer["secret"], json!({ "user": "me", "password": "pw" }));
    assert_eq!(answer["authenticated"], true);
    assert!(
        answer["ttl"].as_i64().unwrap() > 0 && answer["renewed"].as_i64().unwrap() > 0,
        "{answer}"
    );
    for (name, error) in [
        ("missing", "InvalidPath"),
        ("forbidden", "Forbidden"),
        ("login", "InvalidRequest"),
        ("revoked", "Forbidden"),
    ] {
        assert_eq!(answer[name], error, "{answer}");
    }
    assert_ne!(answer["write"], Value::Null, "{answer}");
}
