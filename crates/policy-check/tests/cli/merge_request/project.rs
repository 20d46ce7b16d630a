//! A repository with policies, a merge request for it, and a runner's clone of that.

use crate::policies::{Folder, Run};
use crate::tokens::Signer;
use std::process::{Command, Stdio};

/// The policies of the target branch.
pub(crate) const ROLES: &str = r#"edition 2026

issuer gitlab {
  url "https://gitlab.example"
  profile gitlab-ci
  audience "https://sts.acme.example"
  // policy-check: allow(keys-from-repository) the service cannot reach the issuer
  jwks "keys.json"
  algorithms [RS256]
  max_age 1h
  leeway 10s
}

/// Deploys acme/shop.
role deploy {
  tags [production]
  ttl 15m
  allow from gitlab when
    project == "acme/shop" && project_id == "4242" && ref_type == "branch" && ref == "main" && ref_protected
}

test "main deploys" {
  token gitlab {
    project_path = "acme/shop",
    project_id = "4242",
    ref_type = "branch",
    ref = "main",
    ref_protected = "true",
    pipeline_source = "push",
    environment = "production",
  }
  expect allow deploy
}

test "a tag called main does not" {
  token gitlab like "main deploys" { ref_type = "tag" }
  expect deny deploy
}
"#;

/// A guard in a file of its own.
pub(crate) const GUARD: &str = "edition 2026\nguard pushed for * { pipeline_source == \"push\" }\n";

const CONFIGURATION: &str = "persona = \"pedantic\"\nprivileged-tags = [\"production\"]\n\
     known-audiences = [\"https://sts.acme.example\"]\n[boundaries]\n\"team-a/\" = [\"secrets:apps/team-a/**\"]\n";

/// A merge request, cloned.
pub(crate) struct Project {
    /// The clone: a folder inside of the other one.
    pub(crate) work: Folder,
    /// The folder around it.
    pub(crate) outside: Folder,
}

impl Project {
    /// A merge request that changes the usual policies.
    pub(crate) fn new(change: impl FnOnce(&Folder)) -> Self {
        Self::with_base(|_| {}, change)
    }

    /// A merge request for a target branch with other changes.
    pub(crate) fn with_base(before: impl FnOnce(&Folder), change: impl FnOnce(&Folder)) -> Self {
        let outside = Folder::new();
        let origin = outside.below("origin");
        origin.write("policies/roles.policy", ROLES);
        origin.write("policies/guard.policy", GUARD);
        origin.write("policies/keys.json", Self::keys("first"));
        origin.write("policy-check.toml", CONFIGURATION);
        let commit = |message: &str| {
            // Files that are ignored, too.
            Self::git_in(&origin, &["add", "--all", "--force", "."]);
            Self::git_in(&origin, &["commit", "-qm", message, "--allow-empty"]);
        };
        Self::git_in(&origin, &["init", "-q", "--initial-branch=main"]);
        commit("first");
        before(&origin);
        commit("before");
        Self::git_in(&origin, &["checkout", "-qb", "change"]);
        change(&origin);
        commit("change");
        let url = format!("file://{}", origin.path("").display());
        Self::git_in(
            &outside,
            &["clone", "-q", "--depth=1", "--branch=change", &url, "work"],
        );
        let work = outside.below("work");
        let refspec = "+refs/heads/main:refs/policy-check/base";
        Self::git_in(
            &work,
            &["fetch", "-q", "--depth=1", "--no-tags", "origin", refspec],
        );
        Self { work, outside }
    }

    /// A key set with one new key.
    pub(crate) fn keys(kid: &'static str) -> String {
        Signer::new(kid).jwks()
    }

    /// Commits, and puts a bare repository with that commit as its base among the files of a folder.
    pub(crate) fn embed(work: &Folder, folder: &str) {
        Self::git_in(work, &["add", "--all", "--force", "."]);
        Self::git_in(work, &["commit", "-qm", "embedded"]);
        Self::git_in(work, &["clone", "-q", "--bare", ".", "bare"]);
        Self::git_in(
            &work.below("bare"),
            &["update-ref", "refs/policy-check/base", "HEAD"],
        );
        for name in ["HEAD", "config", "objects", "refs"] {
            let target = work.path(folder).join(name);
            std::fs::rename(work.path("bare").join(name), target).unwrap();
        }
        // Git keeps no empty folder.
        work.write(&format!("{folder}/refs/heads/.keep"), "");
        std::fs::remove_dir_all(work.path("bare")).unwrap();
    }

    /// Runs the command in the clone.
    pub(crate) fn run(&self, arguments: &[&str]) -> Run {
        self.work.run(arguments)
    }

    /// Checks the policies by the configuration of the target branch.
    pub(crate) fn check(&self, more: &[&str]) -> Run {
        self.run(&[&["check", "policies", "--base", "refs/policy-check/base"], more].concat())
    }

    /// Compares the policies with those of the target branch.
    pub(crate) fn diff(&self, more: &[&str]) -> Run {
        self.run(&[&["diff", "policies", "--base", "refs/policy-check/base"], more].concat())
    }

    /// Runs git in the clone.
    pub(crate) fn git(&self, arguments: &[&str]) {
        Self::git_in(&self.work, arguments);
    }

    /// Runs git without the settings of this machine.
    pub(crate) fn git_in(folder: &Folder, arguments: &[&str]) -> String {
        let mut command = Command::new("git");
        command
            .args(arguments)
            .current_dir(folder.path(""))
            .stdin(Stdio::null());
        command
            .env("GIT_CONFIG_GLOBAL", "/dev/null")
            .env("GIT_CONFIG_NOSYSTEM", "1");
        for role in ["AUTHOR", "COMMITTER"] {
            command.env(format!("GIT_{role}_NAME"), "a");
            command.env(format!("GIT_{role}_EMAIL"), "a@example.com");
        }
        let output = command.output().unwrap();
        assert!(output.status.success(), "git {arguments:?}: {output:?}");
        String::from_utf8(output.stdout).unwrap()
    }
}
