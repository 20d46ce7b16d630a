//! Files of a checkout: what arguments and the configuration name stays inside of it, and is never waited for.

#![cfg(unix)]

use crate::policies::{Folder, SHOP, SMALL, TINY};
use crate::tokens::{NOW, Signer, claims};
use serde_json::json;
use std::fs::{self, Permissions};
use std::os::unix::fs::{MetadataExt, PermissionsExt, symlink};
use std::path::Path;
use std::process::Command;

/// A checkout in a folder, with a secret beside it and links to that.
fn checkout() -> (Folder, Folder) {
    let outside = Folder::with(&[("secret.txt", "a secret = 1\n")]);
    let work = outside.below("work");
    fs::create_dir(work.path(".git")).unwrap();
    work.write("policies/a.policy", SHOP);
    work.write("claims.json", "{}");
    work.write("jwks.json", Signer::new("key").jwks());
    symlink("../secret.txt", work.path("link")).unwrap();
    symlink("..", work.path("up")).unwrap();
    let made = Command::new("mkfifo").arg(work.path("pipe")).status();
    assert!(made.unwrap().success());
    (outside, work)
}

/// The arguments that name a file to read, with a word for it.
const READING: [&str; 7] = [
    "decide --policies policies --jwks jwks.json --token FILE",
    "decide --policies policies --jwks FILE --token claims.json",
    "explain --policies policies --claims FILE --issuer gitlab",
    "keys --jwks FILE",
    "check --config FILE policies",
    "check --baseline FILE policies",
    "keys --issuer https://gitlab.example --ca FILE",
];

#[test]
fn arguments_stay_in_the_checkout() {
    let (_outside, work) = checkout();
    for line in READING {
        for (file, words) in [
            (
                "link",
                "the link `link` leads out of the checkout, to `../secret.txt`",
            ),
            (
                "up/secret.txt",
                "the link `up` leads out of the checkout, to `..`",
            ),
            ("pipe", "it is not a regular file"),
            (".", "it is not a regular file"),
        ] {
            let line = line.replace("FILE", file);
            let run = work.run(&line.split(' ').collect::<Vec<_>>()).exits(2);
            assert!(run.err.contains(words), "{line}: {run:?}");
            assert!(!format!("{run:?}").contains("a secret"), "{line}: {run:?}");
        }
    }
    for path in ["link", "up", "pipe"] {
        for verb in ["check", "test", "fmt", "prove"] {
            work.run(&[verb, path]).exits(2);
        }
    }
}

#[test]
fn an_argument_may_name_a_pipe_elsewhere() {
    let (_outside, work) = checkout();
    let signer = Signer::new("key");
    work.write("jwks.json", signer.jwks());
    work.write("token.jwt", signer.token(&claims()));
    let command = env!("CARGO_BIN_EXE_policy-check");
    let script = format!(
        "'{command}' decide --policies policies --jwks <(cat jwks.json) --token <(cat token.jwt) --at {NOW} \
         --format json | cat >/dev/null && '{command}' check --format json=/dev/null --format sarif=>(cat) policies"
    );
    let output = Command::new("bash")
        .args(["-o", "pipefail", "-c", &script])
        .current_dir(work.path(""))
        .output();
    let output = output.unwrap();
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(
        String::from_utf8_lossy(&output.stdout).contains("sarif"),
        "{said}"
    );
    assert!(output.status.code() <= Some(1), "{output:?}");
}

#[test]
fn keys_that_policies_name_stay_in_the_checkout() {
    let (_outside, work) = checkout();
    let policy = SMALL.replace("profile generic", "profile generic jwks \"../link\"");
    work.write("policies/a.policy", policy);
    let run = work.run(&["keys", "--policies", "policies"]).exits(2);
    assert!(
        run.err.contains("the link `link` leads out of the checkout"),
        "{run:?}"
    );
}

