//! The lock of role names.

use std::fs;
use std::path::Path;
use std::thread::sleep;
use std::time::{Duration, Instant};

use serde_json::json;

use crate::support::{Server, prepare, run};

const POLICY: &str = r#"
edition 2026
issuer gitlab {
  url      "https://gitlab.com"
  profile  gitlab-ci
  audience "https://sts.acme.example"
  jwks     "gitlab.json"
}
role deploy {
  allow from gitlab when project_id == "4242" && ref == "main" && ref_protected
  grant audience = "https://deploy.acme.example"
}
"#;

const OTHER: &str = r#"
role read {
  allow from gitlab when project_id == "4242"
  grant audience = "https://read.acme.example"
}
"#;

/// Runs `check` with more arguments, and returns its code and what it prints.
fn check(folder: &Path, more: &[&str]) -> (Option<i32>, String) {
    let output = run(folder, &[&["check"], more].concat());
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    (
        output.status.code(),
        text + &String::from_utf8_lossy(&output.stderr),
    )
}

#[test]
fn the_lock_follows_the_roles_and_keeps_comments() {
    let (folder, _) = prepare("[doors.token]\n", "");
    let folder = folder.path();
    let lock = folder.join("policies/names.lock");
    let policy = folder.join("policies/test.policy");
    fs::write(&policy, format!("{POLICY}{OTHER}")).unwrap();
    let (code, text) = check(folder, &[]);
    assert!(
        code == Some(1) && text.contains("names.lock` is missing"),
        "{text}"
    );
    let (code, text) = check(folder, &["--lock"]);
    assert!(text.contains("names.lock`: written"), "{code:?} {text}");
    assert!(fs::read_to_string(&lock).unwrap().ends_with("\ndeploy\nread\n"));

    // A removed role.
    let text = fs::read_to_string(&lock).unwrap();
    fs::write(
        &lock,
        text.replace("read\n", "read   # of the auditors\n\n# The end.\n"),
    )
    .unwrap();
    fs::write(&policy, POLICY).unwrap();
    let (code, text) = check(folder, &[]);
    assert!(
        code == Some(1) && text.contains("no role has the name `read`"),
        "{text}"
    );
    check(folder, &["--lock"]);
    let text = fs::read_to_string(&lock).unwrap();
    assert!(
        text.ends_with("\ndeploy\nread retired # of the auditors\n\n# The end.\n"),
        "{text}"
    );
    let (_, text) = check(folder, &["--lock"]);
    assert!(text.contains("names.lock`: as it was"), "{text}");

    // The name again.
    fs::write(&policy, format!("{POLICY}{OTHER}")).unwrap();
    for arguments in [&[][..], &["--lock"]] {
        let (code, text) = check(folder, arguments);
        assert!(
            code == Some(1) && text.contains("the role name `read` is retired"),
            "{text}"
        );
    }
    let text = fs::read_to_string(&lock).unwrap();
    fs::write(&lock, text.replace("retired", "reused")).unwrap();
    let (_, text) = check(folder, &[]);
    assert!(!text.contains("names.lock"), "{text}");
}

#[test]
fn a_lock_that_cannot_be_read_says_where() {
    let (folder, _) = prepare("[doors.token]\n", "");
    let folder = folder.path();
    for (text, fault) in [
        (
            "deploy free",
            "names.lock:1: `deploy` is followed by an unknown word",
        ),
        (
            "deploy reused twice",
            "names.lock:1: `deploy` is followed by an unknown word",
        ),
        (
            "# all\n\ndeploy\ndeploy retired",
            "names.lock:4: `deploy` is there twice",
        ),
    ] {
        fs::write(folder.join("policies/names.lock"), text).unwrap();
        let (code, found) = check(folder, &[]);
        assert!(code == Some(1) && found.contains(fault), "{text}: {found}");
        let (code, found) = check(folder, &["--lock"]);
        assert!(code == Some(2) && found.contains(fault), "{text}: {found}");
        assert_eq!(
            fs::read_to_string(folder.join("policies/names.lock")).unwrap(),
            text
        );
    }
}

#[test]
fn a_retired_name_is_not_issued_again() {
    let (folder, gitlab) = prepare("[doors.token]\n", "");
    fs::write(folder.path().join("policies/test.policy"), POLICY).unwrap();
    fs::write(
        folder.path().join("policies/names.lock"),
        "deploy\nread retired\n",
    )
    .unwrap();
    let mut server = Server::of((folder, gitlab));
    let is_issued =
        |server: &Server, audience: &str| server.exchange(&server.job(json!({})), audience).status == 200;
    assert!(is_issued(&server, "https://deploy.acme.example"));
    let obtains = |server: &Server| is_issued(server, "https://read.acme.example");
    fs::write(server.path("policies/more.policy"), OTHER).unwrap();
    let policies = |server: &Server| server.get_admin("/readyz").json()["policies"]["stale"] == true;
    let wait = |what: &str, is_done: &dyn Fn() -> bool| {
        let end = Instant::now() + Duration::from_secs(20);
        while !is_done() {
            assert!(Instant::now() < end, "{what}");
            sleep(Duration::from_millis(20));
        }
    };
    wait("the policies are not refused", &|| policies(&server));
    assert!(!obtains(&server));
    // The line is enough: the files of the policies stay.
    fs::write(server.path("policies/names.lock"), "deploy\nread reused\n").unwrap();
    wait("the policies are not used", &|| obtains(&server));
    // A name that is retired later does not stop a start with the policies that were in use.
    fs::write(server.path("policies/names.lock"), "deploy\nread retired\n").unwrap();
    server.crash_and_restart();
    wait("the policies in use are not used again", &|| {
        policies(&server) && obtains(&server)
    });
}
