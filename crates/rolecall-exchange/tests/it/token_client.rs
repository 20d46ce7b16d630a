//! The commands `token` and `demo`.

use std::io::{BufRead as _, BufReader, Write as _};
use std::net::{TcpListener, TcpStream};
use std::process::{Command, Output, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use serde_json::json;
use tempfile::TempDir;

use crate::support::{self, Server, command};

const AUDIENCE: &str = "https://deploy.acme.example";

/// Runs the client without a proxy, with a text on standard input.
fn client(server: &Server, arguments: &[&str], input: &str) -> Output {
    let mut command = command(server.folder.path(), &["token", "--url", &server.url]);
    without_proxies(&mut command);
    let mut child = command
        .args(arguments)
        .env("JOB_TOKEN", server.job(json!({})))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // It may end before it reads.
    let _ = child.stdin.take().unwrap().write_all(input.as_bytes());
    child.wait_with_output().unwrap()
}

fn without_proxies(command: &mut Command) {
    for name in ["http_proxy", "https_proxy", "all_proxy"] {
        command.env_remove(name).env_remove(name.to_uppercase());
    }
}

#[test]
fn the_client_prints_the_role_token_alone() {
    let server = Server::start();
    let job = server.job(json!({}));
    std::fs::write(server.path("job.jwt"), format!("{job}\n")).unwrap();
    for (arguments, input) in [
        (&["--audience", AUDIENCE][..], job.as_str()),
        (&["--audience", AUDIENCE, "--token-file", "job.jwt"], ""),
        (&["--audience", AUDIENCE, "--token-env", "JOB_TOKEN"], ""),
    ] {
        let output = client(&server, arguments, input);
        assert_eq!(output.status.code(), Some(0), "{arguments:?}: {output:?}");
        let token = String::from_utf8(output.stdout).unwrap();
        let ruling = server.verify(token.trim_end_matches('\n'), AUDIENCE);
        assert_eq!(ruling.token().subject(), "role:deploy-production");
    }
    let read = ["--audience", "https://read.acme.example"];
    assert_eq!(client(&server, &read, &job).status.code(), Some(1));
    let one = [&read[..], &["--role", "read-all"]].concat();
    assert_eq!(client(&server, &one, &job).status.code(), Some(0));
}

#[test]
fn the_client_tells_a_refusal_from_a_failure_and_never_shows_the_token() {
    let server = Server::start();
    let stranger = server.job(json!({ "project_id": "77" }));
    let refused = client(&server, &["--audience", AUDIENCE], &stranger);
    assert_eq!(refused.status.code(), Some(1), "{refused:?}");
    assert!(refused.stdout.is_empty());
    let missing = client(&server, &["--audience", AUDIENCE], "");
    assert_eq!(missing.status.code(), Some(2), "{missing:?}");
    let url = ["--audience", AUDIENCE, "--token-env", "JOB_TOKEN"];
    let mut plain = command(
        server.folder.path(),
        &["token", "--url", "http://sts.acme.example"],
    );
    let plain = plain.args(url).env("JOB_TOKEN", &stranger).output().unwrap();
    assert_eq!(plain.status.code(), Some(2), "{plain:?}");
    let mut nowhere = command(server.folder.path(), &["token", "--url", "http://127.0.0.1:1"]);
    without_proxies(&mut nowhere);
    let nowhere = nowhere.args(url).env("JOB_TOKEN", &stranger).output().unwrap();
    assert_eq!(nowhere.status.code(), Some(2), "{nowhere:?}");
    for output in [refused, missing, plain, nowhere] {
        let error = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(error.contains("error: ") && !error.contains("eyJ"), "{error}");
    }
}

#[test]
fn the_demo_does_what_it_prints() {
    let folder = TempDir::new().unwrap();
    let port = TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap()
        .port();
    let mut demo = command(folder.path(), &["demo", "--port", &port.to_string()])
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    // It stays open: the demo ends if it cannot write.
    let mut out = BufReader::new(demo.stdout.take().unwrap());
    let mut text = String::new();
    while !text.contains(" audit denials ") {
        assert!(out.read_line(&mut text).unwrap() > 0, "{text}");
    }
    let end = Instant::now() + Duration::from_secs(20);
    while TcpStream::connect(("127.0.0.1", port)).is_err() {
        assert!(Instant::now() < end, "the demo does not start: {text}");
        sleep(Duration::from_millis(20));
    }
    let lines: Vec<&str> = text.lines().filter_map(|line| line.strip_prefix("  ")).collect();
    let tools = support::clients::folder().join(".venv/bin");
    let run = |line: &str| {
        let path = format!("{}:{}", tools.display(), std::env::var("PATH").unwrap());
        let mut command = Command::new("sh");
        command
            .args(["-c", line])
            .current_dir(folder.path())
            .env("PATH", path)
            .env("HOME", folder.path());
        without_proxies(&mut command);
        let output = command.output().unwrap();
        let text = [output.stdout, output.stderr].map(|bytes| String::from_utf8(bytes).unwrap());
        text.concat()
    };
    let shown = |with: &str| lines.iter().find(|line| line.contains(with)).unwrap();
    let token = shown(" token --url");
    assert!(run(token).starts_with("eyJ"), "{}", run(token));
    let denied = run(&token.replace("main.jwt", "branch.jwt"));
    assert!(denied.contains("`ref` is `try-it`"), "{denied}");
    let denials = run(shown("audit denials"));
    assert!(denials.contains("nearest role `deploy`"), "{denials}");
    if run("command -v curl").is_empty() {
        support::clients::missing("no curl");
    } else {
        assert!(run(shown("main.jwt)\" \"")).contains("\"value\""));
        assert!(run(shown("branch.jwt)\"")).contains("`ref` is `try-it`"));
        assert!(run(shown("/jwks")).contains("\"keys\""));
    }
    if tools.join("aws").exists() && tools.join("bao").exists() {
        let identity = run(shown("aws sts"));
        assert!(identity.contains(":assumed-role/deploy/"), "{identity}");
        let vault = [*shown("export VAULT_ADDR"), *shown("vault kv get")].join("\n");
        let secret = run(&vault.replace("vault ", "bao ").replace("VAULT_", "BAO_"));
        assert!(secret.contains("of the demo"), "{secret}");
    } else {
        support::clients::missing("no aws and bao: run crates/rolecall-exchange/tests/clients/install first");
    }
    let status = Command::new("kill")
        .args(["-s", "TERM", &demo.id().to_string()])
        .status();
    assert!(status.unwrap().success());
    assert!(demo.wait().unwrap().success());
}
