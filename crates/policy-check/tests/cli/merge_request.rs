//! Merge requests that try to hijack or to blind their own gate. Each is a branch of a real repository, cloned as a runner does.

pub(crate) mod project;
mod templates;

use crate::policies::{Folder, Run};
use project::{GUARD, Project, ROLES};
use std::fs;

/// A role that any project gets.
const WIDE: &str = "role wide { allow from gitlab when project like \"*\" && pipeline_source == \"push\" }\n";

/// The exit codes of `check`, of `diff --no-new-access`, and of the job of the template that runs both; and words that the
/// first one that fails must say.
#[track_caller]
fn assert_gate(project: &Project, [check, diff, job]: [i32; 3], words: &str) {
    let runs = [
        project.check(&[]).exits(check),
        project.diff(&["--no-new-access"]).exits(diff),
        project.job(&[("POLICY_CHECK_NO_NEW_ACCESS", "true")]).exits(job),
    ];
    let said = |run: &Run| run.out.contains(words) || run.err.contains(words);
    for run in runs.iter().filter(|run| run.code != 0) {
        assert!(
            said(run) || runs[1].code == run.code && said(&runs[1]),
            "`{words}`: {run:#?}"
        );
        assert!(!format!("{run:?}").contains("a secret"), "{run:#?}");
    }
    assert!(runs.iter().any(said), "{runs:#?}");
}

#[test]
fn an_honest_change_passes() {
    let project = Project::new(|work| work.write("policies/notes.md", "notes"));
    assert_gate(&project, [0, 0, 0], "1 role unchanged");
    let protected = "ref_protected && environment == \"production\" && environment_protected\n";
    let narrower = ROLES.replace("ref_protected\n", protected);
    let narrower = narrower.replace(
        "environment = ",
        "environment_protected = \"true\", environment = ",
    );
    let project = Project::new(|work| work.write("policies/roles.policy", &narrower));
    assert_gate(&project, [0, 0, 0], "lost");
}

#[test]
fn a_new_role_is_new_access() {
    let project = Project::new(|work| work.write("policies/wide.policy", WIDE));
    assert_gate(&project, [1, 1, 1], "wide");
}

#[test]
fn a_repository_among_the_files_is_not_taken_for_the_real_one() {
    // All that git needs to take the folder for a bare repository, in which the base is the change itself.
    let project = Project::new(|work| {
        work.write("policies/.extra.policy", WIDE);
        Project::embed(work, "policies");
    });
    assert!(project.work.path("policies/HEAD").is_file() && project.work.path("policies/objects").is_dir());
    assert_gate(&project, [1, 1, 1], "wide");
}

#[test]
fn a_repository_in_tracked_files_is_refused() {
    let project = Project::new(|work| work.write("policies/wide.policy", WIDE));
    // Such as an archive that an earlier job unpacked: its base is the change.
    let vendor = project.work.below("policies");
    Project::git_in(&vendor, &["init", "-q"]);
    Project::git_in(&vendor, &["add", "."]);
    Project::git_in(&vendor, &["commit", "-qm", "change"]);
    Project::git_in(&vendor, &["update-ref", "refs/policy-check/base", "HEAD"]);
    assert_gate(&project, [1, 1, 1], "wide");
    let arguments = ["diff", "--base", "refs/policy-check/base", "--no-new-access", "."];
    let run = vendor.run(&arguments).exits(2);
    assert!(
        run.err
            .contains("it is among the files tracked by the repository"),
        "{run:?}"
    );
    // One more around it, which tracks nothing yet.
    let project = Project::new(|work| {
        work.write("ci/policies/wide.policy", WIDE);
        fs::remove_dir_all(work.path("policies")).unwrap();
    });
    let inner = project.work.below("ci/policies");
    Project::git_in(&inner, &["init", "-q"]);
    Project::git_in(&inner, &["add", "."]);
    Project::git_in(&inner, &["commit", "-qm", "change"]);
    Project::git_in(&project.work.below("ci"), &["init", "-q"]);
    let run = inner.run(&["diff", "--base", "HEAD", "."]).exits(2);
    assert!(
        run.err
            .contains("it is among the files tracked by the repository"),
        "{run:?}"
    );
}

