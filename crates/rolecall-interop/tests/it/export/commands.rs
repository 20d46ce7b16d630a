//! Commands of an export, run by a shell with programs that only print their arguments.

use super::names;
use rolecall_engine::{PolicySet, Source};
use rolecall_interop::{Form, Target, export};
use serde_json::Value as Json;
use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;

const POLICY: &str = r#"
    issuer gitlab {
      url "https://gitlab.com"
      profile gitlab-ci
      audience ["https://sts.acme.example", "it's"]
      derive sub = "project_path:{project_path}:ref_type:{ref_type}:ref:{ref}"
    }
    role quoted { allow from gitlab when project == "acme/shop" && environment == "a'b \"c\" \$HOME `d` \\ e" }
    role branch { allow from gitlab when project == "acme/shop" && ref_type == "branch" && ref like "release/*" }
"#;

/// Runs a script where the commands are programs that print their arguments, each on a line.
fn arguments(folder: &Path, script: &str) -> Vec<String> {
    for program in ["aws", "az", "gcloud", "vault"] {
        let path = folder.join(program);
        std::fs::write(&path, format!("#!/bin/sh\nprintf '%s\\n' {program} \"$@\"\n")).unwrap();
        Command::new("chmod").arg("+x").arg(&path).status().unwrap();
    }
    let mut shell = Command::new("sh");
    let path = format!("{}:/usr/bin:/bin", folder.display());
    let output = shell
        .arg("-c")
        .arg(script)
        .env("PATH", path)
        .current_dir(folder)
        .output()
        .unwrap();
    assert!(
        output.status.success(),
        "{script}\n{}",
        String::from_utf8_lossy(&output.stderr)
    );
    String::from_utf8(output.stdout)
        .unwrap()
        .lines()
        .map(str::to_owned)
        .collect()
}

#[test]
fn a_shell_reads_the_commands_as_they_are_meant() {
    if Command::new("sh").arg("-c").arg("true").status().is_err() {
        println!("skipped: there is no `sh`");
        return;
    }
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("commands");
    std::fs::create_dir_all(&folder).unwrap();
    let set = PolicySet::compile([Source::new("roles.policy", POLICY)]).unwrap();
    let run = |role: &str, target: Target| {
        let id = set.program().role(role).unwrap();
        let mut names = names(role);
        names.form = Form::Cli;
        let export = export(&set, id, target, &names, BTreeMap::new()).unwrap();
        let documents: Vec<_> = export.documents.into_iter().flatten().collect();
        let (script, documents) = documents.split_last().unwrap();
        assert!(script.name.starts_with("commands"));
        (arguments(&folder, &script.text), documents.to_vec())
    };
    let (google, documents) = run("quoted", Target::Google);
    let provider: Json = serde_json::from_str(&documents[0].text).unwrap();
    let value = |name: &str| {
        let found = google.iter().find_map(|argument| argument.strip_prefix(name));
        found.unwrap_or_else(|| panic!("{name} {google:?}")).to_owned()
    };
    assert_eq!(
        value("--attribute-condition="),
        provider["attributeCondition"].as_str().unwrap()
    );
    assert_eq!(value("--issuer-uri="), "https://gitlab.com");
    assert_eq!(value("--allowed-audiences="), "https://sts.acme.example,it's");
    assert_eq!(value("--attribute-mapping="), "google.subject=assertion.sub");
    assert_eq!(
        value("--member="),
        "principalSet://iam.googleapis.com/projects/1234/locations/global/workloadIdentityPools/pool/*"
    );
    let (vault, documents) = run("quoted", Target::Vault);
    let files: Vec<String> = documents
        .iter()
        .map(|document| format!("@{}", document.name))
        .collect();
    assert_eq!(
        vault,
        [
            "vault",
            "write",
            "auth/gitlab/config",
            &files[0],
            "vault",
            "write",
            "auth/gitlab/role/quoted",
            &files[1]
        ]
    );
    let (aws, documents) = run("branch", Target::Aws);
    let file = format!("file://{}", documents[0].name);
    assert_eq!(
        aws,
        [
            "aws",
            "iam",
            "update-assume-role-policy",
            "--role-name",
            "branch",
            "--policy-document",
            &file
        ]
    );
    let (azure, documents) = run("branch", Target::Azure);
    assert_eq!(documents.len(), 2);
    // A flexible credential is in the beta of Graph alone.
    assert!(azure.contains(&format!("@{}", documents[1].name)), "{azure:?}");
    assert!(azure.iter().any(|argument| {
        argument.ends_with("(appId='66666666-7777-8888-9999-000000000000')/federatedIdentityCredentials")
    }));
}
