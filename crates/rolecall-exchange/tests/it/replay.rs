//! The memory of used tokens and ended sessions: over restarts, and over instances that share a database.

use std::fs;
use std::path::Path;
use std::thread;

use rcgen::{BasicConstraints, CertificateParams, IsCa, Issuer, KeyPair};
use serde_json::json;

use crate::support::{Answer, Database, PASSWORD, Server, prepare, run};

const AUDIENCE: &str = "https://deploy.acme.example";
const DOORS: &str = "[doors.token]\n[doors.request]\n[doors.vault]\n";
const VAULT: &str = "[sessions]\nkeys = \"session-keys\"\n[secrets]\nfolder = \"secrets\"\n";
const SHARED: &str =
    "[replay]\ndoors = [\"token\"]\nstore = \"postgres\"\n[postgres]\nurl_file = \"pg.url\"\n";

/// Starts a server whose memory is in a database.
fn sharing(url: &str) -> Server {
    let prepared = prepare(DOORS, &format!("{VAULT}{SHARED}"));
    let path = |name: &str| prepared.0.path().join(name);
    fs::write(path("pg.url"), format!("{url}\n")).unwrap();
    fs::create_dir(path("secrets")).unwrap();
    let policy = "edition 2026\nrole vault-deploy {\n  allow from gitlab when project_id == \"4242\"\n  \
                  grant vault_role = \"auth/jwt:deploy\"\n  grant secrets = \"apps/*\"\n}\n";
    fs::write(path("policies/vault.policy"), policy).unwrap();
    Server::of(prepared)
}

fn vault(server: &Server, method: &str, request: &str, token: &str) -> Answer {
    server.send(
        method,
        &format!("/v1/auth/token/{request}"),
        &[("x-vault-token", token)],
        "",
    )
}

fn session(server: &Server) -> String {
    let body = json!({ "role": "deploy", "jwt": server.job(json!({})) });
    let answer = server.send("POST", "/v1/auth/jwt/login", &[], &body.to_string());
    assert_eq!(answer.status, 200, "{answer:?}");
    answer.json()["auth"]["client_token"].as_str().unwrap().to_owned()
}

#[test]
fn a_file_remembers_used_tokens_after_a_crash() {
    let mut server = Server::with(
        "[doors.token]\n",
        "[replay]\ndoors = [\"token\"]\nstore = \"file\"\n",
    );
    let job = server.job(json!({}));
    assert_eq!(server.exchange(&job, AUDIENCE).status, 200);
    server.crash_and_restart();
    assert_eq!(server.exchange(&job, AUDIENCE).status, 400);
    assert_eq!(
        server.exchange(&job, "sts.amazonaws.com").status,
        200,
        "another role"
    );
    assert_eq!(server.get_admin("/readyz").json()["replay"]["store"], "file");
}

#[test]
fn one_of_two_simultaneous_uses_at_two_instances_wins() {
    let Some(database) = Database::start() else { return };
    let one = sharing(&database.url());
    let other = one.beside();
    for _ in 0..20 {
        let job = one.job(json!({}));
        let mut statuses = thread::scope(|scope| {
            let uses = [&one, &other, &one, &other].map(|server| {
                let job = &job;
                scope.spawn(move || server.exchange(job, AUDIENCE).status)
            });
            uses.map(|used| used.join().unwrap())
        });
        statuses.sort_unstable();
        assert_eq!(statuses, [200, 400, 400, 400]);
    }
    assert_eq!(
        database.query("SELECT count(*) FROM rolecall_exchange.used"),
        "20\n"
    );
    assert_eq!(
        database.query("SELECT version FROM rolecall_exchange.version"),
        "1\n"
    );
    // A session that was ended at one instance is ended at the other one.
    let token = session(&one);
    assert_eq!(vault(&other, "GET", "lookup-self", &token).status, 200);
    assert_eq!(vault(&one, "POST", "revoke-self", &token).status, 204);
    assert_eq!(vault(&other, "GET", "lookup-self", &token).status, 403);
}