#[test]
fn a_tag_cannot_pretend_to_be_the_base() {
    let project = Project::new(|work| work.write("policies/wide.policy", WIDE));
    project.git(&["update-ref", "refs/remotes/origin/main", "refs/policy-check/base"]);
    let diff = |base: &str| project.run(&["diff", "--base", base, "--no-new-access", "policies"]);
    diff("origin/main").exits(1);
    project.git(&["tag", "origin/main", "HEAD"]);
    let run = diff("origin/main").exits(2);
    assert!(run.err.contains("`origin/main` is ambiguous"), "{run:?}");
    diff("refs/remotes/origin/main").exits(1);
    diff("refs/tags/origin/main").exits(0);
    // A name with an `@`, the default branch of a remote, and a commit as `git describe` writes it.
    let commit = Project::git_in(&project.work, &["rev-parse", "HEAD"]);
    let described = format!("v1-1-g{}", &commit[..8]);
    project.git(&["update-ref", "refs/remotes/up/HEAD", "refs/policy-check/base"]);
    project.git(&["branch", "release@2", "refs/policy-check/base"]);
    for name in ["up", "release@2", &described] {
        project.git(&["tag", name, "HEAD"]);
        assert!(diff(name).exits(2).err.contains("is ambiguous"), "{name}");
    }
}

#[test]
fn replaced_objects_are_not_looked_at() {
    let project = Project::new(|work| work.write("policies/wide.policy", WIDE));
    project.git(&["replace", "refs/policy-check/base", "HEAD"]);
    assert_gate(&project, [1, 1, 1], "wide");
}

#[test]
fn hidden_and_ignored_files_count() {
    for (name, ignored) in [
        (".hidden.policy", ""),
        ("sub/.x/a.policy", ""),
        ("draft.policy", "draft.policy\n"),
    ] {
        let project = Project::new(|work| {
            work.write(&format!("policies/{name}"), WIDE);
            work.write("policies/.gitignore", ignored);
        });
        assert_gate(&project, [1, 1, 1], "wide");
        assert!(project.check(&[]).out.contains("unseen-policy-file"));
    }
}

#[cfg(unix)]
#[test]
fn links_show_no_foreign_text() {
    use std::os::unix::fs::symlink;
    for (target, name, words) in [
        (
            "/etc/hostname",
            "policies/a.policy",
            "leads outside of the folder",
        ),
        (
            "../../outside.txt",
            "policies/b.policy",
            "leads outside of the folder",
        ),
        (
            "../.git/config",
            "policies/c.policy",
            "leads outside of the folder",
        ),
        ("../policies", "policies/d", "leads outside of the folder"),
    ] {
        let project = Project::new(|work| symlink(target, work.path(name)).unwrap());
        project.outside.write("outside.txt", "a secret");
        assert_gate(&project, [2, 2, 2], words);
    }
    // The configuration, the baseline and the list of ignored files.
    for (target, name) in [
        ("../outside.txt", "policy-check.toml"),
        ("roles.policy", "policies/policy-check.toml"),
        ("../../outside.txt", "policies/.gitignore"),
    ] {
        let project = Project::new(|work| {
            drop(fs::remove_file(work.path(name)));
            symlink(target, work.path(name)).unwrap();
        });
        project.outside.write("outside.txt", "a secret");
        let run = project.run(&["check", "policies"]).exits(2);
        assert!(!format!("{run:?}").contains("a secret"), "{run:?}");
    }
}

#[cfg(target_os = "linux")]
#[test]
fn a_guard_under_an_odd_name_cannot_vanish() {
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt;
    let odd = OsStr::from_bytes(b"policies/gu\xe4rd.policy");
    let project = Project::with_base(
        |work| fs::rename(work.path("policies/guard.policy"), work.path("").join(odd)).unwrap(),
        |work| fs::remove_file(work.path("").join(odd)).unwrap(),
    );
    let run = project.diff(&["--no-new-access"]).exits(2);
    assert!(run.err.contains("is not UTF-8"), "{run:?}");
    // Under an ordinary name its loss is a gain.
    let project = Project::new(|work| fs::remove_file(work.path("policies/guard.policy")).unwrap());
    assert_gate(&project, [0, 1, 1], "gained");
}

