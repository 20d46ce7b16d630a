//! `policy-check check`

use crate::policies::{CLEAN, Folder, TINY};
use insta::assert_snapshot;
use serde_json::json;

/// A policy set with one error of each kind: names, types, and a place that is noted.
const WRONG: &str = r#"edition 2026

issuer ci {
  url "https://ci.example"
  profile gitlab-ci
  audience "sts"
}

role deploy {
  allow from ci when projct_path == "acme/shop" && runner_id like "1*"
}

role deploy {
  allow from ic
}
"#;

#[test]
fn statistics_say_how_roles_are_looked_up() {
    let policy = r#"edition 2026
issuer ci { url "https://ci.example" profile gitlab-ci audience "sts" }
role deploy-{env} for env in ["staging", "production"] {
  allow from ci when project == "acme/shop" && environment == env
}
role plan { allow from ci when sub like "project_path:acme/*:ref_type:branch:ref:*" }
role read { allow from ci when pipeline_source != "merge_request_event" }
"#;
    let folder = Folder::with(&[("acme.policy", policy)]);
    let run = folder
        .run(&["check", "--stats", "--ignore", "identity,pipeline,hygiene"])
        .exits(0);
    // How long it took and how many bytes it takes is not the same everywhere.
    let settings = [
        (r"in [0-9.]+ ms", "in … ms"),
        (r"takes \d+ bytes", "takes … bytes"),
    ];
    insta::with_settings!({filters => settings}, {
        assert_snapshot!(run.out, @"
        .: 1 file, 4 roles, no findings
          compiled in … ms; the index has 2 keys, 4 flags, 2 conditions and takes … bytes
                 2 by project_path (value)
                 1 by sub (start)
                 1 not indexed, tried for every token: read
        1 file, 1 policy set, 4 roles: no findings
        ");
    });
    let run = folder
        .run(&["check", "--stats", "--format", "json", "--fail-level", "high"])
        .exits(0);
    let stats = &run.json()["sets"][0]["stats"];
    assert_eq!(stats["unanchored"], json!({"groups": 1, "roles": ["read"]}));
    assert_eq!(
        stats["anchors"][0],
        json!({"claim": "project_path", "part": "value", "roles": 2})
    );
    assert!(
        folder
            .run(&["check", "--format", "json", "--fail-level", "high"])
            .exits(0)
            .json()["sets"][0]["stats"]
            .is_null()
    );
}

#[test]
fn errors_as_json() {
    let folder = Folder::with(&[("a.policy", WRONG)]);
    let run = folder.run(&["check", "--format", "json", "."]).exits(1);
    let json = run.json();
    assert_eq!(json["schema_version"], 1);
    let set = &json["sets"][0];
    assert_eq!((&set["name"], &set["files"]), (&json!("."), &json!(["a.policy"])));
    assert_eq!((&set["roles"], &set["known"]), (&json!(null), &json!(0)));
    let errors = set["findings"].as_array().unwrap();
    assert_eq!(errors.len(), 3);
    let find = |text: &str| {
        let mut found = errors
            .iter()
            .filter(|error| error["message"].as_str().unwrap().contains(text));
        found
            .next()
            .unwrap_or_else(|| panic!("no error with {text}: {errors:#?}"))
    };
    let unknown = find("projct_path");
    assert_eq!(unknown["help"], "did you mean `project_path`?");
    assert_eq!(unknown["label"], json!(null));
    let place = ["line", "column", "end_line", "end_column"].map(|name| unknown[name].as_u64().unwrap());
    assert_eq!(
        (unknown["file"].as_str().unwrap(), place),
        ("a.policy", [10, 22, 10, 33])
    );
    let double = find("two roles");
    assert_eq!(double["notes"][0]["file"], "a.policy");
    assert_eq!(double["notes"][0]["line"], 9);

    folder.write("a.policy", CLEAN);
    let run = folder.run(&["check", "--format", "json"]).exits(0);
    assert_eq!(
        run.json(),
        json!({
            "schema_version": 1,
            "sets": [{
                "name": ".", "files": ["a.policy"], "roles": 2, "findings": [], "suppressed": [], "known": 0,
                "configuration": null, "lowered_rules": 0, "baseline": null, "weakenings": [],
            }],
        })
    );
}

#[test]
fn standard_input() {
    let folder = Folder::new();
    assert_snapshot!(folder.run_with(&["check", "-"], CLEAN.as_bytes()).exits(0).out, @"1 file, 1 policy set, 2 roles: no findings");
    let arguments = ["check", "--stdin-filename", "new.policy", "-"];
    assert_snapshot!(folder.run_with(&arguments, b"role").exits(1).out, @"
    error[syntax]: expected a name, but the file ends
     --> new.policy:1:5
      |
    1 | role
      |     ^

    1 file, 1 policy set: 1 error
    ");
    // Together with files it is one set.
    folder.write("small.policy", TINY);
    let run = folder.run_with(
        &["check", "small.policy", "-"],
        b"role more { allow from ci when sub == \"more\" }",
    );
    assert_snapshot!(run.exits(0).out, @r#"
    low[role-without-test]: no test covers `more`
     --> <stdin>:1:1
      |
    1 | role more { allow from ci when sub == "more" }
      | ^^^^^^^^^^
      |
      = help: `policy-check witness more --near-miss` prints tests to paste

    2 files, 1 policy set, 2 roles: 1 low
    "#);
}

#[test]
fn files_that_are_no_policies() {
    let folder = Folder::with(&[("small.policy", TINY)]);
    folder.write("latin.policy", b"role caf\xe9 { }\n");
    assert_snapshot!(folder.run(&["check", "latin.policy"]).exits(1).out, @"
    error[syntax]: the file is not UTF-8
     --> latin.policy:1:9
      |
    1 | role caf� { }
      |         ^
      |
      = help: save the file as UTF-8

    1 file, 1 policy set: 1 error
    ");
    // The errors of syntax of the other files are shown with it.
    folder.write("broken.policy", "role");
    assert_snapshot!(folder.run(&["check"]).exits(1).out, @"
    error[syntax]: expected a name, but the file ends
     --> broken.policy:1:5
      |
    1 | role
      |     ^

    error[syntax]: the file is not UTF-8
     --> latin.policy:1:9
      |
    1 | role caf� { }
      |         ^
      |
      = help: save the file as UTF-8

    3 files, 1 policy set: 2 errors
    ");

    folder.write("huge.policy", " ".repeat(2 * 1024 * 1024));
    assert_snapshot!(folder.run(&["check", "huge.policy"]).exits(1).out, @"
    error[syntax]: the file has 2097152 bytes, more than the 1048576 that are allowed
    --> huge.policy
     = help: split it: all files of a folder are one policy set

    1 file, 1 policy set: 1 error
    ");
    let stdin = " ".repeat(2 * 1024 * 1024);
    let run = folder.run_with(&["check", "-"], stdin.as_bytes()).exits(1);
    assert!(
        run.out.contains("more than the 1048576 that are allowed"),
        "{}",
        run.out
    );
}

#[test]
fn files_that_cannot_be_read() {
    let folder = Folder::with(&[("ok/small.policy", TINY), ("empty/readme.md", "")]);
    let run = folder.run(&["check", "nowhere.policy", "ok"]).exits(2);
    // What can be checked is checked.
    assert_snapshot!(run.out, @"1 file, 1 policy set, 1 role: no findings");
    assert_snapshot!(run.err, @"error: cannot read `nowhere.policy`: it does not exist");
    let run = folder.run(&["check", "empty"]).exits(2);
    assert_eq!(run.out, "");
    assert_snapshot!(run.err, @"
    error: there are no `.policy` files in `empty`
      help: name a folder with `*.policy` files
    ");
    let run = folder
        .run(&["check", "empty", "nowhere", "--format", "json"])
        .exits(2);
    assert_eq!(run.json()["sets"], json!([]));
    assert_eq!(run.err.matches("error:").count(), 2, "{}", run.err);
}

#[cfg(unix)]
#[test]
fn a_pipe_in_a_folder_is_not_waited_for() {
    let folder = Folder::with(&[("small.policy", TINY)]);
    let made = std::process::Command::new("mkfifo")
        .arg(folder.path("pipe.policy"))
        .status();
    if !made.is_ok_and(|status| status.success()) {
        return;
    }
    let run = folder.run(&["check"]).exits(2);
    assert_eq!(run.out, "");
    assert_snapshot!(run.err, @"
    error: `.` is not a policy set: `pipe.policy` is not a regular file
      help: remove the entry, or give it another name
    ");
    folder.run(&["fmt", "--check"]).exits(2);
    // Outside of a checkout a pipe or a device may be named; it is read with a bound.
    let run = folder.run(&["check", "/dev/zero"]).exits(1);
    assert!(
        run.out.contains("more than the 1048576 that are allowed"),
        "{run:?}"
    );
}

#[test]
fn what_a_terminal_would_obey_is_not_printed() {
    let folder = Folder::new();
    folder.write(
        "a\u{1b}[2J.policy",
        "role x { allow from \"\u{1b}[31m\u{202e}\u{9b}31m\" }",
    );
    for arguments in [
        &["check"][..],
        &["check", "--color", "always"],
        &["check", "--format", "json"],
    ] {
        let run = folder.run(arguments).exits(1);
        for forbidden in ["\u{1b}[2J", "\u{1b}[31m", "\u{202e}", "\u{9b}"] {
            assert!(!run.out.contains(forbidden), "{arguments:?}: {:?}", run.out);
        }
    }
}

#[test]
fn an_error_far_out_on_a_long_line() {
    let folder = Folder::new();
    let line = format!("role x {{ allow from ci when {} oops }}", "a ".repeat(100_000));
    folder.write("long.policy", line);
    let run = folder.run(&["check"]).exits(1);
    assert!(run.out.len() < 20_000, "{} bytes", run.out.len());
}
