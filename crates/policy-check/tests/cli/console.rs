//! Colour, pipes that nobody reads, and exit codes of the command line itself.

use crate::policies::{CLEAN, Folder};
use std::process::Stdio;

fn has_color(text: &str) -> bool {
    text.contains('\u{1b}')
}

/// What `check` prints about an error, with these variables and flags.
fn check(variables: &[(&str, &str)], flags: &[&str]) -> String {
    let folder = Folder::with(&[("a.policy", "role")]);
    let mut command = folder.command(&[&["check"], flags].concat());
    command.envs(variables.iter().copied());
    String::from_utf8(command.output().unwrap().stdout).unwrap()
}

#[test]
fn colour_only_where_it_is_wanted() {
    let plain = check(&[], &[]);
    assert!(!has_color(&plain));
    assert!(!has_color(&check(&[], &["--color", "never"])));
    assert!(has_color(&check(&[], &["--color", "always"])));
    assert!(has_color(&check(&[], &["--color=always"])));
    assert!(has_color(&check(&[("CLICOLOR_FORCE", "1")], &[])));
    assert!(!has_color(&check(
        &[("CLICOLOR_FORCE", "1"), ("NO_COLOR", "1")],
        &[]
    )));
    assert!(!has_color(&check(
        &[("CLICOLOR_FORCE", "1")],
        &["--color", "never"]
    )));
    // What is said on the command line counts.
    assert!(has_color(&check(&[("NO_COLOR", "1")], &["--color", "always"])));
    assert_eq!(
        anstream::adapter::strip_str(&check(&[], &["--color", "always"])).to_string(),
        plain
    );
}

#[test]
fn colour_of_help_and_of_usage_errors() {
    let folder = Folder::new();
    assert!(!has_color(&folder.run(&["--help"]).exits(0).out));
    assert!(has_color(
        &folder.run(&["--color", "always", "--help"]).exits(0).out
    ));
    assert!(!has_color(&folder.run(&["--nonsense"]).exits(2).err));
    assert!(has_color(
        &folder.run(&["--nonsense", "--color=always"]).exits(2).err
    ));
}

#[test]
fn json_has_no_colour() {
    assert!(!has_color(&check(
        &[],
        &["--color", "always", "--format", "json"]
    )));
}

#[test]
fn usage_errors_exit_with_2() {
    let folder = Folder::new();
    for arguments in [
        &[][..],
        &["nonsense"],
        &["check", "--nonsense"],
        &["check", "--format", "xml"],
        &["--color"],
    ] {
        let run = folder.run(arguments).exits(2);
        assert_eq!(run.out, "", "{arguments:?}");
        assert!(!run.err.is_empty(), "{arguments:?}");
    }
    assert!(
        folder
            .run(&["--version"])
            .exits(0)
            .out
            .starts_with("policy-check ")
    );
}

#[cfg(unix)]
#[test]
fn a_reader_that_stops_changes_no_answer() {
    let folder = Folder::with(&[("bad/a.policy", "role"), ("good/a.policy", CLEAN)]);
    for (arguments, code) in [
        (&["check", "bad"][..], 1),
        (&["check", "good"], 0),
        (&["check", "--format", "json", "good"], 0),
        (&["completions", "bash"], 0),
        (&["--help"], 0),
    ] {
        let (reader, writer) = std::io::pipe().unwrap();
        drop(reader);
        let output = folder
            .command(arguments)
            .stdout(writer)
            .stderr(Stdio::piped())
            .output()
            .unwrap();
        assert_eq!(output.status.code(), Some(code), "{arguments:?}");
        assert_eq!(String::from_utf8(output.stderr).unwrap(), "", "{arguments:?}");
    }
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_is_no_answer() {
    let folder = Folder::with(&[("a.policy", CLEAN)]);
    let full = || std::fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
    for arguments in [
        &["check"][..],
        &["check", "--format", "json"],
        &["test"],
        &["--help"],
        &["man"],
    ] {
        let output = folder
            .command(arguments)
            .stdout(full())
            .stderr(Stdio::piped())
            .output()
            .unwrap();
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
        let err = String::from_utf8(output.stderr).unwrap();
        assert!(err.starts_with("error: cannot write to standard output"), "{err}");
    }
}