#[test]
fn files_of_submodules_are_not_passed_over() {
    let submodule = |work: &Folder| {
        let inner = work.below("policies/sub");
        inner.write("a.policy", GUARD);
        Project::git_in(&inner, &["init", "-q"]);
        Project::git_in(&inner, &["add", "."]);
        Project::git_in(&inner, &["commit", "-qm", "inner"]);
    };
    for project in [Project::with_base(submodule, |_| {}), Project::new(submodule)] {
        let run = project.diff(&["--no-new-access"]).exits(2);
        assert!(run.err.contains("the submodule `policies/sub`"), "{run:?}");
    }
    // One elsewhere that stays as it is does not matter.
    let elsewhere = |work: &Folder| {
        let inner = work.below("vendor");
        inner.write("a.txt", "text");
        Project::git_in(&inner, &["init", "-q"]);
        Project::git_in(&inner, &["add", "."]);
        Project::git_in(&inner, &["commit", "-qm", "inner"]);
    };
    let all = ["diff", "--base", "refs/policy-check/base", "."];
    Project::with_base(elsewhere, |_| {}).run(&all).exits(0);
    Project::new(elsewhere).run(&all).exits(2);
}

#[test]
fn a_folder_that_becomes_a_submodule_is_not_compared_in_there() {
    let project = Project::new(|work| {
        work.write("policies/wide.policy", WIDE);
        let inner = work.below("policies");
        Project::git_in(&inner, &["init", "-q", "--initial-branch=main"]);
        Project::git_in(&inner, &["add", "."]);
        Project::git_in(&inner, &["commit", "-qm", "inner"]);
        Project::git_in(&inner, &["update-ref", "refs/policy-check/base", "HEAD"]);
        Project::git_in(work, &["rm", "-rq", "--cached", "policies"]);
    });
    // As a runner that checks out submodules.
    let origin = project.outside.below("origin/policies");
    let url = origin.path("").to_str().unwrap().to_owned();
    fs::remove_dir(project.work.path("policies")).unwrap();
    Project::git_in(&project.work, &["clone", "-q", &url, "policies"]);
    let inner = project.work.below("policies");
    Project::git_in(&inner, &["update-ref", "refs/policy-check/base", "HEAD"]);
    project.diff(&["--no-new-access"]).exits(2);
}

/// A weaker configuration in each of the ways in which a set can leave the place where a strict one judges it.
#[test]
fn a_set_cannot_leave_its_configuration_unseen() {
    let strict = |work: &Folder| {
        work.write("shop/roles.policy", ROLES);
        work.write("shop/keys.json", work.read("policies/keys.json"));
        work.write("shop/guard.policy", GUARD);
        work.write(
            "shop/policy-check.toml",
            "persona = \"auditor\"\nfail-level = \"low\"\n",
        );
        fs::remove_dir_all(work.path("policies")).unwrap();
    };
    let base = ["--base", "refs/policy-check/base"];
    let above = |work: &Folder| work.write("notes.policy", "edition 2026\n");
    let moved = |work: &Folder| fs::rename(work.path("shop"), work.path("store")).unwrap();
    let changes: [&dyn Fn(&Folder); 2] = [&above, &moved];
    for (change, name) in changes.into_iter().zip(["a file above", "another name"]) {
        let project = Project::with_base(strict, change);
        let check = project.run(&[&["check", "."], &base[..]].concat()).exits(1);
        assert!(check.out.contains("less is reported"), "{name}: {check:?}");
        let diff = [&["diff", ".", "--no-new-access"], &base[..]].concat();
        project.run(&diff).exits(1);
    }
    #[cfg(unix)]
    {
        let project = Project::with_base(strict, |work| {
            std::os::unix::fs::symlink("shop", work.path("a")).unwrap();
        });
        let check = project.run(&[&["check", "."], &base[..]].concat()).exits(1);
        assert!(check.out.contains("less is reported"), "{check:?}");
    }
    #[cfg(unix)]
    {
        // An override for some files reaches no others through a link.
        let project = Project::with_base(
            |work| {
                work.write(
                    "policy-check.toml",
                    "[[overrides]]\nfiles = [\"policies/a/**\"]\nrules = { wildcard-owner = \"off\" }\n",
                );
            },
            |work| {
                work.write("policies/wide/wide.policy", WIDE);
                work.write("policies/a/keep.txt", "");
                std::os::unix::fs::symlink("../wide/wide.policy", work.path("policies/a/wide.policy"))
                    .unwrap();
            },
        );
        let check = project.check(&[]).exits(1);
        assert!(check.out.contains("`wildcard-owner` is now off"), "{check:?}");
    }
    // An empty `.git` that an earlier job left hides no configuration.
    let project = Project::new(|work| work.write("policies/wide.policy", WIDE));
    project.work.write("policies/.git", "");
    assert_gate(&project, [1, 1, 1], "wide");
}

