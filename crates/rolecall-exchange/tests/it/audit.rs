//! The audit log.

use std::fs;
use std::io::Write as _;
use std::process::{Command, Output};
use std::thread;
use std::time::Duration;

use serde_json::json;

use crate::support::{Server, exchange, run};

const AUDIENCE: &str = "https://deploy.acme.example";

#[test]
fn each_request_has_a_line_with_the_identifier_of_its_answer() {
    let mut server = Server::start();
    let issued = server.exchange(&server.job(json!({})), AUDIENCE);
    let refused = server.exchange(&server.job(json!({ "project_id": "1" })), AUDIENCE);
    assert_eq!(server.exchange("x.y.z", AUDIENCE).status, 400);
    // The explanation of a denial is computed after the answer.
    server.stop();
    let lines = server.audit();
    assert_eq!(lines.len(), 3, "{lines:?}");
    for (line, answer) in lines.iter().zip([&issued, &refused]) {
        assert_eq!(line["request"], answer.header("x-request-id"), "{line}");
        assert_eq!(line["door"], "token");
        assert_eq!(line["peer"], "127.0.0.1");
        assert_eq!(line["wanted"], json!({ "grant": "audience", "value": AUDIENCE }));
    }
    assert_eq!(lines[0]["outcome"], "granted");
    assert_eq!(lines[0]["granted_role"], "deploy-production");
    assert_eq!(lines[0]["issuer"], "gitlab");
    assert_eq!(lines[1]["reason"], "no_role");
    assert_eq!(lines[2]["outcome"], "counted");
    assert!(
        lines[2].get("subject").is_none(),
        "nothing of a token that is not verified"
    );
    // A token has two dots between long texts.
    let text = fs::read_to_string(server.path("audit.jsonl")).unwrap();
    let token = issued.json()["access_token"].as_str().unwrap().to_owned();
    assert!(
        !text.contains(token.split('.').nth(2).unwrap()) && !text.contains("eyJhbGciOi"),
        "{text}"
    );
}

/// Verifies files of the log with the server's keys.
fn verify(server: &Server, files: &[String], more: &[&str]) -> Output {
    let mut arguments = vec!["audit", "verify", "--keys", "keys"];
    arguments.extend(more);
    arguments.extend(files.iter().map(String::as_str));
    run(server.folder.path(), &arguments)
}

fn granted(server: &Server) {
    assert_eq!(server.exchange(&server.job(json!({})), AUDIENCE).status, 200);
}

#[test]
fn the_chain_goes_on_after_a_crash_and_a_change_is_found() {
    let mut server = Server::start();
    for _ in 0..3 {
        granted(&server);
    }
    server.crash_and_restart();
    granted(&server);
    // The first line, those of both starts, and four requests, of which the last one has no checkpoint after it.
    let output = verify(&server, &server.logs(), &[]);
    assert!(output.status.success(), "{output:?}");
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(text.contains("lines 1 to 6, 2 checkpoints"), "{text}");
    assert!(text.contains("1 line after the last checkpoint"), "{text}");
    // An unfinished line, as a crash in the middle of a write leaves it.
    server.stop();
    let mut file = fs::File::options()
        .append(true)
        .open(server.path("audit.jsonl"))
        .unwrap();
    file.write_all(b"{\"line\":8,\"bef").unwrap();
    let output = verify(&server, &server.logs(), &[]);
    assert!(
        String::from_utf8_lossy(&output.stdout).contains("14 bytes of an unfinished line"),
        "{output:?}"
    );
    server.crash_and_restart();
    granted(&server);
    let lines = server.audit();
    assert_eq!(
        (&lines[4]["outcome"], &lines[4]["bytes"]),
        (&json!("cut"), &json!(14)),
        "{lines:?}"
    );
    assert!(verify(&server, &server.logs(), &[]).status.success());
    let text = fs::read_to_string(server.path("audit.jsonl")).unwrap();
    let changed = text.replacen("deploy-production", "deploy-something", 1);
    fs::write(server.path("copy.jsonl"), changed).unwrap();
    let output = verify(&server, &["copy.jsonl".to_owned()], &[]);
    assert_eq!(output.status.code(), Some(1), "{output:?}");
    let error = String::from_utf8_lossy(&output.stderr);
    assert!(error.contains("copy.jsonl`: line 3 does not follow"), "{error}");
}

