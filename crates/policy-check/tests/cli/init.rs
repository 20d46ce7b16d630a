//! `policy-check init`

use std::process::Command;

use serde_json::json;

use crate::merge_request::project::Project;
use crate::policies::{Folder, Run, TRUST};
use crate::tokens::claims_with;

const GITLAB: [&str; 8] = [
    "--ci",
    "gitlab",
    "--url",
    "https://gitlab.acme.example",
    "--project",
    "acme/Web.Shop",
    "--project-id",
    "4242",
];
const GITHUB: [&str; 6] = [
    "--ci",
    "github",
    "--project",
    "acme/Web.Shop",
    "--project-id",
    "4242",
];
const AUDIENCE: [&str; 2] = ["--audience", "https://sts.acme.example"];

fn init(folder: &Folder, arguments: &[&[&str]]) -> Run {
    folder.run(&[&["init"], arguments.concat().as_slice()].concat())
}

/// The last command that `init` says to run next.
fn last(run: &Run) -> Vec<String> {
    let line = run.out.lines().last().unwrap().replace("NUMBER", "123456789012");
    let words = line.trim().strip_prefix("policy-check ").unwrap().split(' ');
    words.map(str::to_owned).collect()
}

#[test]
fn first_policies_are_clean_tested_proved_and_exact_in_each_system() {
    for ci in [GITLAB.as_slice(), GITHUB.as_slice()] {
        for target in ["exchange", "aws", "azure", "gcp", "kubernetes", "vault"] {
            for environment in [&[][..], &["--environment", "production"]] {
                let compares_all = !matches!(target, "aws" | "azure");
                let audience = if compares_all { &AUDIENCE[..] } else { &[] };
                let folder = Folder::new();
                let run = init(&folder, &[ci, &["--to", target], audience, environment]);
                if ci == GITLAB && !compares_all && !environment.is_empty() {
                    assert!(run.exits(2).err.contains("`--environment` has no effect"));
                    continue;
                }
                let run = run.exits(0);
                let checked = folder.run(&["check", "--tests", "policies"]).exits(0);
                assert!(checked.out.contains("1 assertion proved"), "{checked:?}");
                assert!(checked.out.contains(": no findings"), "{checked:?}");
                folder.run(&["fmt", "--check", "policies"]).exits(0);
                folder.run(&["gen-tests", "policies"]).exits(0);
                if target != "exchange" {
                    let command = last(&run);
                    let command: Vec<&str> = command.iter().map(String::as_str).collect();
                    let exported = folder.run(&command).exits(0);
                    assert!(
                        exported.out.starts_with("web-shop-deploy exact: "),
                        "{exported:?}"
                    );
                }
            }
        }
    }
}

#[test]
fn answers_come_from_options_claims_and_the_clone() {
    let folder = Folder::new();
    Project::git_in(&folder, &["init", "-q"]);
    let url = "https://ci:s3cret@gitlab.acme.example/acme/web/shop.git";
    Project::git_in(&folder, &["remote", "add", "origin", url]);
    let run = init(&folder, &[&AUDIENCE]).exits(2);
    assert_eq!(
        run.err,
        "error: `--project-id` is missing\n  help: it is on the page of the project, and the `id` at \
         https://gitlab.acme.example/api/v4/projects/acme%2Fweb%2Fshop\n"
    );
    let run = init(&folder, &[&AUDIENCE, &["--project-id", "7", "roles/ci"]]).exits(0);
    assert!(!run.out.contains("s3cret"), "{run:?}");
    let policy = folder.read("roles/ci/shop.policy");
    for part in [
        "url \"https://gitlab.acme.example\"",
        "project == \"acme/web/shop\" && project_id == \"7\"",
    ] {
        assert!(policy.contains(part), "{policy}");
    }

    let folder = Folder::new();
    folder.write("claims.json", claims_with(json!({"ref": "release"})).to_string());
    init(
        &folder,
        &[&["--claims", "claims.json", "--project", "acme/other"]],
    )
    .exits(0);
    let policy = folder.read("policies/other.policy");
    for part in [
        "url \"https://gitlab.example\"",
        "audience \"https://sts.acme.example\"",
        "project_id == \"4242\"",
        "ref == \"release\"",
        "environment == \"production\" && environment_protected",
    ] {
        assert!(policy.replace("\n    ", " ").contains(part), "{part}: {policy}");
    }
}