#[test]
fn a_database_that_is_away_is_a_refusal_and_its_return_is_noticed() {
    let Some(mut database) = Database::start() else {
        return;
    };
    let mut server = sharing(&database.url());
    let (used, token) = (server.job(json!({})), session(&server));
    assert_eq!(server.exchange(&used, AUDIENCE).status, 200);
    database.stop();
    for _ in 0..2 {
        let job = server.job(json!({}));
        let answer = server.exchange(&job, AUDIENCE);
        assert_eq!(answer.status, 503, "{answer:?}");
        assert!(answer.json()["error"].is_string(), "{answer:?}");
        // In the form of each protocol: a session may have been ended.
        let answer = vault(&server, "GET", "lookup-self", &token);
        assert_eq!(answer.status, 503, "{answer:?}");
        assert!(answer.json()["errors"].is_array(), "{answer:?}");
        assert_eq!(vault(&server, "POST", "revoke-self", &token).status, 503);
        // Other doors do not need it.
        let bearer = format!("Bearer {job}");
        let answer = server.get(
            &format!("/id-token?audience={AUDIENCE}"),
            &[("authorization", &bearer)],
        );
        assert_eq!(answer.status, 200, "{answer:?}");
        let ready = server.get_admin("/readyz");
        assert_eq!(
            (ready.status, &ready.json()["replay"]["failing"]),
            (200, &json!(true))
        );
        // It also starts without it.
        server.crash_and_restart();
    }
    database.resume();
    server.wait_until("the database is not used again", |server| {
        server.exchange(&server.job(json!({})), AUDIENCE).status == 200
    });
    assert_eq!(server.exchange(&used, AUDIENCE).status, 400, "it was used before");
    assert_eq!(vault(&server, "GET", "lookup-self", &token).status, 200);
    let metrics = server.get_admin("/metrics").text;
    assert!(
        !metrics.contains("rolecall_exchange_store_failures_total{store=\"memory\"}"),
        "{metrics}"
    );
    let log = fs::read_to_string(server.path("log")).unwrap();
    assert!(
        log.contains("\"store\":\"postgres\"") && !log.contains(PASSWORD),
        "{log}"
    );
    // Connections that the server of the database ended are replaced without a refusal.
    database.query(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'rolecall-exchange'",
    );
    assert_eq!(server.exchange(&server.job(json!({})), AUDIENCE).status, 200);
}

#[test]
fn check_reports_a_database_that_cannot_be_used_and_no_password() {
    let Some(mut database) = Database::start() else {
        return;
    };
    let check = |url: &str| {
        let (folder, _) = prepare("[doors.token]\n", SHARED);
        fs::write(folder.path().join("pg.url"), url).unwrap();
        let output = run(folder.path(), &["check"]);
        let text = format!(
            "{}{}",
            String::from_utf8_lossy(&output.stdout),
            String::from_utf8_lossy(&output.stderr)
        );
        assert!(!text.contains("pa55"), "{text}");
        text
    };
    let url = database.url();
    let fault = "cannot be used: ";
    assert!(!check(&url).contains(fault));
    let wrong = check(&url.replace(PASSWORD, "pa55"));
    assert!(
        wrong.contains(fault) && wrong.contains("password authentication failed"),
        "{wrong}"
    );
    for (url, message) in [
        (
            url.replace("127.0.0.1", "db.acme.example") + "?sslmode=disable",
            "is only for this machine",
        ),
        (
            url.replace("postgres:", "mysql:"),
            "does not begin with `postgres://`",
        ),
    ] {
        let text = check(&url);
        assert!(text.contains(message), "{text}");
    }
    database.query("UPDATE rolecall_exchange.version SET version = 99");
    let text = check(&url);
    assert!(text.contains("have the version 99"), "{text}");
    database.stop();
    let text = check(&url);
    assert!(
        text.contains(fault) && text.contains("Several instances"),
        "{text}"
    );
}