#[test]
fn a_guard_that_moves_out_of_its_set_is_missed() {
    let project = Project::with_base(
        |work| {
            fs::create_dir(work.path("all")).unwrap();
            fs::rename(work.path("policies"), work.path("all/shop")).unwrap();
        },
        |work| fs::rename(work.path("all/shop/guard.policy"), work.path("all/guard.policy")).unwrap(),
    );
    let run = project.run(&["diff", "--base", "refs/policy-check/base", "--no-new-access", "."]);
    assert!(run.exits(1).out.contains("deploy (new)"));
}

#[test]
fn a_role_that_takes_another_name_is_new_access() {
    let renamed = ROLES
        .replace("role deploy ", "role admin ")
        .replace("allow deploy", "allow admin")
        .replace("deny deploy", "deny admin");
    let project = Project::new(|work| work.write("policies/roles.policy", &renamed));
    let run = project.diff(&["--no-new-access"]).exits(1);
    assert!(run.out.contains("renamed  admin (was deploy)"), "{run:?}");
}

#[test]
fn suppressions_belong_to_what_they_were_given_for() {
    let role = |name: &str, protected: &str| {
        format!(
            "role {name} {{ allow from gitlab when project == \"acme/x\" && project_id == \"1\" && ref == \"main\" && ref_type == \"branch\"{protected} }}\n"
        )
    };
    let comment = |until: &str| format!("// policy-check: allow(unprotected-ref) a sandbox{until}\n");
    let (open, closed) = (" ", " && ref_protected");
    let text = |sandbox: &str, production: &str, first: &str, second: &str| {
        format!(
            "edition 2026\n{first}{}{second}{}",
            role("sandbox", sandbox),
            role("live", production)
        )
    };
    let before = text(open, closed, &comment(", until 2099-01-01"), "");
    for (name, after, words) in [
        (
            "moved",
            text(closed, open, "", &comment(", until 2099-01-01")),
            "hides `unprotected-ref`: \"a sandbox\"",
        ),
        (
            "prolonged",
            text(open, closed, &comment(", until 2199-01-01"), ""),
            "until 2199-01-01, was until 2099-01-01",
        ),
        (
            "permanently",
            text(open, closed, &comment(""), ""),
            "hides `unprotected-ref` permanently",
        ),
        (
            "another text",
            text(
                " && user_access_level == \"owner\"",
                closed,
                &comment(", until 2099-01-01"),
                "",
            ),
            "hides `unprotected-ref`: \"a sandbox\"",
        ),
    ] {
        let project = Project::with_base(
            |work| work.write("policies/more.policy", &before),
            |work| work.write("policies/more.policy", &after),
        );
        let check = project.check(&[]).exits(1);
        assert!(check.out.contains(words), "{name}: {check:?}");
        project.diff(&["--no-new-access"]).exits(1);
    }
}