#[test]
fn nothing_is_written_through_a_link() {
    let (outside, work) = checkout();
    work.write("known.json", "{}");
    symlink("known.json", work.path("inside")).unwrap();
    symlink("not-there.json", work.path("dangling")).unwrap();
    for file in ["link", "up/new.txt", "inside", "dangling", "pipe", "policies"] {
        let format = format!("json={file}");
        let run = work.run(&["check", "--format", &format, "policies"]).exits(2);
        assert!(
            run.err.contains("leads out of the checkout") || run.err.contains("it is not a regular file"),
            "{run:?}"
        );
        let run = work
            .run(&["check", "--write-baseline", "--baseline", file, "policies"])
            .exits(2);
        assert!(!run.out.contains("finding"), "{run:?}");
    }
    assert_eq!(outside.read("secret.txt"), "a secret = 1\n");
    assert_eq!(work.read("known.json"), "{}");
    assert!(!outside.path("new.txt").exists() && !work.path("not-there.json").exists());
}

#[test]
fn reports_are_replaced_in_one_step() {
    let (outside, work) = checkout();
    work.write("report.json", "old");
    fs::set_permissions(work.path("report.json"), Permissions::from_mode(0o600)).unwrap();
    let before = fs::metadata(work.path("report.json")).unwrap();
    let elsewhere = outside.path("elsewhere.json");
    let format = format!("json={}", elsewhere.display());
    work.write("policies/a.policy", TINY);
    work.run(&[
        "check",
        "--format",
        "json=report.json",
        "--format",
        &format,
        "policies",
    ])
    .exits(0);
    let after = fs::metadata(work.path("report.json")).unwrap();
    assert_ne!(before.ino(), after.ino());
    assert_eq!(after.mode() & 0o777, 0o600);
    assert_eq!(work.read("report.json"), fs::read_to_string(elsewhere).unwrap());
    // Nothing is left beside it.
    let names = fs::read_dir(work.path(""))
        .unwrap()
        .map(|entry| entry.unwrap().file_name());
    assert!(
        names
            .into_iter()
            .all(|name| !name.to_string_lossy().contains("tmp"))
    );
}

#[test]
fn a_baseline_is_written_over_nothing_else() {
    let (outside, work) = checkout();
    work.write("policies/a.policy", SMALL);
    let home = outside.path("profile");
    for (file, words) in [
        (home.to_str().unwrap(), "leads out of the checkout"),
        ("../profile", "leads out of the checkout"),
        (".git/hooks/pre-commit", "it is below `.git`"),
        ("policies/a.policy", "is not a baseline"),
        ("policy-check.toml", "is not a baseline"),
    ] {
        work.write("policy-check.toml", format!("baseline = \"{file}\"\n"));
        let run = work.run(&["check", "--write-baseline", "policies"]).exits(2);
        assert!(run.err.contains(words), "{file}: {run:?}");
    }
    assert!(!home.exists() && !work.path(".git/hooks").exists());
    work.write("policy-check.toml", "baseline = \"known.json\"\n");
    work.run(&["check", "--write-baseline", "policies"]).exits(0);
    work.run(&["check", "--write-baseline", "policies"]).exits(0);
    work.write(
        "known.json",
        work.read("known.json")
            .replace("\"schema_version\": 1", "\"schema_version\": 2"),
    );
    work.run(&["check", "policies"]).exits(2);
}

#[test]
fn files_that_policies_name_are_not_waited_for() {
    let (outside, work) = checkout();
    let pipe = outside.path("pipe");
    assert!(Command::new("mkfifo").arg(&pipe).status().unwrap().success());
    work.write("old/a.policy", SMALL);
    for name in [pipe.to_str().unwrap(), "/dev/stdin", "../../pipe", "/etc/passwd"] {
        let policy = SMALL.replace("profile generic", &format!("profile generic jwks \"{name}\""));
        work.write("policies/a.policy", policy);
        let run = work.run(&["diff", "old", "policies"]).exits(0);
        assert!(run.out.contains("jwks is new"), "{run:?}");
    }
    let policy = SMALL.replace("profile generic", "profile generic jwks \"../pipe\"");
    work.write("policies/a.policy", policy);
    work.run(&["diff", "old", "policies"]).exits(2);
}

