//! Policies: tested before they are used, and remembered.

use std::fs;
use std::thread::sleep;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::support::{POLICIES, Server, prepare, run};

const AUDIENCE: &str = "https://deploy.acme.example";

/// A test that fails as soon as project 77 gets the role.
const TEST: &str = r#"
test "only 4242 deploys" {
  token gitlab { project_id = "77", ref = "main", ref_type = "branch", ref_protected = "true" }
  expect deny deploy-production
}
"#;

fn write(server: &Server, policies: &str) {
    fs::write(server.path("policies/test.policy"), policies).unwrap();
}

fn policies(server: &Server) -> Value {
    server.get_admin("/readyz").json()["policies"].clone()
}

/// Waits until the state of the policies is as wanted.
fn wait(server: &Server, what: &str, wanted: impl Fn(&Value) -> bool) -> Value {
    let end = Instant::now() + Duration::from_secs(30);
    loop {
        let state = policies(server);
        if wanted(&state) {
            return state;
        }
        let log = || fs::read_to_string(server.path("log")).unwrap();
        assert!(Instant::now() < end, "not {what}: {state} {}", log());
        sleep(Duration::from_millis(100));
    }
}

#[test]
fn a_set_whose_tests_fail_is_refused_also_after_a_restart() {
    let mut server = Server::start();
    let first = policies(&server);
    assert_eq!(
        (&first["stale"], &first["remembered"]),
        (&json!(false), &json!(true))
    );
    let stranger = server.job(json!({ "project_id": "77" }));
    write(&server, &(POLICIES.replace("4242", "77") + TEST));
    let stale = wait(&server, "refused", |state| state["stale"] == true);
    assert_eq!(stale["digest"], first["digest"]);
    assert_eq!(server.exchange(&stranger, AUDIENCE).status, 400);
    assert_eq!(server.exchange(&server.job(json!({})), AUDIENCE).status, 200);
    let log = fs::read_to_string(server.path("log")).unwrap();
    assert!(log.contains("the test `only 4242 deploys` fails"), "{log}");

    server.crash_and_restart();
    let restarted = policies(&server);
    assert_eq!(
        (&restarted["stale"], &restarted["digest"]),
        (&json!(true), &first["digest"])
    );
    assert_eq!(server.exchange(&stranger, AUDIENCE).status, 400);
    assert_eq!(server.exchange(&server.job(json!({})), AUDIENCE).status, 200);

    write(&server, &(POLICIES.to_owned() + TEST));
    let repaired = wait(&server, "used", |state| state["stale"] == false);
    assert_ne!(repaired["digest"], first["digest"]);
}

#[test]
fn a_set_with_an_assertion_that_is_refuted_or_for_another_exchange_is_refused() {
    let asserted = POLICIES.to_owned() + "assert \"one project\" { * implies project_id == \"1\" }\n";
    let own = POLICIES.replace(
        "url      \"https://gitlab.com\"",
        "url \"https://sts.acme.example\"",
    );
    let audience = POLICIES.replace("\"https://read.acme.example\"", "\"https://vault.acme.example\"");
    for (policies, message) in [
        (asserted, "the assertion `one project` is refuted by {"),
        (own, "is this exchange"),
        (audience, "an audience of job tokens"),
        (POLICIES.replace("no-grant", "No-grant"), "is not in lower case"),
    ] {
        let server = Server::start();
        write(&server, &policies);
        wait(&server, message, |state| state["stale"] == true);
        let log = fs::read_to_string(server.path("log")).unwrap();
        assert!(log.contains(message), "{message}: {log}");
        assert_eq!(server.exchange(&server.job(json!({})), AUDIENCE).status, 200);
        drop(server);
        // Without a good set before, it does not start.
        let (folder, _) = prepare("[doors.token]\n", "");
        fs::write(folder.path().join("policies/test.policy"), &policies).unwrap();
        let output = run(folder.path(), &["serve"]);
        let error = String::from_utf8_lossy(&output.stderr);
        assert!(
            output.status.code() == Some(2) && error.contains(message),
            "{error}"
        );
    }
}

#[test]
fn the_claims_of_tests_come_from_files() {
    let server = Server::start();
    let first = policies(&server)["digest"].clone();
    let test = TEST.replace("{ project_id", "from \"claims/job.json\" { ref");
    let test = test.replace(" = \"77\", ref", "");
    write(&server, &(POLICIES.to_owned() + &test));
    wait(&server, "refused", |state| state["stale"] == true);
    let log = fs::read_to_string(server.path("log")).unwrap();
    assert!(
        log.contains("`claims/job.json` cannot be used: it does not exist"),
        "{log}"
    );

    fs::create_dir(server.path("policies/claims")).unwrap();
    fs::write(server.path("policies/claims/job.json"), r#"{"project_id": "77"}"#).unwrap();
    let used = wait(&server, "used", |state| state["stale"] == false);
    assert_ne!(used["digest"], first);
}

#[test]
fn a_set_that_gives_access_needs_an_approval() {
    let server = Server::configured("reload = \"no-new-access\"\napproved = \"approved\"\n");
    let stranger = server.job(json!({ "project_id": "77" }));
    // Less is fine.
    write(
        &server,
        &POLICIES.replacen(
            "allow from gitlab when",
            "allow from gitlab when namespace_path == \"acme\" &&",
            1,
        ),
    );
    let first = policies(&server)["digest"].clone();
    let less = wait(&server, "used", |state| state["digest"] != first);
    write(&server, &POLICIES.replace("4242", "77"));
    wait(&server, "refused", |state| state["stale"] == true);
    assert_eq!(server.exchange(&stranger, AUDIENCE).status, 400);
    let log = fs::read_to_string(server.path("log")).unwrap();
    assert!(
        log.contains("is given to a token that did not get it before: {"),
        "{log}"
    );
    let digest = log
        .split("add the line `")
        .nth(1)
        .unwrap()
        .split('`')
        .next()
        .unwrap();
    fs::write(server.path("approved"), format!("{digest}\n")).unwrap();
    wait(&server, "approved", |state| {
        state["stale"] == false && state["digest"] != less["digest"]
    });
    assert_eq!(server.exchange(&stranger, AUDIENCE).status, 200);
}
