//! Repositories as runners and people have them, and what must not be obeyed in them.

use crate::merge_request::project::{Project, ROLES};
use crate::policies::{Folder, Run};
use std::fs;
use std::path::Path;
use std::process::Command;

/// A merge request with a new role, so that a comparison with the wrong base is seen.
fn wider() -> Project {
    Project::new(|work| {
        work.write(
            "policies/wide.policy",
            "role wide { allow from gitlab when ref == \"x\" }\n",
        );
    })
}

fn finds_the_role(run: Run) {
    let run = run.exits(1);
    assert!(run.out.contains("wide (new)"), "{run:?}");
}

#[test]
fn the_environment_points_nowhere() {
    let project = wider();
    let other = Project::new(|_| {});
    let git_dir = other.work.path(".git");
    for (variable, value) in [
        ("GIT_DIR", git_dir.as_path()),
        ("GIT_WORK_TREE", &other.work.path("")),
        ("GIT_COMMON_DIR", &git_dir),
        ("GIT_OBJECT_DIRECTORY", &git_dir.join("objects")),
        ("GIT_NAMESPACE", Path::new("other")),
        ("GIT_CEILING_DIRECTORIES", &project.outside.path("")),
    ] {
        let arguments = [
            "diff",
            "--base",
            "refs/policy-check/base",
            "--no-new-access",
            "policies",
        ];
        let output = project
            .work
            .command(&arguments)
            .env(variable, value)
            .output()
            .unwrap();
        let text = String::from_utf8(output.stdout).unwrap();
        assert_eq!(output.status.code(), Some(1), "{variable}");
        assert!(text.contains("wide (new)"), "{variable}: {text}");
    }
}

#[test]
fn nothing_of_the_configuration_is_run() {
    let project = wider();
    let marker = project.outside.path("marker");
    let command = format!("touch '{}'", marker.display());
    let included = format!("[core]\n\tfsmonitor = {command}\n");
    project.outside.write("included", &included);
    for (key, value) in [
        ("core.fsmonitor", command.as_str()),
        ("core.sshCommand", &command),
        ("core.pager", &command),
        ("core.gitProxy", &command),
        ("core.worktree", "/nowhere"),
        ("diff.external", &command),
        ("filter.x.smudge", &command),
        ("filter.x.clean", &command),
        ("credential.helper", &format!("!{command}")),
        ("uploadpack.packObjectsHook", &command),
        ("include.path", project.outside.path("included").to_str().unwrap()),
        ("extensions.worktreeConfig", "false"),
        ("core.excludesFile", "/nowhere"),
    ] {
        project.git(&["config", key, value]);
        finds_the_role(project.diff(&["--no-new-access"]));
        project.check(&[]);
        assert!(!marker.exists(), "{key}");
    }
}

#[test]
fn repositories_of_every_kind_are_read() {
    // Packed, and with packed references.
    let project = wider();
    project.git(&["gc", "-q"]);
    project.git(&["pack-refs", "--all"]);
    finds_the_role(project.diff(&["--no-new-access"]));
    // A second work tree, whose `.git` is a file.
    project.git(&["worktree", "add", "-q", "--detach", "../second"]);
    let arguments = [
        "diff",
        "--base",
        "refs/policy-check/base",
        "--no-new-access",
        "second/policies",
    ];
    finds_the_role(project.outside.run(&arguments));
    // From a folder below, and by an absolute path.
    let policies = project.work.below("policies");
    finds_the_role(policies.run(&["diff", "--base", "refs/policy-check/base", "--no-new-access", "."]));
    let path = policies.path("");
    finds_the_role(project.outside.run(&[
        "diff",
        "--base=refs/policy-check/base",
        "--no-new-access",
        path.to_str().unwrap(),
    ]));
    // A single file.
    let run = project.run(&[
        "diff",
        "--base",
        "refs/policy-check/base",
        "policies/roles.policy",
    ]);
    assert_eq!(run.exits(0).out, "1 role unchanged\n");
}

#[test]
fn objects_named_by_sha256_are_read() {
    let folder = Folder::new();
    folder.write("policies/a.policy", ROLES);
    Project::git_in(&folder, &["init", "-q", "--object-format=sha256"]);
    Project::git_in(&folder, &["add", "."]);
    Project::git_in(&folder, &["commit", "-qm", "first"]);
    let run = folder.run(&["diff", "--base", "HEAD", "policies"]).exits(0);
    assert_eq!(run.out, "1 role unchanged\n");
}

#[cfg(unix)]
#[test]
fn a_clone_of_another_user_is_read() {
    fn give(path: &Path) -> bool {
        let below = fs::read_dir(path).into_iter().flatten();
        let mut below = below.map(|entry| entry.unwrap().path());
        std::os::unix::fs::lchown(path, Some(65534), Some(65534)).is_ok()
            && (!path.is_dir() || path.is_symlink() || below.all(|path| give(&path)))
    }
    let project = wider();
    if !give(&project.work.path("")) {
        eprintln!("skipped: only root can give a clone to another user");
        return;
    }
    finds_the_role(project.diff(&["--no-new-access"]));
}

#[test]
fn objects_that_are_missing_are_not_fetched() {
    let project = wider();
    let origin = project.outside.below("origin");
    Project::git_in(&origin, &["config", "uploadpack.allowFilter", "true"]);
    let url = format!("file://{}", origin.path("").display());
    let clone = [
        "clone",
        "-q",
        "--filter=blob:none",
        "--no-checkout",
        "--branch=change",
        &url,
        "partial",
    ];
    Project::git_in(&project.outside, &clone);
    let partial = project.outside.below("partial");
    partial.write("policies/roles.policy", ROLES);
    let count = || fs::read_dir(partial.path(".git/objects/pack")).unwrap().count();
    let before = count();
    let run = partial
        .run(&["diff", "--base", "origin/main", "policies"])
        .exits(2);
    assert!(run.err.contains("clone without `--filter`"), "{run:?}");
    assert_eq!(count(), before);
}

#[test]
fn a_file_that_is_too_large_is_not_unpacked() {
    let large = "// a long comment\n".repeat(100_000);
    let project = Project::with_base(|work| work.write("policies/large.policy", &large), |_| {});
    fs::remove_file(project.work.path("policies/large.policy")).unwrap();
    let run = project.diff(&[]).exits(2);
    assert!(
        run.err
            .contains("the file has 1800000 bytes, more than the 1048576"),
        "{run:?}"
    );
}

#[test]
fn folders_without_a_repository_say_so() {
    let folder = Folder::with(&[("policies/a.policy", ROLES)]);
    let run = folder.run(&["diff", "--base", "HEAD", "policies"]).exits(2);
    assert!(run.err.contains("is not in a git repository"), "{run:?}");
    // A bare repository has no work tree.
    let status = Command::new("git")
        .args(["init", "-q", "--bare"])
        .arg(folder.path(""))
        .status();
    assert!(status.unwrap().success());
    let run = folder.run(&["diff", "--base", "HEAD", "policies"]).exits(2);
    assert!(run.err.contains("is not in a git repository"), "{run:?}");
}
