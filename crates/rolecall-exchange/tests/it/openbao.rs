//! A real OpenBao behind the door `vault`: it finds the keys of the exchange by discovery, and jobs log in through the
//! exchange.

use std::env;
use std::fs;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};
use ureq::Agent;

use crate::support::clients::{Runtime, run};
use crate::support::{ISSUER, Server, prepare};

const ROOT: &str = "root-of-the-test";
const AUDIENCE: &str = "https://vault.acme.internal";

const POLICIES: &str = r#"
edition 2026

role read-secrets {
  ttl 10m
  allow from gitlab when project_id == "4242" && ref_protected
  grant vault_role = "auth/jwt:shop"
}

role read-long {
  ttl 10m
  allow from gitlab when project_id == "4242"
  grant vault_role = "auth/jwt:long"
}

role read-other {
  ttl 10m
  allow from gitlab when project_id == "4242"
  grant vault_role = "auth/jwt:other"
}
"#;

/// A server of OpenBao in memory. It ends with this value.
struct Bao {
    url: String,
    child: Child,
}

impl Drop for Bao {
    fn drop(&mut self) {
        // It may have ended.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The command of OpenBao, which is also the server.
fn program() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/clients/.venv/bin/bao")
}

fn free_port() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    listener.local_addr().unwrap().port()
}

impl Bao {
    /// Starts the server that `tests/clients/install` fetches. Without it, it returns `None` and says so.
    fn start(home: &Path) -> Option<Self> {
        let program = program();
        if !program.exists() {
            let why = "run crates/rolecall-exchange/tests/clients/install first";
            assert!(
                env::var_os("ROLECALL_REQUIRE_CLIENTS").is_none(),
                "no OpenBao: {why}"
            );
            eprintln!("skipped: no OpenBao: {why}");
            return None;
        }
        // The port may be taken in between.
        (0..3).find_map(|_| Self::start_at(&program, home, free_port()))
    }

    fn start_at(program: &Path, home: &Path, port: u16) -> Option<Self> {
        let log = fs::File::create(home.join("bao.log")).unwrap();
        let child = Command::new(program)
            .args(["server", "-dev", "-dev-no-store-token"])
            .arg(format!("-dev-root-token-id={ROOT}"))
            .arg(format!("-dev-listen-address=127.0.0.1:{port}"))
            .env_clear()
            .env("PATH", env::var_os("PATH").unwrap_or_default())
            .env("HOME", home)
            .stdout(Stdio::null())
            .stderr(log)
            .spawn()
            .unwrap();
        let url = format!("http://127.0.0.1:{port}");
        let mut bao = Self { url, child };
        let end = Instant::now() + Duration::from_secs(90);
        while bao.child.try_wait().unwrap().is_none() {
            if bao.ask("GET", "sys/internal/ui/mounts/secret/x", &Value::Null).0 == 200 {
                return Some(bao);
            }
            let log = || fs::read_to_string(home.join("bao.log")).unwrap_or_default();
            assert!(Instant::now() < end, "OpenBao does not start: {}", log());
            sleep(Duration::from_millis(100));
        }
        None
    }

    /// Asks as the operator. The status is 0 without an answer.
    fn ask(&self, method: &str, path: &str, body: &Value) -> (u16, Value) {
        let config = Agent::config_builder()
            .http_status_as_error(false)
            .proxy(None)
            .allow_non_standard_methods(true)
            .timeout_global(Some(Duration::from_secs(30)));
        let agent: Agent = config.build().into();
        let request = ureq::http::Request::builder()
            .method(method)
            .uri(format!("{}/v1/{path}", self.url))
            .header("x-vault-token", ROOT);
        let body = if body.is_null() {
            String::new()
        } else {
            body.to_string()
        };
        let Ok(mut answer) = agent.run(request.body(body).unwrap()) else {
            return (0, Value::Null);
        };
        let text = answer.body_mut().read_to_string().unwrap();
        (
            answer.status().as_u16(),
            serde_json::from_str(&text).unwrap_or_default(),
        )
    }

    fn write(&self, path: &str, body: &Value) {
        let answer = self.ask("POST", path, body);
        assert!(matches!(answer.0, 200 | 204), "{path}: {answer:?}");
    }

    /// Returns the number of tokens that are alive.
    fn tokens(&self) -> usize {
        let (_, answer) = self.ask("LIST", "auth/token/accessors", &Value::Null);
        answer["data"]["keys"].as_array().unwrap().len()
    }
}