#[test]
fn what_is_hidden_stays_hidden_for_the_same_text_alone() {
    let condition = "condition who = project == \"acme/x\" && project_id == \"1\"\n";
    let role = |name: &str, tail: &str| {
        format!(
            "role {name} {{ allow from gitlab when who && ref == \"main\" && ref_type == \"branch\"{tail} }}\n"
        )
    };
    let file = |text: String| format!("edition 2026\n{text}");
    let allow = "// policy-check: allow(unprotected-ref, role-without-test) a sandbox";
    let many = |name: &str, tail: &str| role(name, tail).replacen(" {", " for t in [\"x\"] {", 1);
    let before = file(format!(
        "{condition}{allow}, until 2031-01-01\n{}{}",
        role("sandbox", ""),
        role("live", " && ref_protected")
    ));
    let families = |first: &str, second: &str, comment: [&str; 2]| {
        let [one, two] = comment;
        file(format!(
            "{condition}{one}{}{two}{}",
            many("sandbox-{t}", first),
            many("sandbox-{t}-live", second)
        ))
    };
    let comment = format!("{allow}\n");
    let protected = " && ref_protected";
    for (name, before, after) in [
        (
            "a condition that it names",
            before.clone(),
            before.replace("project_id == \"1\"", "project_id in [\"1\", \"2\"]"),
        ),
        (
            "a second comment",
            before.clone(),
            before.replace(allow, &format!("{allow} for ever\n{allow}")),
        ),
        (
            "another family",
            families("", protected, [&comment, ""]),
            families(protected, "", ["", &comment]),
        ),
    ] {
        let project = Project::with_base(
            |work| work.write("policies/more.policy", &before),
            |work| work.write("policies/more.policy", &after),
        );
        let run = project.check(&[]).exits(1);
        assert!(run.out.contains("a comment hides"), "{name}: {run:?}");
        project.diff(&["--no-new-access"]).exits(1);
    }
    // A baseline knows a finding of a text, too.
    let open = file(format!("{condition}{}", role("sandbox", "")));
    let project = Project::with_base(
        |work| {
            work.write("policies/more.policy", &open);
            work.write(
                "policy-check.toml",
                "persona = \"pedantic\"\nbaseline = \"known.json\"\n",
            );
            work.run(&["check", "--write-baseline", "policies"]).exits(0);
        },
        |work| {
            work.write(
                "policies/more.policy",
                open.replace("project_id == \"1\"", "project_id in [\"1\", \"2\"]"),
            );
        },
    );
    let run = project.check(&[]).exits(1);
    assert!(
        run.out
            .contains("the baseline hides `unprotected-ref` in text that has changed"),
        "{run:?}"
    );
}

#[test]
fn honest_edits_raise_no_alarm() {
    let text = "edition 2026\ncondition who = project==\"acme/x\"&&project_id==\"1\"\n\
         // policy-check: allow(unprotected-ref, role-without-test) a sandbox\n\
         role sandbox { ttl 15m  allow from gitlab when who&&ref==\"main\"&&ref_type==\"branch\" }\n\
         assert \"no tags\" { sandbox implies ref_type==\"branch\"}\n";
    let write = |work: &Folder, text: &str| work.write("policies/more.policy", text);
    let changes: [&dyn Fn(&Folder); 6] = [
        &|work| drop(work.run(&["fmt", "policies"]).exits(0)),
        &|work| write(work, &text.replace("implies ", "implies /* the branch */ ")),
        &|work| write(work, &text.replace("\"no tags\"", "\"branches alone\"")),
        &|work| {
            fs::rename(
                work.path("policies/more.policy"),
                work.path("policies/other.policy"),
            )
            .unwrap();
        },
        &|work| write(work, &text.replace("ttl 15m", "ttl 5m")),
        &|work| write(work, &text.replace("a sandbox", "a sandbox of its own")),
    ];
    for (number, change) in changes.iter().enumerate() {
        let project = Project::with_base(|work| write(work, text), change);
        let run = project.check(&[]);
        assert_eq!(run.code, 0, "{number}: {run:#?}");
        project.diff(&["--no-new-access"]).exits(0);
    }
}

#[test]
fn statements_that_go_are_listed() {
    let assertion = "assert \"only shop\" { * implies project == \"acme/shop\" }\n";
    let before = |work: &Folder| work.write("policies/more.policy", format!("edition 2026\n{assertion}"));
    for (after, words) in [
        (
            "edition 2026\n".to_owned(),
            "the assertion `only shop` was removed",
        ),
        (
            format!(
                "edition 2026\n{}",
                assertion.replace("== \"acme/shop\"", "under \"acme\"")
            ),
            "the assertion `only shop` now means something else",
        ),
        // In a condition that it names, in a string, and by what its selector stands for.
        (
            format!(
                "edition 2026\ncondition safe = has iss\n{}",
                assertion.replace("project == \"acme/shop\"", "safe")
            ),
            "the assertion `only shop` now means something else",
        ),
        (
            format!("edition 2026\n{}", assertion.replace("acme/shop", "acme/sh-op")),
            "the assertion `only shop` now means something else",
        ),
        (
            format!(
                "edition 2026\n{}",
                assertion.replace("* implies", "#staging implies")
            ) + "role x { tags [staging] allow from gitlab when ref == \"v\" }\n",
            "the assertion `only shop` now means something else",
        ),
    ] {
        let project = Project::with_base(before, |work| work.write("policies/more.policy", &after));
        assert_gate(&project, [1, 1, 1], words);
    }
    let untagged = ROLES.replace("tags [production]", "tags [staging]");
    let project = Project::new(|work| work.write("policies/roles.policy", &untagged));
    assert_gate(&project, [1, 1, 1], "the role `deploy` lost the tag `production`");
}

