//! The copy of the audit log in a database.

use std::fs;

use serde_json::json;

use crate::support::{Database, Server, prepare, run};

const AUDIENCE: &str = "https://deploy.acme.example";
/// The first lines belong to `[audit]`.
const COPIED: &str = "postgres = true\nrotate = { size = \"4KiB\" }\n[postgres]\nurl_file = \"pg.url\"\n";

fn server(url: &str) -> Server {
    let prepared = prepare("[doors.token]\n", COPIED);
    fs::write(prepared.0.path().join("pg.url"), url).unwrap();
    Server::of(prepared)
}

fn granted(server: &Server, times: usize) {
    for _ in 0..times {
        assert_eq!(server.exchange(&server.job(json!({})), AUDIENCE).status, 200);
    }
}

/// Waits until the database has all lines, and checks that it has each one once.
fn is_copied(server: &Server, database: &Database) {
    let log = || -> String {
        let files = server.logs().into_iter();
        files
            .map(|name| fs::read_to_string(server.path(&name)).unwrap())
            .collect()
    };
    // There is no table before the first copy.
    let copy = || {
        database
            .ask(
                &database.url(),
                "SELECT text FROM rolecall_exchange.audit ORDER BY line",
            )
            .unwrap_or_default()
    };
    server.wait_until("the log is not copied", |_| copy() == log());
    server.wait_until("the lag stays", |server| {
        let metrics = server.get_admin("/metrics").text;
        metrics.contains("rolecall_exchange_audit_copy_lag_lines 0")
    });
    fs::write(server.path("copy.jsonl"), copy()).unwrap();
    let output = run(
        server.folder.path(),
        &["audit", "verify", "--keys", "keys", "copy.jsonl"],
    );
    assert!(output.status.success(), "{output:?}");
}

#[test]
fn each_line_is_copied_once_however_late_it_is() {
    let Some(mut database) = Database::start() else {
        return;
    };
    database.stop();
    // Without a database, over several files.
    let mut server = server(&database.url());
    granted(&server, 40);
    assert!(server.logs().len() > 3);
    let metrics = server.get_admin("/metrics").text;
    let lag = metrics
        .lines()
        .find_map(|line| line.strip_prefix("rolecall_exchange_audit_copy_lag_lines "));
    assert!(lag.unwrap().parse::<u64>().unwrap() >= 40, "{metrics}");
    assert!(
        metrics.contains("rolecall_exchange_audit_copy_failures_total"),
        "{metrics}"
    );
    database.resume();
    is_copied(&server, &database);
    // While it goes away and comes back, and after a crash.
    granted(&server, 5);
    database.stop();
    granted(&server, 5);
    server.crash_and_restart();
    granted(&server, 5);
    database.resume();
    is_copied(&server, &database);
    let chains = database.query("SELECT count(DISTINCT chain) FROM rolecall_exchange.audit");
    assert_eq!(chains, "1\n");
    // Times are those of the lines.
    let odd = "SELECT count(*) FROM rolecall_exchange.audit \
               WHERE extract(epoch FROM at)::bigint <> (text::json->>'time')::bigint";
    assert_eq!(database.query(odd), "0\n");
}

#[test]
fn a_log_that_was_changed_or_cut_is_not_copied_on() {
    let Some(database) = Database::start() else { return };
    for (fault, message) in [
        ("changed", "is another one in the copy: the log was changed"),
        ("cut", "lines were cut off"),
    ] {
        let mut server = server(&database.url());
        granted(&server, 2);
        is_copied(&server, &database);
        let count = database.query("SELECT count(*) FROM rolecall_exchange.audit");
        server.stop();
        let log = fs::read_to_string(server.path("audit.jsonl")).unwrap();
        let mut lines: Vec<String> = log.lines().map(str::to_owned).collect();
        // The checkpoint of the end is not copied yet; the last line in the copy is the one before it.
        lines.pop();
        if fault == "changed" {
            let last = lines.pop().unwrap();
            lines.push(last.replace("deploy-production", "deploy-something"));
        } else {
            lines.truncate(1);
        }
        fs::write(server.path("audit.jsonl"), lines.join("\n") + "\n").unwrap();
        server.crash_and_restart();
        server.wait_until("the fault is not reported", |server| {
            fs::read_to_string(server.path("log")).unwrap().contains(message)
        });
        granted(&server, 1);
        assert_eq!(
            database.query("SELECT count(*) FROM rolecall_exchange.audit"),
            count
        );
        database.query("DELETE FROM rolecall_exchange.audit");
    }
}