/// Starts OpenBao and an exchange that asks it, and makes OpenBao trust the exchange as the guide says.
fn start() -> Option<(Bao, Server)> {
    // `prepare` makes the folder of the exchange, which is also a home for OpenBao.
    let address = format!("127.0.0.1:{}", free_port());
    let issuer = format!("http://{address}");
    let prepared = prepare("", "");
    let folder = prepared.0.path().to_owned();
    let bao = Bao::start(&folder)?;
    let settings = format!(
        "upstream = \"{}\"\nbound_audience = \"{AUDIENCE}\"\nreads = [\"secret\"]\n",
        bao.url
    );
    let path = folder.join("exchange.toml");
    let config = fs::read_to_string(&path).unwrap();
    let config = config
        .replacen(&format!("\"{ISSUER}\""), &format!("\"{issuer}\""), 1)
        .replacen(
            "address = \"127.0.0.1:0\"",
            &format!("address = \"{address}\""),
            1,
        );
    let doors = format!(
        "[fetch]\nallow_loopback_http = true\n[doors.vault]\n{settings}[doors.record]\nkind = \"vault\"\nexceed = \"record\"\n{settings}"
    );
    fs::write(&path, format!("{config}\n{doors}")).unwrap();
    fs::write(folder.join("policies/more.policy"), POLICIES).unwrap();
    let server = Server::of(prepared);
    bao.write("sys/auth/jwt", &json!({ "type": "jwt" }));
    let trust = json!({ "oidc_discovery_url": issuer, "bound_issuer": issuer });
    bao.write("auth/jwt/config", &trust);
    for (name, subject, life) in [
        ("shop", "role:read-secrets", 300),
        ("long", "role:read-long", 3600),
        ("other", "role:another", 300),
    ] {
        let role = json!({ "role_type": "jwt", "user_claim": "sub", "bound_audiences": [AUDIENCE],
            "bound_subject": subject, "token_policies": ["shop"], "token_ttl": life });
        bao.write(&format!("auth/jwt/role/{name}"), &role);
    }
    let rule = "path \"secret/data/apps/shop/*\" { capabilities = [\"read\"] }";
    bao.write("sys/policies/acl/shop", &json!({ "policy": rule }));
    bao.write(
        "secret/data/apps/shop/db",
        &json!({ "data": { "password": "pw" } }),
    );
    Some((bao, server))
}

#[test]
fn jobs_log_in_at_openbao_with_role_tokens() {
    let Some((bao, mut server)) = start() else { return };
    let job = server.job(json!({}));
    let login = |door: &str, role: &str| {
        let body = json!({ "role": role, "jwt": job }).to_string();
        server.send("PUT", &format!("{door}/v1/auth/jwt/login"), &[], &body)
    };
    let answer = login("", "shop");
    assert_eq!(answer.status, 200, "{answer:?}");
    let auth = &answer.json()["auth"];
    assert_eq!(auth["lease_duration"], 300);
    assert_eq!(auth["metadata"]["role"], "shop");
    let token = auth["client_token"].as_str().unwrap();
    let headers = [("x-vault-token", token), ("x-vault-request", "true")];
    let secret = server.get("/v1/secret/data/apps/shop/db", &headers);
    assert_eq!(
        secret.json()["data"]["data"],
        json!({ "password": "pw" }),
        "{secret:?}"
    );
    for (path, status) in [
        ("/v1/secret/data/apps/shop/none", 404),
        ("/v1/secret/data/apps/other", 403),
        ("/v1/sys/internal/ui/mounts/secret/apps/shop/db", 200),
        ("/v1/sys/mounts", 404),
    ] {
        assert_eq!(server.get(path, &headers).status, status, "{path}");
    }
    // It is prolonged up to the life of the role in the policies, and not beyond.
    let renew = || {
        server.send(
            "POST",
            "/v1/auth/token/renew-self",
            &headers,
            r#"{"increment":"24h"}"#,
        )
    };
    let renewed = renew();
    let lease = renewed.json()["auth"]["lease_duration"].as_u64().unwrap();
    assert!((500..=600).contains(&lease), "{renewed:?}");
    // OpenBao compares the subject: another role's token is not for it.
    let other = login("", "other");
    assert_eq!(other.status, 400, "{other:?}");
    assert!(other.text.contains("sub"), "{other:?}");
    // The job's own token is worth nothing there.
    let (status, _) = bao.ask("POST", "auth/jwt/login", &json!({ "role": "shop", "jwt": job }));
    assert_eq!(status, 400);
    // The client ends its token.
    let revoked = server.send("POST", "/v1/auth/token/revoke-self", &headers, "");
    assert_eq!(revoked.status, 204, "{revoked:?}");
    assert_eq!(server.get("/v1/secret/data/apps/shop/db", &headers).status, 403);
    assert_eq!(renew().status, 403);
    // A token that lives longer than the role may is revoked and not handed out, or recorded.
    let before = bao.tokens();
    let long = login("", "long");
    assert_eq!(
        (long.status, long.text.contains("lives longer")),
        (400, true),
        "{long:?}"
    );
    assert_eq!(bao.tokens(), before);
    assert_eq!(login("/record", "long").status, 200);
    assert_eq!(bao.tokens(), before + 1);
    server.stop();
    let lines = server.audit();
    let exceeded = lines.iter().find(|line| line["outcome"] == "exceeded").unwrap();
    assert_eq!(
        (&exceeded["life"], &exceeded["most"]),
        (&json!(3600), &json!(600))
    );
}

