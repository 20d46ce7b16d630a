//! The guides of `docs`: their policies, configuration and job scripts, executed as they stand there.

use std::fs;
use std::path::Path;
use std::process::Command;

use rolecall::{PolicySet, Source};
use serde_json::json;

use crate::support::{Server, prepare, run};

pub(crate) fn guide(name: &str) -> String {
    let docs = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs");
    fs::read_to_string(docs.join(name)).unwrap()
}

/// Returns the first block of a language.
pub(crate) fn block<'a>(guide: &'a str, language: &str) -> &'a str {
    let (_, after) = guide.split_once(&format!("```{language}\n")).unwrap();
    after.split_once("```").unwrap().0
}

/// Returns the commands of a job's script in YAML: a command for each item, folded lines joined by spaces.
fn script(yaml: &str) -> Vec<String> {
    let (_, items) = yaml.split_once("  script:\n").unwrap();
    let mut commands: Vec<String> = Vec::new();
    for line in items.lines() {
        match (line.strip_prefix("    - "), commands.last_mut()) {
            (Some(command), _) => commands.push(command.trim_start_matches('>').to_owned()),
            (None, Some(command)) => {
                command.push(' ');
                command.push_str(line.trim());
            }
            (None, None) => panic!("{line}"),
        }
    }
    commands
}

/// A guide, its role, and the variable with the file that the script writes.
const GUIDES: [(&str, &str, &str); 2] = [
    ("aws.md", "deploy-aws", "AWS_WEB_IDENTITY_TOKEN_FILE"),
    ("azure.md", "deploy-azure", "AZURE_FEDERATED_TOKEN_FILE"),
];

#[test]
fn the_trust_of_each_guide_is_that_of_its_policy() {
    for name in ["aws.md", "azure.md", "google-cloud.md", "vault.md"] {
        let guide = guide(name);
        let policies = PolicySet::compile([Source::new(name, block(&guide, "policy"))]).unwrap();
        for role in policies.program().roles().values() {
            let (before, after) = guide.split_once("## The trust").unwrap();
            assert!(after.contains(&format!("role:{}", role.name)), "{name}");
            let (_, audience) = before.split_once("grant audience = \"").unwrap();
            let audience = audience.split('"').next().unwrap();
            // Google's provider accepts its own name, which the guide does not repeat.
            assert!(
                name == "google-cloud.md" || after.contains(audience),
                "{name}: {audience}"
            );
        }
    }
}

#[test]
fn the_doors_of_the_guides_are_accepted() {
    for name in ["google-cloud.md", "vault.md"] {
        let guide = guide(name);
        let (folder, _) = prepare(block(&guide, "toml"), "[tokens]\nttl = \"1h\"\n");
        let policy =
            block(&guide, "policy").replace("profile gitlab-ci", "profile gitlab-ci\n  jwks \"gitlab.json\"");
        fs::write(folder.path().join("policies/test.policy"), policy).unwrap();
        let checked = run(folder.path(), &["check"]);
        assert_eq!(
            String::from_utf8_lossy(&checked.stdout),
            "no findings\n",
            "{name}: {checked:?}"
        );
    }
}

#[test]
fn the_scripts_write_role_tokens() {
    if ["curl", "jq"]
        .iter()
        .any(|tool| Command::new(tool).arg("--version").output().is_err())
    {
        eprintln!("skipped: the scripts of the guides need curl and jq");
        return;
    }
    for (name, role, variable) in GUIDES {
        let guide = guide(name);
        let policy = block(&guide, "policy");
        let server = Server::of_policies(
            &policy.replace("profile gitlab-ci", "profile gitlab-ci\n  jwks \"gitlab.json\""),
        );
        let yaml = block(&guide, "yaml");
        let value = yaml
            .lines()
            .find_map(|line| line.trim().strip_prefix(&format!("{variable}: ")))
            .unwrap();
        let file = value.replace("$CI_PROJECT_DIR", server.path("project").to_str().unwrap());
        // Without the client of the cloud, which comes last.
        let commands = script(yaml);
        let commands = commands[..2]
            .join("\n")
            .replace("https://sts.acme.example", &server.url);
        let output = Command::new("bash")
            .args(["-euo", "pipefail", "-c", &commands])
            .env("no_proxy", "*")
            .env("CI_PROJECT_DIR", server.path("project"))
            .env("ROLECALL_TOKEN", server.job(json!({ "pipeline_source": "push" })))
            .env(variable, &file)
            .output()
            .unwrap();
        assert!(output.status.success(), "{name}: {output:?}");
        let token = fs::read_to_string(&file).unwrap();
        let (_, audience) = policy.split_once("grant audience = \"").unwrap();
        let ruling = server.verify(&token, audience.split('"').next().unwrap());
        assert_eq!(ruling.token().subject(), format!("role:{role}"));
    }
}

#[test]
fn the_configuration_of_the_guide_is_accepted() {
    let (folder, _) = prepare("", "");
    fs::write(
        folder.path().join("exchange.toml"),
        block(&guide("running.md"), "toml"),
    )
    .unwrap();
    let listed = run(folder.path(), &["keys", "list"]);
    assert!(listed.status.success(), "{listed:?}");
}
