//! Commands that services read from what a job prints.

use crate::formats::{FORMATS, FOUND, TESTED};
use crate::policies::{Folder, Run};
use std::process::Command;

/// A policy that is laid out otherwise, with commands on lines that stay as they are.
const UNTIDY: &str = "edition   2026
/*
::error file=a.policy::owned
 \u{a0}::stop-commands::x
*/
issuer   ci { url \"https://ci.example\" profile generic audience \"sts\" }
/*
 :\u{fe0f}:add-mask::x
a ##[add-mask]x
*/
role   anything { allow from ci }
/*
a ##vso[task.setvariable variable=x]y
section_end:1:x
*/
role   other { allow from ci } // ##[error]x
/*
::warning::owned
*/
";

/// Whether GitHub's runner, the agent of Azure Pipelines or GitLab would obey a line. Characters that sort as nothing count for
/// nothing.
fn is_command(line: &str) -> bool {
    let line: String = line
        .chars()
        .filter(|c| !matches!(c, '\u{ad}' | '\u{200b}' | '\u{fe0f}'))
        .collect();
    let line = anstream::adapter::strip_str(&line).to_string();
    line.trim_start().starts_with("::")
        || line.contains("##[")
        || line.contains("##vso[")
        || line.contains("section_start:1")
        || line.contains("section_end:1")
}

#[track_caller]
fn assert_inert(run: &Run, what: &str) {
    for line in run.out.split(['\n', '\r']).chain(run.err.split(['\n', '\r'])) {
        assert!(!is_command(line), "{what}: {line:?}");
    }
}

#[test]
fn differences_begin_no_command() {
    for color in ["--color=never", "--color=always"] {
        let folder = Folder::with(&[("a.policy", UNTIDY), ("::error ::x.policy", UNTIDY)]);
        let run = folder.run(&["fmt", color, "--diff"]).exits(1);
        assert!(
            run.out.contains("\\u{3a}:error file=a.policy::owned"),
            "{}",
            run.out
        );
        assert!(run.out.contains("a \\u{23}#[add-mask]x"), "{}", run.out);
        assert_inert(&run, "fmt --diff");
        assert_inert(&folder.run(&["fmt", color, "--check"]).exits(1), "fmt --check");
        let name = ["fmt", color, "--check", "--stdin-filename", "a\n::error ::x", "-"];
        assert_inert(&folder.run_with(&name, UNTIDY.as_bytes()).exits(1), "fmt -");
        assert_inert(&folder.run(&["fmt", color]).exits(0), "fmt");
        let fixed = FOUND.replace("role dull", "/*\n::error::x\n##[error]x\n*/\nrole dull");
        let folder = Folder::with(&[("a.policy", &fixed)]);
        let run = folder.run(&["check", color, "--unsafe-fixes", "--diff"]);
        assert!(run.out.contains("@@"), "{run:?}");
        assert_inert(&run, "check --diff");
    }
}

#[test]
fn a_difference_without_commands_can_be_applied() {
    let before = "issuer   ci { url \"https://ci.example\" profile generic audience \"a::b # ## [c]\" }\r\n\
                  // a ::error:: b\trole x\n\nrole   anything { allow from ci }";
    let folder = Folder::with(&[("a.policy", before)]);
    let diff = folder.run(&["fmt", "--diff"]).exits(1).out;
    folder.run(&["fmt"]).exits(0);
    let formatted = folder.read("a.policy");
    folder.write("a.policy", before);
    folder.write("a.diff", diff);
    let applied = Command::new("git")
        .args(["apply", "a.diff"])
        .current_dir(folder.path(""))
        .output();
    let applied = applied.unwrap();
    assert!(applied.status.success(), "{applied:?}");
    assert_eq!(folder.read("a.policy"), formatted);
}

#[test]
fn no_format_begins_a_command() {
    let found = format!("{FOUND}{TESTED}")
        .replace("it fails", "##[error]x ::b::")
        .replace("refuted", "section_end:1:x");
    let broken = "edition 2026\nrole x { allow frm \"##[error]x section_start:1:b\" }\n::error ::c\n";
    let folder = Folder::with(&[
        ("::error ::p/::error ::a.policy", &found),
        ("##[error]q/##[x]b.policy", broken),
    ]);
    folder.write("policy-check.toml", "known-audiences = [\"##[error]x\"]\n");
    for format in FORMATS {
        for more in [&[][..], &["--stats", "--statistics"]] {
            let run = folder
                .run(
                    &[
                        &["check", "--tests", "--persona=auditor", "--format", format],
                        more,
                    ]
                    .concat(),
                )
                .exits(1);
            let file = folder
                .run(&[
                    "check",
                    "--tests",
                    "--persona=auditor",
                    &format!("--format={format}=out"),
                ])
                .exits(1);
            assert!(!run.out.is_empty() && file.out.is_empty());
            let printed = Run {
                out: folder.read("out"),
                ..folder.run(&["--version"])
            };
            for run in [run, printed] {
                if format == "github" {
                    // Here, the lines are commands, and each is one of its own.
                    for line in run.out.lines() {
                        let line = line.strip_prefix("::").unwrap();
                        assert!(
                            ["error ", "warning ", "notice "]
                                .iter()
                                .any(|name| line.starts_with(name)),
                            "{line}"
                        );
                        assert!(!is_command(line), "{line}");
                    }
                } else {
                    assert_inert(&run, format);
                }
            }
        }
    }
    for arguments in [
        &["test", "."][..],
        &["test", "--verbose", "::error ::p"],
        &["test", "--format=json"],
        &["prove"],
        &["prove", "::error ::p", "a is\n::error::b"],
        &["witness", "plan"],
        &["witness", "\n::error::x"],
        &[
            "witness",
            "*",
            "::error ::p",
            "--near-miss",
            "--write",
            "::error ::p/::error ::b.policy",
        ],
        &["diff", "::error ::p", "::error ::p"],
        &["diff", "::error ::p", "--base", "x\n::error::b"],
        &[
            "explain",
            "--policies",
            "::error ::p",
            "--claims",
            "-",
            "--issuer",
            "gitlab",
            "--role",
            "\n##[error]x",
        ],
        &["keys", "--jwks", "::error ::x"],
        &["check", "--select", "x\n::error::x"],
        &["check", "\n::error::x"],
        &["check", "--format", "x\n::error::y"],
        &["check", "--nonsense\n::error::y"],
        &["\n::error::x"],
    ] {
        assert_inert(
            &folder.run_with(arguments, b"{\"sub\": \"##[x]\"}"),
            &format!("{arguments:?}"),
        );
    }
}