#[test]
fn the_certificate_of_the_database_is_verified() {
    let authority = || {
        let key = KeyPair::generate().unwrap();
        let mut params = CertificateParams::default();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        (params.self_signed(&key).unwrap().pem(), Issuer::new(params, key))
    };
    let ((root, issuer), (other, _)) = (authority(), authority());
    let database = Database::with(|folder| {
        let key = KeyPair::generate().unwrap();
        let params = CertificateParams::new(["localhost".to_owned()]).unwrap();
        let certificate = params.signed_by(&key, &issuer).unwrap();
        fs::write(folder.join("server.crt"), certificate.pem()).unwrap();
        fs::write(folder.join("server.key"), key.serialize_pem()).unwrap();
        let mode = std::os::unix::fs::PermissionsExt::from_mode(0o600);
        fs::set_permissions(folder.join("server.key"), mode).unwrap();
        let setting = |name: &str, file: &str| format!("{name}={}", folder.join(file).display());
        let files = [
            setting("ssl_cert_file", "server.crt"),
            setting("ssl_key_file", "server.key"),
        ];
        [&["ssl=on".to_owned()], &files[..]].concat()
    });
    let Some(database) = database else { return };
    let check = |host: &str, root: &str| {
        let (folder, _) = prepare("[doors.token]\n", SHARED);
        fs::write(folder.path().join("ca.pem"), root).unwrap();
        let port = database.port();
        let url = format!(
            "postgres://owner:{PASSWORD}@{host}:{port}/postgres?sslmode=verify-full&sslrootcert=ca.pem"
        );
        fs::write(folder.path().join("pg.url"), url).unwrap();
        let output = run(folder.path(), &["check"]);
        String::from_utf8(output.stdout).unwrap()
    };
    let good = check("localhost", &root);
    assert!(!good.contains("cannot be used"), "{good}");
    for bad in [check("localhost", &other), check("127.0.0.1", &root)] {
        assert!(
            bad.contains("cannot be used") && bad.contains("certificate"),
            "{bad}"
        );
    }
    assert!(check("localhost", "").contains("it has no certificate in PEM"));
}

/// Returns the blocks of SQL of the guide.
fn statements() -> Vec<String> {
    let guide = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/running.md");
    let guide = fs::read_to_string(guide).unwrap();
    let blocks = guide.split("```sql\n").skip(1);
    blocks
        .map(|block| block.split("```").next().unwrap().to_owned())
        .collect()
}

#[test]
fn the_rights_of_the_guide_are_enough_and_the_audit_cannot_be_changed_with_them() {
    let Some(database) = Database::start() else { return };
    let statements = statements();
    let url = database.url().replace("owner:", "rolecall:");
    database.query(&statements[0].replace("a long password", PASSWORD));
    let prepared = prepare("[doors.token]\n", &format!("postgres = true\n{SHARED}"));
    fs::write(prepared.0.path().join("pg.url"), &url).unwrap();
    let mut server = Server::of(prepared);
    let copied = || {
        database
            .query("SELECT count(*) FROM rolecall_exchange.audit")
            .trim()
            .parse::<u32>()
            .unwrap()
    };
    let granted = |server: &Server| {
        let job = server.job(json!({}));
        assert_eq!(server.exchange(&job, AUDIENCE).status, 200);
        assert_eq!(server.exchange(&job, AUDIENCE).status, 400);
    };
    granted(&server);
    server.wait_until("the log is not copied", |_| copied() >= 2);
    database.query(&statements[1]);
    server.crash_and_restart();
    let before = copied();
    granted(&server);
    server.wait_until("the log is not copied any more", |_| copied() > before);
    for forbidden in [
        "DELETE FROM rolecall_exchange.audit",
        "UPDATE rolecall_exchange.audit SET text = ''",
        "DROP TABLE rolecall_exchange.audit",
        "DROP SCHEMA rolecall_exchange CASCADE",
        "SELECT pg_read_file('PG_VERSION')",
    ] {
        let error = database.ask(&url, forbidden).unwrap_err();
        assert!(
            error.contains("permission denied") || error.contains("must be owner"),
            "{error}"
        );
    }
}