#[test]
fn inline_authentication_works_with_a_role_token() {
    let Some((bao, server)) = start() else { return };
    let parameter =
        |key: &str, value: &str| URL_SAFE_NO_PAD.encode(json!({ "key": key, "value": value }).to_string());
    let (jwt, role) = (
        parameter("jwt", &server.job(json!({}))),
        parameter("role", "shop"),
    );
    let headers = [
        ("x-vault-inline-auth-path", "auth/jwt/login"),
        ("x-vault-inline-auth-parameter-jwt", jwt.as_str()),
        ("x-vault-inline-auth-parameter-role", role.as_str()),
    ];
    let before = bao.tokens();
    let secret = server.get("/v1/secret/data/apps/shop/db", &headers);
    assert_eq!(secret.status, 200, "{secret:?}");
    assert_eq!(secret.json()["data"]["data"], json!({ "password": "pw" }));
    assert_eq!(server.get("/v1/secret/data/apps/other", &headers).status, 403);
    assert_eq!(bao.tokens(), before);
}

/// Runs the command of OpenBao as a job does, with the exchange as its address.
fn bao(server: &Server, token: &str, arguments: &[&str]) -> (bool, String) {
    let output = Command::new(program())
        .args(arguments)
        .env_clear()
        .env("PATH", env::var_os("PATH").unwrap_or_default())
        .env("HOME", server.folder.path())
        .env("BAO_ADDR", &server.url)
        .env("BAO_TOKEN", token)
        .env("BAO_MAX_RETRIES", "0")
        .env("BAO_CLIENT_TIMEOUT", "30s")
        .output()
        .unwrap();
    let text = if output.status.success() {
        output.stdout
    } else {
        output.stderr
    };
    (
        output.status.success(),
        String::from_utf8(text).unwrap().trim().to_owned(),
    )
}

#[test]
fn the_command_of_openbao_works_through_the_exchange() {
    let Some((_bao, server)) = start() else { return };
    let login = |job: &str| {
        let jwt = format!("jwt={job}");
        bao(
            &server,
            "",
            &["write", "-field=token", "auth/jwt/login", "role=shop", &jwt],
        )
    };
    let (is_good, token) = login(&server.job(json!({})));
    assert!(is_good && token.starts_with("s."), "{token}");
    for (arguments, is_good, text) in [
        (
            &["kv", "get", "-field=password", "secret/apps/shop/db"][..],
            true,
            "pw",
        ),
        (
            &["kv", "get", "-field=password", "-mount=secret", "apps/shop/db"][..],
            true,
            "pw",
        ),
        (
            &["kv", "put", "secret/apps/shop/db", "password=x"],
            false,
            "unsupported operation",
        ),
        (&["kv", "list", "secret/apps"], false, "unsupported operation"),
        (&["kv", "get", "secret/apps/other"], false, "permission denied"),
        (&["token", "lookup", "-field=path"], true, "auth/jwt/login"),
        (&["token", "renew"], true, "token_duration"),
        (&["token", "revoke", "-self"], true, ""),
        (&["kv", "get", "secret/apps/shop/db"], false, "permission denied"),
    ] {
        let (did, said) = bao(&server, &token, arguments);
        assert!(did == is_good && said.contains(text), "{arguments:?}: {said}");
    }
    let (is_good, said) = login(&server.job(json!({ "project_id": "1" })));
    assert!(
        !is_good && said.contains("the token does not get what is asked for"),
        "{said}"
    );
}

#[test]
fn hvac_works_through_the_exchange() {
    let Some((_bao, server)) = start() else { return };
    let file = server.path("job.jwt");
    fs::write(&file, server.job(json!({}))).unwrap();
    let arguments = [
        server.url.as_str(),
        file.to_str().unwrap(),
        "shop",
        "apps/shop/db",
    ];
    let Some(answers) = run(Runtime::Python, "hvac_client.py", &arguments, &[]) else {
        return;
    };
    let answer = &answers[0];
    let renewed = answer["renewed"].as_u64().unwrap();
    assert!((500..=600).contains(&renewed), "{answer}");
    let wanted = json!({
        "secret": { "password": "pw" },
        "authenticated": true,
        "ttl": answer["ttl"],
        "renewed": renewed,
        "missing": "InvalidPath",
        "forbidden": "Forbidden",
        "write": "UnexpectedError",
        "login": "InvalidRequest",
        "revoked": "Forbidden",
    });
    assert_eq!(*answer, wanted);
}
