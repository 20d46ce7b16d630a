//! The scripts of the templates, run as they are.

use std::env;
use std::fs;
use std::path::Path;
use std::process::Command;

use super::project::Project;
use crate::policies::Run;

/// The first block of a YAML file below a line, without its indentation.
fn block(file: &str, below: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").join(file);
    let text = fs::read_to_string(path).unwrap();
    let (_, rest) = text.split_once(below).unwrap();
    let first = rest.lines().find(|line| !line.trim().is_empty()).unwrap();
    let indentation = first.len() - first.trim_start().len();
    let lines = rest.lines().skip_while(|line| line.trim().is_empty());
    let lines = lines.take_while(|line| line.trim().is_empty() || line.starts_with(&first[..indentation]));
    lines
        .map(|line| format!("{}\n", line.get(indentation..).unwrap_or_default()))
        .collect()
}

impl Project {
    /// Runs a script in the clone, with the command on its PATH.
    fn script(&self, script: &str, variables: &[(&str, &str)]) -> Run {
        let command = Path::new(env!("CARGO_BIN_EXE_policy-check")).parent().unwrap();
        let path = format!("{}:{}", command.display(), env::var("PATH").unwrap());
        let mut bash = Command::new("bash");
        bash.args(["-e", "-o", "pipefail", "-c", script])
            .current_dir(self.work.path(""));
        bash.env("PATH", path)
            .env("GIT_CONFIG_GLOBAL", "/dev/null")
            .env("GIT_CONFIG_NOSYSTEM", "1");
        for variable in ["CI", "GITHUB_ACTIONS", "NO_COLOR", "CLICOLOR_FORCE"] {
            bash.env_remove(variable);
        }
        bash.envs(variables.iter().copied());
        let output = bash.output().unwrap();
        Run {
            code: output.status.code().unwrap(),
            out: String::from_utf8(output.stdout).unwrap(),
            err: String::from_utf8(output.stderr).unwrap(),
        }
    }

    /// Runs the job of the GitLab component for the merge request, with inputs.
    pub(super) fn job(&self, inputs: &[(&str, &str)]) -> Run {
        let mut variables = vec![
            ("CI_MERGE_REQUEST_TARGET_BRANCH_NAME", "main"),
            ("POLICY_CHECK_PATHS", "policies"),
            ("POLICY_CHECK_FAIL_LEVEL", ""),
            ("POLICY_CHECK_PERSONA", ""),
            ("POLICY_CHECK_TESTS", "true"),
            ("POLICY_CHECK_SARIF", "false"),
            ("POLICY_CHECK_NO_NEW_ACCESS", "false"),
            ("POLICY_CHECK_ACCEPT_CONFIGURATION", "false"),
        ];
        variables.extend(inputs);
        self.script(
            &block("templates/policy-check.yml", "  script:\n    - |\n"),
            &variables,
        )
    }
}

#[test]
fn every_variable_of_the_script_is_an_input() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../templates/policy-check.yml");
    let text = fs::read_to_string(path).unwrap();
    for name in [
        "PATHS",
        "FAIL_LEVEL",
        "PERSONA",
        "TESTS",
        "SARIF",
        "NO_NEW_ACCESS",
        "ACCEPT_CONFIGURATION",
    ] {
        let input = name.to_lowercase().replace('_', "-");
        assert!(text.contains(&format!("POLICY_CHECK_{name}:")), "{name}");
        assert!(text.contains(&format!("\n    {input}:\n")), "{input}");
    }
}

#[test]
fn the_action_judges_pull_requests_in_the_same_way() {
    let script = block(
        "action.yml",
        "ROOT: ${{ runner.temp }}/policy-check\n      run: |\n        # A command on",
    );
    let script = format!("# A command on{script}");
    let run = |project: &Project, more: &[(&str, &str)]| {
        let output = project.outside.path("output");
        let output = output.to_str().unwrap();
        let mut variables = vec![
            ("GITHUB_OUTPUT", output),
            ("GITHUB_BASE_REF", "main"),
            ("PATHS", "policies"),
            ("FAIL_LEVEL", ""),
            ("PERSONA", ""),
            ("TESTS", "true"),
            ("SARIF_FILE", "policy-check.sarif"),
            ("NO_NEW_ACCESS", "true"),
            ("ACCEPT_CONFIGURATION", "false"),
            ("ROOT", output),
        ];
        variables.extend(more);
        project.script(&script, &variables)
    };
    let honest = Project::new(|work| work.write("policies/notes.md", "notes"));
    run(&honest, &[]).exits(0);
    run(&honest, &[("GITHUB_BASE_REF", "")]).exits(0);
    let weaker = Project::new(|work| work.write("policy-check.toml", "fail-level = \"high\"\n"));
    let refused = run(&weaker, &[]).exits(1);
    assert!(
        refused.out.contains("::error file=policy-check.toml"),
        "{refused:?}"
    );
    run(&weaker, &[("ACCEPT_CONFIGURATION", "true")]).exits(0);
    let keys = Project::keys("other");
    let other = Project::new(|work| work.write("policies/keys.json", &keys));
    run(&other, &[]).exits(1);
    run(&other, &[("NO_NEW_ACCESS", "false")]).exits(0);
}

#[test]
fn the_action_builds_outside_of_the_checkout() {
    let script = block(
        "action.yml",
        "ROOT: ${{ runner.temp }}/policy-check\n      run: |\n",
    );
    assert!(script.contains("cargo install"), "{script}");
    let project = Project::new(|_| {});
    let action = project.outside.below("action");
    // A PATH without the command, and a cargo that says where it is started.
    project.outside.write("bin/cargo", "#!/bin/sh\npwd\n");
    let path = "chmod +x ../bin/cargo; PATH=\"$PWD/../bin:/usr/bin:/bin\"\n";
    for repository in ["", "https://git.example/mirror"] {
        let action = action.path("");
        let revision = "0".repeat(40);
        let variables = [
            ("ACTION", action.to_str().unwrap()),
            ("REPOSITORY", repository),
            ("REVISION", revision.as_str()),
            ("ROOT", "/nowhere"),
        ];
        let run = project.script(&format!("{path}{script}"), &variables).exits(0);
        assert_eq!(run.out.trim(), action.canonicalize().unwrap().to_str().unwrap());
    }
}