#[test]
fn key_files_are_compared_outside_of_a_checkout_too() {
    let [here, sets] = [Folder::new(), Folder::new()];
    let policy = SMALL.replace("profile generic", "profile generic jwks \"keys.json\"");
    for name in ["old", "new"] {
        sets.write(&format!("{name}/a.policy"), &policy);
        sets.write(&format!("{name}/keys.json"), Signer::new("key").jwks());
    }
    let [old, new] = ["old", "new"].map(|name| sets.path(name).to_str().unwrap().to_owned());
    let run = here.run(&["diff", &old, &new, "--no-new-access"]).exits(1);
    assert!(run.out.contains("key is new"), "{run:?}");
    here.run(&["diff", &old, &old, "--no-new-access"]).exits(0);
}

#[test]
fn every_read_is_bounded() {
    let (_outside, work) = checkout();
    work.write("large", vec![b' '; 2 * 1024 * 1024]);
    for line in READING {
        let line = line.replace("FILE", "large");
        let run = work.run(&line.split(' ').collect::<Vec<_>>()).exits(2);
        assert!(
            run.err.contains("is larger than 1048576 bytes"),
            "{line}: {run:?}"
        );
    }
    fs::rename(work.path("large"), work.path("policy-check.toml")).unwrap();
    let run = work.run(&["check", "policies"]).exits(2);
    assert!(run.err.contains("is larger than 1048576 bytes"), "{run:?}");
}

#[test]
fn the_last_line_says_what_was_used() {
    let folder = Folder::with(&[
        ("policies/a.policy", TINY),
        (
            "policies/b.policy",
            "role wide { allow from ci when sub like \"*\" } // policy-check: allow(role-without-test) a test\n",
        ),
        (
            "policy-check.toml",
            "baseline = \"known.json\"\n[rules]\nany-ref = \"off\"\nnever-matches = \"low\"\nlong-ttl = \"high\"\n",
        ),
    ]);
    folder.run(&["check", "--write-baseline", "policies"]).exits(0);
    let run = folder.run(&["check", "policies"]).exits(0);
    let last = run.out.lines().last().unwrap();
    assert!(
        last.contains("1 suppressed") && last.contains("in the baseline"),
        "{last}"
    );
    let used = "; configuration policy-check.toml, 2 rules off or lowered; baseline known.json";
    assert!(last.ends_with(used), "{last}");
    let json = folder
        .run(&["check", "--format", "json", "policies"])
        .exits(0)
        .json();
    let set = &json["sets"][0];
    let named = [&set["configuration"], &set["lowered_rules"], &set["baseline"]];
    assert_eq!(
        named,
        [&json!("policy-check.toml"), &json!(2), &json!("known.json")]
    );
}

#[test]
fn a_privileged_tag_that_no_role_has_is_found() {
    let folder = Folder::with(&[("p/a/a.policy", SHOP), ("p/b/b.policy", TINY)]);
    let page = "../rolecall-lint/docs/unknown-privileged-tag.md";
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join(page);
    let page = fs::read_to_string(page).unwrap();
    let block = |title: &str| {
        let (_, rest) = page.split_once(title).unwrap();
        let (_, rest) = rest.split_once("```toml\n").unwrap();
        rest.split_once("```").unwrap().0.to_owned()
    };
    let roles = SHOP
        .replace("[prod]", "[production]")
        .replace("#prod", "#production");
    folder.write("p/a/a.policy", roles);
    let run = |more: &[&str]| folder.run(&[&["check", "--format", "compact", "p"], more].concat());
    folder.write("policy-check.toml", block("## Bad"));
    let found = run(&[]).exits(1).out;
    let finding = "policy-check.toml:1:20: medium: no role has the tag `prodution`, so it makes no role privileged \
                   [unknown-privileged-tag]";
    assert!(found.contains(finding), "{found}");
    folder.write("policy-check.toml", block("## Good"));
    assert!(!run(&[]).out.contains("unknown-privileged-tag"));
    // The usual tags are not looked for, and the rule can be turned off.
    folder.write(
        "policy-check.toml",
        "privileged-tags = [\"x\"]\nrules = { unknown-privileged-tag = \"off\" }\n",
    );
    assert!(!run(&[]).out.contains("unknown-privileged-tag"));
    folder.write("policy-check.toml", "");
    assert!(!run(&[]).out.contains("unknown-privileged-tag"));
}