#[test]
fn other_keys_are_new_access() {
    let other = Project::keys("other");
    let project = Project::new(|work| work.write("policies/keys.json", &other));
    assert_gate(&project, [0, 1, 1], "key is new");
    for (old, new, words) in [
        (
            "jwks \"keys.json\"",
            "jwks \"https://keys.example/jwks\"",
            "jwks is now https://keys.example/jwks",
        ),
        (
            "algorithms [RS256]",
            "algorithms [RS256, ES256]",
            "algorithms is now RS256, ES256",
        ),
        ("max_age 1h", "max_age 2h", "max_age is now 7200s"),
        ("leeway 10s", "leeway 30s", "leeway is now 30s"),
        (
            "leeway 10s",
            "leeway 10s subject_limit 4096",
            "subject_limit is now 4096, was 2048",
        ),
        (
            "leeway 10s",
            "leeway 10s authorized_party \"client\"",
            "authorized_party is new: client",
        ),
        (
            "audience \"https://sts.acme.example\"",
            "audience [\"https://sts.acme.example\", \"https://other.example\"]",
            "audience is",
        ),
        (
            "url \"https://gitlab.example\"",
            "url \"https://gitlab.other.example\"",
            "url is now https://gitlab.other.example",
        ),
    ] {
        let changed = ROLES.replace(old, new);
        assert_ne!(changed, ROLES);
        let project = Project::new(|work| work.write("policies/roles.policy", &changed));
        let run = project.diff(&["--no-new-access"]).exits(1);
        assert!(
            run.out.contains(words) && run.out.contains("issuer gitlab"),
            "{run:?}"
        );
        let markdown = project.diff(&["--format", "markdown"]).exits(0).out;
        assert!(!markdown.contains("No change"), "{markdown}");
        project.job(&[("POLICY_CHECK_NO_NEW_ACCESS", "true")]).exits(1);
    }
}

#[test]
fn a_configuration_cannot_weaken_its_own_gate() {
    let wide = |work: &Folder| work.write("policies/wide.policy", WIDE);
    // Each alone, and together with what it would hide.
    for (name, text, words) in [
        (
            "policy-check.toml",
            "fail-level = \"high\"\n[rules]\nwildcard-owner = \"off\"\n",
            "`wildcard-owner` is now off",
        ),
        (
            "policies/policy-check.toml",
            "persona = \"regular\"\n",
            "`persona` is now regular, was pedantic",
        ),
        (
            "policy-check.toml",
            "persona = \"pedantic\"\nprivileged-tags = []\n",
            "`privileged-tags` no longer has `production`",
        ),
        (
            "policy-check.toml",
            "persona = \"pedantic\"\nknown-audiences = [\"https://sts.acme.example\", \"https://x.example\"]\n",
            "`known-audiences` now has `https://x.example`",
        ),
        (
            "policy-check.toml",
            "persona = \"pedantic\"\n[boundaries]\n\"team-a/\" = [\"secrets:**\"]\n",
            "the boundary of `team-a/` now has `secrets:**`",
        ),
        (
            "policy-check.toml",
            "persona = \"pedantic\"\n[[overrides]]\nfiles = [\"policies/wide*\"]\nrules = { wildcard-owner = \"low\" }\n",
            "`wildcard-owner` is now low",
        ),
    ] {
        for hidden in [false, true] {
            let project = Project::new(|work| {
                if hidden {
                    wide(work);
                }
                work.write(name, text);
            });
            if !hidden && text.contains("overrides") {
                continue;
            }
            let check = project.check(&[]).exits(1);
            let diff = project.diff(&["--no-new-access"]).exits(1);
            project.job(&[]).exits(1);
            for run in [&check, &diff] {
                assert!(run.out.contains(words), "{words}: {run:?}");
            }
            if hidden {
                assert!(check.out.contains("wildcard-owner"), "{check:?}");
            } else {
                project.check(&["--accept-configuration"]).exits(0);
                project
                    .diff(&["--no-new-access", "--accept-configuration"])
                    .exits(0);
                project
                    .job(&[("POLICY_CHECK_ACCEPT_CONFIGURATION", "true")])
                    .exits(0);
            }
        }
    }
}

