//! Starting, stopping and reloading.

use std::fs;
use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::thread::sleep;
use std::time::{Duration, Instant};

use serde_json::json;

use crate::support::{POLICIES, Server, prepare, run};

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
    sleep(Duration::from_secs(2));
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
