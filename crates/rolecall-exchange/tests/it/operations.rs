//! Starting, stopping and reloading.

use std::fs;
use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::thread::sleep;
use std::time::{Duration, Instant};

use serde_json::json;

use crate::support::{POLICIES, Server, prepare, run, write_certificate};

const AUDIENCE: &str = "https://deploy.acme.example";

#[test]
fn it_is_ready_and_stops_when_asked() {
    let mut server = Server::start();
    assert_eq!(server.get_admin("/healthz").status, 200);
    let ready = server.get_admin("/readyz");
    assert_eq!((ready.status, &ready.json()["ready"]), (200, &json!(true)));
    // Not at the public address.
    assert_eq!(server.get("/readyz", &[]).status, 404);
    server.signal("TERM");
    assert!(server.wait());
}

#[test]
fn changed_policies_are_used_and_broken_ones_are_not() {
    let server = Server::start();
    let job = server.job(json!({ "project_id": "77" }));
    assert_eq!(server.exchange(&job, AUDIENCE).status, 400);
    fs::write(
        server.path("policies/test.policy"),
        POLICIES.replace("4242", "77"),
    )
    .unwrap();
    let end = Instant::now() + Duration::from_secs(20);
    while server.exchange(&job, AUDIENCE).status != 200 {
        assert!(Instant::now() < end, "the new policies are not used");
        sleep(Duration::from_millis(50));
    }
    fs::write(server.path("policies/test.policy"), "role {").unwrap();
    while server.get_admin("/readyz").json()["policies"]["stale"] != true {
        assert!(Instant::now() < end, "the broken policies are not seen");
        sleep(Duration::from_millis(50));
    }
    assert_eq!(server.exchange(&job, AUDIENCE).status, 200);
}

#[test]
fn configurations_that_are_wrong_say_where_and_how_to_fix_them() {
    for (from, to, message) in [
        ("issuer =", "isuer =", "line 1: unknown field `isuer`"),
        ("[signing]", "[signing]\nkey = 1", "did you mean `keys`?"),
        ("127.0.0.1:0\"\nadmin", "0.0.0.0:0\"\nadmin", "without TLS"),
        ("[doors.token]", "[doors.tokens]", "has no `kind`"),
        ("[doors.token]", "[doors.aws]", "needs `[sessions]`"),
        (
            "[doors.token]",
            "[sessions]\nkeys = \"none\"\n[doors.aws]",
            "keys new --sessions",
        ),
        (
            "https://sts.acme.example\"",
            "https://sts.acme.example/\"",
            "must not end with `/`",
        ),
        (
            "https://sts.acme.example\"",
            "https://gitlab.com\"",
            "is this exchange",
        ),
        ("\"keys\"", "\"none\"", "keys new"),
        ("ES256", "RS256", "no key in"),
        ("ES256", "HS256", "unknown variant `HS256`"),
        (
            "[listen]",
            "[listen]\ntrusted_proxies = [\"10/8\"]",
            "which is not a network",
        ),
        ("\"policies\"", "\"nowhere\"", "nowhere"),
    ] {
        let (folder, _) = prepare("[doors.token]\n", "");
        let path = folder.path().join("exchange.toml");
        let text = fs::read_to_string(&path).unwrap();
        assert!(text.contains(from), "{from}");
        fs::write(&path, text.replacen(from, to, 1)).unwrap();
        let output = run(folder.path(), &["serve"]);
        let error = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(2), "{to}: {error}");
        assert!(error.contains(message), "{to}: {error}");
    }
}

#[test]
fn a_request_is_bounded_in_size() {
    let server = Server::start();
    let long = "x".repeat(100_000);
    let answer = server.post_form("/token", &[("subject_token", &long)]);
    assert_eq!(answer.status, 413, "{answer:?}");
    let mut stream = TcpStream::connect(server.url.trim_start_matches("http://")).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(30))).unwrap();
    stream.write_all(b"GET / HTTP/1.1\r\nhost: x\r\n").unwrap();
    for n in 0..200 {
        // The server may end the connection before all is sent.
        let _ = stream.write_all(format!("x-{n}: y\r\n").as_bytes());
    }
    let _ = stream.write_all(b"\r\n");
    let mut text = String::new();
    let _ = stream.read_to_string(&mut text);
    assert!(text.starts_with("HTTP/1.1 431"), "{text}");
}

#[test]
fn metrics_name_doors_and_reasons_and_no_text_of_tokens() {
    let server = Server::start();
    assert_eq!(server.exchange(&server.job(json!({})), AUDIENCE).status, 200);
    assert_eq!(
        server
            .exchange(&server.job(json!({ "ref": "dev" })), AUDIENCE)
            .status,
        400
    );
    assert_eq!(server.exchange("x.y.z", AUDIENCE).status, 400);
    let text = server.get_admin("/metrics").text;
    for line in [
        "rolecall_exchange_grants_total{door=\"token\"} 1",
        "rolecall_exchange_refusals_total{door=\"token\",reason=\"no_role\"} 1",
        "rolecall_exchange_stale{what=\"policies\"} 0",
        "rolecall_exchange_signing_key_present 1",
        "rolecall_exchange_issuer_keys{issuer=\"gitlab\"} 1",
    ] {
        assert!(text.contains(line), "{line}: {text}");
    }
    assert!(
        !text.contains("deploy.acme.example") && !text.contains("acme/shop"),
        "{text}"
    );
    // Not at the public address.
    assert_eq!(server.get("/metrics", &[]).status, 404);
}