#[test]
fn comments_and_baselines_hide_nothing_unseen() {
    let allowed = format!("// policy-check: allow(wildcard-owner, pipeline-source-alone) it is fine\n{WIDE}");
    let project = Project::new(|work| work.write("policies/wide.policy", &allowed));
    let run = project.check(&[]).exits(1);
    assert!(
        run.out
            .contains("a comment hides `wildcard-owner`: \"it is fine\""),
        "{run:?}"
    );
    assert!(
        project
            .diff(&["--no-new-access"])
            .exits(1)
            .out
            .contains("a comment hides")
    );
    project.check(&["--accept-configuration"]).exits(0);

    let project = Project::new(|work| {
        work.write("policies/wide.policy", WIDE);
        work.write(
            "policy-check.toml",
            "persona = \"pedantic\"\nbaseline = \"known.json\"\n",
        );
        work.run(&["check", "--write-baseline", "policies"]).exits(0);
    });
    assert!(project.work.path("known.json").is_file());
    project.run(&["check", "policies"]).exits(0);
    let run = project.check(&[]).exits(1);
    assert!(
        run.out.contains("of `wildcard-owner` in `policies/wide.policy`"),
        "{run:?}"
    );
    assert!(
        project
            .diff(&["--no-new-access"])
            .exits(1)
            .out
            .contains("the baseline hides")
    );
}

#[test]
fn a_configuration_above_the_repository_is_not_looked_at() {
    let project = Project::new(|work| {
        work.write("policies/wide.policy", WIDE);
        fs::remove_file(work.path("policy-check.toml")).unwrap();
    });
    project.outside.write(
        "policy-check.toml",
        "[rules]\nwildcard-owner = \"off\"\nwildcard-owner = \"off\"\n",
    );
    let run = project.run(&["check", "policies"]).exits(1);
    assert!(!run.out.contains("configuration"), "{run:?}");
}

#[test]
fn a_folder_that_is_new_or_gone_is_compared_with_nothing() {
    let project = Project::new(|work| fs::rename(work.path("policies"), work.path("moved")).unwrap());
    let run = project
        .run(&[
            "diff",
            "--base",
            "refs/policy-check/base",
            "--no-new-access",
            "moved",
        ])
        .exits(1);
    assert!(run.out.contains("deploy (new)"), "{run:?}");
    let run = project.diff(&["--fail-on", "lost"]).exits(1);
    assert!(run.out.contains("deploy (gone)"), "{run:?}");
    let run = project
        .run(&["diff", "--base", "refs/policy-check/base", "nowhere"])
        .exits(2);
    assert!(
        run.err.contains("there are no `.policy` files in `nowhere`"),
        "{run:?}"
    );
}

#[test]
fn a_revision_that_is_not_there_says_how_to_fetch_it() {
    let project = Project::new(|_| {});
    for (revision, command) in [
        (
            "origin/main",
            "git fetch --depth=1 origin +refs/heads/main:refs/remotes/origin/main",
        ),
        (
            "main",
            "git fetch --depth=1 origin +refs/heads/main:refs/remotes/origin/main`, and name `refs/remotes/origin/main`",
        ),
    ] {
        let run = project.run(&["diff", "--base", revision, "policies"]).exits(2);
        assert!(
            run.err.contains("the shallow clone does not have") && run.err.contains(command),
            "{run:?}"
        );
    }
    for odd in ["--help", "main:policies", "a..b", ""] {
        let run = project
            .run(&["diff", &format!("--base={odd}"), "policies"])
            .exits(2);
        assert!(run.err.contains("is not a git revision"), "{run:?}");
    }
}