#[test]
fn what_was_issued_before_a_crash_has_its_line() {
    let mut server = Server::with("[doors.token]\n", "rotate = { size = \"4KiB\" }\n");
    let mut issued = Vec::new();
    for _ in 0..4 {
        let (url, job) = (server.url.clone(), server.job(json!({})));
        let answers = thread::scope(|scope| {
            let asking = [(); 4].map(|()| {
                scope.spawn(|| -> Vec<_> {
                    // Until the server is gone.
                    let answers = std::iter::from_fn(|| exchange(&url, &job, AUDIENCE).ok());
                    answers.filter(|answer| answer.status == 200).collect()
                })
            });
            thread::sleep(Duration::from_millis(300));
            server.crash_and_restart();
            asking.map(|asking| asking.join().unwrap())
        });
        issued.extend(answers.into_iter().flatten());
    }
    assert!(issued.len() > 20, "{}", issued.len());
    let logs = server.logs();
    let text: String = logs
        .iter()
        .map(|name| fs::read_to_string(server.path(name)).unwrap())
        .collect();
    for answer in &issued {
        let request = format!("\"request\":\"{}\"", answer.header("x-request-id"));
        assert_eq!(text.matches(&request).count(), 1, "{request}");
    }
    let output = verify(&server, &logs, &[]);
    assert!(output.status.success(), "{output:?}");
}

#[test]
fn a_full_file_is_finished_and_the_next_one_goes_on() {
    let mut server = Server::with("[doors.token]\n", "rotate = { size = \"4KiB\" }\n");
    for n in 0..40 {
        granted(&server);
        if n == 20 {
            server.crash_and_restart();
        }
    }
    server.stop();
    let logs = server.logs();
    assert!(logs.len() > 3, "{logs:?}");
    // In any order.
    let mut reversed = logs.clone();
    reversed.reverse();
    let output = verify(&server, &reversed, &[]);
    assert!(output.status.success(), "{output:?}");
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(
        text.contains("ends where the next file begins") && text.contains("ends where the server stopped"),
        "{text}"
    );
    let summary = text.lines().last().unwrap();
    assert!(
        summary.contains("lines 1 to ") && summary.contains("all signatures verified"),
        "{text}"
    );
    let (_, anchor) = summary.rsplit_once(' ').unwrap();
    assert!(verify(&server, &logs, &["--anchor", anchor]).status.success());
    // The keys as the exchange publishes them.
    server.crash_and_restart();
    fs::write(server.path("jwks.json"), server.get("/jwks", &[]).text).unwrap();
    let arguments = |keys| {
        [
            &["audit", "verify", "--keys", keys],
            &*logs.iter().map(String::as_str).collect::<Vec<_>>(),
        ]
        .concat()
    };
    let output = run(server.folder.path(), &arguments("jwks.json"));
    assert!(output.status.success(), "{output:?}");
    // The last files alone say that they are not all.
    let output = verify(&server, &logs[1..], &[]);
    let text = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success() && !text.contains("lines 1 to"), "{text}");
    // Without one in the middle, with one twice, or without the last ones.
    let without: Vec<String> = [&logs[..1], &logs[2..]].concat();
    let twice: Vec<String> = [&logs[..1], &logs[..]].concat();
    for (files, more, message) in [
        (without, &[][..], "does not follow line"),
        (twice, &[], "does not follow line"),
        (
            logs[..2].to_vec(),
            &["--anchor", anchor],
            "which is noted elsewhere, is not in the log",
        ),
    ] {
        let output = verify(&server, &files, more);
        let error = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(1), "{error}");
        assert!(error.contains(message), "{error}");
    }
    // Keys of another exchange.
    let other = Server::start();
    let keys = other.path("keys");
    let output = run(server.folder.path(), &arguments(keys.to_str().unwrap()));
    let error = String::from_utf8_lossy(&output.stderr);
    assert!(error.contains("line 1 is signed by the key"), "{error}");
}