#[test]
fn new_keys_are_used_without_a_signal_and_broken_ones_are_not() {
    let server = Server::start();
    let keys = |server: &Server| server.get("/jwks", &[]).json()["keys"].as_array().unwrap().len();
    let wait = |what: &str, wanted: &dyn Fn() -> bool| {
        let end = Instant::now() + Duration::from_secs(20);
        while !wanted() {
            assert!(Instant::now() < end, "{what}");
            sleep(Duration::from_millis(100));
        }
    };
    assert_eq!(keys(&server), 1);
    assert!(run(server.folder.path(), &["keys", "new"]).status.success());
    wait("the new key is not published", &|| keys(&server) == 2);
    let stale = |server: &Server| server.get_admin("/readyz").json()["keys"]["stale"] == true;
    assert!(!stale(&server));
    let broken = server.path("keys/broken.json");
    fs::write(&broken, "{").unwrap();
    wait("the broken key is not reported", &|| stale(&server));
    let metrics = server.get_admin("/metrics").text;
    assert!(
        metrics.contains("rolecall_exchange_stale{what=\"keys\"} 1"),
        "{metrics}"
    );
    assert_eq!(server.exchange(&server.job(json!({})), AUDIENCE).status, 200);
    fs::remove_file(&broken).unwrap();
    wait("the keys stay stale", &|| !stale(&server));
}

#[test]
fn the_client_of_a_proxy_is_named_in_the_audit() {
    let forwarded = |proxies: &str| {
        let server = Server::with("[doors.request]\n", "");
        let path = server.path("exchange.toml");
        let text = fs::read_to_string(&path).unwrap();
        let text = text.replacen(
            "[listen]\n",
            &format!("[listen]\ntrusted_proxies = [{proxies}]\n"),
            1,
        );
        fs::write(&path, text).unwrap();
        let mut server = server;
        server.crash_and_restart();
        let bearer = format!("Bearer {}", server.job(json!({})));
        let headers = [
            ("authorization", bearer.as_str()),
            ("x-forwarded-for", "203.0.113.9, 198.51.100.7"),
        ];
        let answer = server.get(&format!("/id-token?audience={AUDIENCE}"), &headers);
        assert_eq!(answer.status, 200);
        server.audit()[0]["peer"].clone()
    };
    assert_eq!(forwarded("\"127.0.0.0/8\""), "198.51.100.7");
    assert_eq!(forwarded("\"192.0.2.1\""), "127.0.0.1");
}

#[test]
fn a_peer_has_a_bounded_number_of_connections() {
    let server = Server::start();
    let address = server.url.trim_start_matches("http://").to_owned();
    let mut open: Vec<TcpStream> = (0..300).map(|_| TcpStream::connect(&address).unwrap()).collect();
    let mut closed = 0;
    for stream in &mut open {
        stream.set_read_timeout(Some(Duration::from_millis(20))).unwrap();
        // A connection over the limit is closed; the others wait for a request.
        closed += usize::from(matches!(stream.read(&mut [0; 1]), Ok(0)));
    }
    assert_eq!(closed, 300 - 256);
    drop(open);
    let end = Instant::now() + Duration::from_secs(10);
    loop {
        let mut stream = TcpStream::connect(&address).unwrap();
        stream
            .write_all(b"GET /jwks HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n")
            .unwrap();
        let mut text = String::new();
        let _ = stream.read_to_string(&mut text);
        if text.starts_with("HTTP/1.1 200") {
            break;
        }
        assert!(Instant::now() < end, "{text}");
    }
}

#[test]
fn a_renewed_certificate_is_used_and_a_broken_one_is_not() {
    let server = Server::with_tls("[doors.token]\n", "", "edition 2026\n");
    assert!(server.fetched_keys().is_ok());
    let files = ["tls.crt", "tls.key", "ca.pem"].map(|name| (name, fs::read(server.path(name)).unwrap()));
    // A key that is not the one of the certificate.
    write_certificate(server.folder.path());
    fs::write(server.path("tls.crt"), &files[0].1).unwrap();
    fs::write(server.path("ca.pem"), &files[2].1).unwrap();
    server.wait_until("the broken one is not reported", |server| {
        server
            .get_admin("/metrics")
            .text
            .contains("rolecall_exchange_stale{what=\"certificate\"} 1")
    });
    assert!(server.fetched_keys().is_ok(), "the one before stays");
    write_certificate(server.folder.path());
    server.wait_until("the new one is not used", |server| server.fetched_keys().is_ok());
    let metrics = server.get_admin("/metrics").text;
    assert!(
        metrics.contains("rolecall_exchange_stale{what=\"certificate\"} 0"),
        "{metrics}"
    );
}