#[test]
fn answers_that_are_those_of_other_tokens_and_files() {
    for more in [
        &["--project", "acme/tests"][..],
        &["--project", "acme/Generated_Tests"],
        &["--branch", "feature"],
        &["--environment", "review/1"],
        &["--project-id", "1"],
        &["./policies"],
    ] {
        for ci in [&GITLAB[..], &GITHUB] {
            let mut arguments = [ci, &AUDIENCE].concat();
            for pair in more.chunks(2) {
                match arguments.iter().position(|word| *word == pair[0]) {
                    Some(at) => arguments[at + 1] = pair[1],
                    None => arguments.extend(pair),
                }
            }
            let folder = Folder::new();
            init(&folder, &[&arguments]).exits(0);
            let checked = folder.run(&["check", "--tests", "policies"]).exits(0);
            assert!(
                checked.out.contains("1 assertion proved"),
                "{more:?}: {checked:?}"
            );
            folder.run(&["gen-tests", "policies"]).exits(0);
        }
    }
}

#[test]
fn answers_that_are_none() {
    for (option, answer, reason) in [
        ("--project", "shop", "it is not the path of a project"),
        ("--project", "acme/$(shop)", "it is not the path of a project"),
        ("--project-id", "acme", "it is not a number"),
        ("--url", "http://gitlab.acme.example", "https"),
        (
            "--branch",
            "ma\"in",
            "it has characters that such a name does not have",
        ),
        (
            "--audience",
            "a b",
            "it has characters that such a name does not have",
        ),
    ] {
        let folder = Folder::new();
        let mut arguments = [&GITLAB[..], &AUDIENCE].concat();
        match arguments.iter().position(|word| *word == option) {
            Some(at) => arguments[at + 1] = answer,
            None => arguments.extend([option, answer]),
        }
        let run = init(&folder, &[&arguments]).exits(2);
        assert!(
            run.err.contains(&format!("`{option}`")) && run.err.contains(reason),
            "{run:?}"
        );
        assert!(!folder.path("policies").exists());
    }
    for name in ["/srv/policies", "../policies", "two words", "."] {
        let run = init(&Folder::new(), &[&GITLAB, &AUDIENCE, &[name]]).exits(2);
        assert!(
            run.err.contains("cannot be the folder of the policies"),
            "{run:?}"
        );
    }
}

#[test]
fn files_that_exist_are_left_alone() {
    let folder = Folder::with(&[
        ("policy-check.toml", "persona = \"pedantic\"\n"),
        (".gitlab-ci.yml", "test: {}\n"),
    ]);
    let run = init(&folder, &[&GITLAB, &AUDIENCE]).exits(0);
    assert!(run.out.contains("exists  policy-check.toml"), "{run:?}");
    assert!(
        run.out.contains("add `include: policy-check.gitlab-ci.yml`"),
        "{run:?}"
    );
    assert_eq!(folder.read("policy-check.toml"), "persona = \"pedantic\"\n");
    assert_eq!(folder.read(".gitlab-ci.yml"), "test: {}\n");
    let run = init(&folder, &[&GITLAB, &AUDIENCE]).exits(2);
    assert!(run.err.contains("`policies` has policies already"), "{run:?}");
}

#[test]
fn nothing_is_written_if_a_folder_cannot_be_made() {
    let folder = Folder::with(&[(".github", "a file\n")]);
    let run = init(&folder, &[&GITHUB, &AUDIENCE]).exits(2);
    assert!(run.err.contains(".github/workflows"), "{run:?}");
    assert_eq!(folder.path("policies").read_dir().unwrap().count(), 0);
    assert!(!folder.path("policy-check.toml").exists());
}

#[test]
fn roles_of_documents_are_the_beginning() {
    let folder = Folder::with(&[
        ("package.json", "{\"name\": \"shop\"}"),
        ("infra/aws/trust.json", TRUST),
    ]);
    let run = init(&folder, &[&["--ci", "github"]]).exits(0);
    assert!(run.err.contains("begins from infra/aws/trust.json"), "{run:?}");
    folder.run(&["test", "policies"]).exits(0);
    assert!(
        folder
            .read("policies/issuers.policy")
            .contains("sts.amazonaws.com")
    );
    assert!(folder.path(".github/workflows/policy-check.yml").exists());

    let named = Folder::with(&[("trust.json", TRUST)]);
    init(&named, &[&["--import", "trust.json"]]).exits(0);
    named.run(&["test", "policies"]).exits(0);
    let run = init(&Folder::with(&[("a.json", "{}")]), &[&["--import", "a.json"]]).exits(2);
    assert!(
        run.err
            .contains("this is not a document that says who gets roles"),
        "{run:?}"
    );
    for (name, text, reason) in [
        ("nope.json", "", "does not exist"),
        ("broken.json", "{", "cannot be read"),
    ] {
        let folder = Folder::new();
        if !text.is_empty() {
            folder.write(name, text);
        }
        let run = init(&folder, &[&["--import", name]]).exits(2);
        assert!(run.err.contains(reason), "{run:?}");
    }
    let without_ci = Folder::with(&[("trust.json", TRUST)]);
    let run = init(&without_ci, &[]).exits(0);
    assert!(run.err.contains("name the CI system with `--ci`"), "{run:?}");
    let other = Folder::with(&[("trust.json", TRUST)]);
    let run = init(&other, &[&["--audience", "https://sts.other.example"]]).exits(2);
    assert!(run.err.contains("`--ci` is missing"), "{run:?}");
    // An option that names a project is a wish for new roles.
    let new = Folder::with(&[("trust.json", TRUST)]);
    init(&new, &[&GITLAB, &AUDIENCE]).exits(0);
    assert!(new.path("policies/web-shop.policy").exists());
}