/// Checks that nothing is issued while the log cannot be written, and that it is again afterwards, without a restart and
/// with the same token.
fn is_refused_until_repaired(server: &Server, breaks: impl FnOnce(), repairs: impl FnOnce()) {
    granted(server);
    breaks();
    let job = server.job(json!({}));
    let answer = server.exchange(&job, AUDIENCE);
    assert_eq!(answer.status, 503, "{answer:?}");
    assert!(!answer.text.contains("access_token"), "{answer:?}");
    let ready = server.get_admin("/readyz");
    assert_eq!(
        (ready.status, &ready.json()["audit"]["writable"]),
        (503, &json!(false))
    );
    let metrics = server.get_admin("/metrics").text;
    assert!(metrics.contains("rolecall_exchange_audit_failing 1"), "{metrics}");
    repairs();
    server.wait_until("it is not ready again", |server| {
        server.get_admin("/readyz").status == 200
    });
    assert_eq!(server.exchange(&job, AUDIENCE).status, 200);
    assert_eq!(server.exchange(&job, AUDIENCE).status, 400, "it is used now");
    let output = verify(server, &server.logs(), &[]);
    assert!(output.status.success(), "{output:?}");
}

const ONCE: &str = "[replay]\ndoors = [\"token\"]\nstore = \"file\"\n";

#[test]
fn nothing_is_issued_while_something_else_has_the_name_of_the_log() {
    let server = Server::with("[doors.token]\n", ONCE);
    let (log, moved) = (server.path("audit.jsonl"), server.path("moved"));
    is_refused_until_repaired(
        &server,
        || {
            fs::rename(&log, &moved).unwrap();
            fs::create_dir(&log).unwrap();
        },
        || {
            fs::remove_dir(&log).unwrap();
            fs::rename(&moved, &log).unwrap();
        },
    );
    // A log that another program moves away goes on in a new file.
    fs::rename(&log, &moved).unwrap();
    granted(&server);
    let output = verify(&server, &["moved".to_owned(), "audit.jsonl".to_owned()], &[]);
    assert!(output.status.success(), "{output:?}");
}

#[test]
fn a_log_that_is_not_required_stops_nothing() {
    let server = Server::with("[doors.token]\n", "required = false\n");
    fs::rename(server.path("audit.jsonl"), server.path("moved")).unwrap();
    fs::create_dir(server.path("audit.jsonl")).unwrap();
    granted(&server);
    let ready = server.get_admin("/readyz");
    assert_eq!(
        (ready.status, &ready.json()["audit"]["writable"]),
        (200, &json!(false))
    );
}

#[test]
fn nothing_is_issued_while_the_disk_is_full() {
    if Command::new("prlimit").arg("--version").output().is_err() {
        eprintln!("skipped: the test of a full disk needs prlimit");
        return;
    }
    let server = Server::with("[doors.token]\n", ONCE.replace("file", "memory").as_str());
    let limit = |size: &str| {
        let id = server.id().to_string();
        let arguments = ["--pid", &id, &format!("--fsize={size}:unlimited")];
        assert!(
            Command::new("prlimit")
                .args(arguments)
                .status()
                .unwrap()
                .success()
        );
    };
    let length = fs::metadata(server.path("audit.jsonl")).unwrap().len();
    // In the middle of the second line from now.
    is_refused_until_repaired(
        &server,
        || limit(&(length + 600).to_string()),
        || limit("unlimited"),
    );
}

#[test]
fn two_servers_never_share_a_log() {
    let server = Server::start();
    let output = run(server.folder.path(), &["serve"]);
    assert_eq!(output.status.code(), Some(2));
    let error = String::from_utf8_lossy(&output.stderr);
    assert!(error.contains("in use by another server"), "{error}");
}