/// The lines of a pipeline's script.
fn script(pipeline: &str, before: &str, indent: &str) -> String {
    let (_, after) = pipeline.split_once(before).unwrap();
    let lines = after.lines().take_while(|line| line.starts_with(indent));
    lines.map(|line| format!("{}\n", &line[indent.len()..])).collect()
}

/// Runs a script in a clone, with the command on the path.
fn run_script(work: &Folder, script: &str, variables: &[(&str, &str)]) -> (bool, String) {
    let command = std::path::Path::new(env!("CARGO_BIN_EXE_policy-check"));
    let path = format!(
        "{}:{}",
        command.parent().unwrap().display(),
        std::env::var("PATH").unwrap()
    );
    let mut shell = Command::new("sh");
    shell
        .args(["-c", script])
        .current_dir(work.path(""))
        .env("PATH", path);
    let output = shell.envs(variables.iter().copied()).output().unwrap();
    let text = [output.stdout, output.stderr].concat();
    (output.status.success(), String::from_utf8(text).unwrap())
}

/// A clone of a merge request that drops the protection of the branch from the role.
fn change(ci: &[&str]) -> Project {
    Project::with_base(
        |base| {
            for old in ["policies", "policy-check.toml"] {
                let path = base.path(old);
                let removed = if path.is_dir() {
                    std::fs::remove_dir_all(path)
                } else {
                    std::fs::remove_file(path)
                };
                removed.unwrap();
            }
            init(base, &[ci, &AUDIENCE]).exits(0);
        },
        |work| {
            let policy = work
                .read("policies/web-shop.policy")
                .replace("    && ref_protected\n", "");
            work.write("policies/web-shop.policy", policy);
        },
    )
}

#[test]
fn the_pipeline_of_gitlab_shows_what_a_merge_request_changes() {
    let project = change(&GITLAB);
    let script = script(&project.work.read(".gitlab-ci.yml"), "    - |\n", "      ");
    let merge = [("CI_MERGE_REQUEST_TARGET_BRANCH_NAME", "main")];
    // The test of the unprotected branch fails.
    let (passes, text) = run_script(&project.work, &script, &merge);
    assert!(!passes && text.contains("unprotected-ref"), "{text}");
    let policy = project.outside.below("origin");
    Project::git_in(&policy, &["checkout", "-q", "main"]);
    Project::git_in(&project.work, &["fetch", "-q", "origin", "main"]);
    Project::git_in(&project.work, &["checkout", "-q", "FETCH_HEAD"]);
    for variables in [&merge[..], &[]] {
        let (passes, text) = run_script(&project.work, &script, variables);
        assert!(passes && text.contains("1 assertion proved"), "{text}");
        assert_eq!(
            text.contains("2 roles unchanged"),
            !variables.is_empty(),
            "{text}"
        );
    }
    assert!(project.work.path("policy-check.xml").exists());
}

#[test]
fn the_pipeline_of_github_shows_what_a_pull_request_changes() {
    let project = change(&GITHUB);
    let workflow = project.work.read(".github/workflows/policy-check.yml");
    let script = script(&workflow, "        run: |\n", "          ");
    assert!(workflow.contains("branches: [\"main\"]"), "{workflow}");
    // The runner checks out the merge: the first parent is the target branch.
    Project::git_in(&project.work, &["fetch", "-q", "--unshallow", "origin"]);
    Project::git_in(&project.work, &["checkout", "-q", "refs/policy-check/base"]);
    Project::git_in(
        &project.work,
        &["merge", "-q", "--no-ff", "-m", "merge", "origin/change"],
    );
    let (passes, text) = run_script(&project.work, &script, &[("BASE", "HEAD^1")]);
    assert!(!passes && text.contains("unprotected-ref"), "{text}");
    Project::git_in(&project.work, &["checkout", "-q", "refs/policy-check/base"]);
    let (passes, text) = run_script(&project.work, &script, &[("BASE", "")]);
    assert!(passes && text.contains("1 assertion proved"), "{text}");
}
