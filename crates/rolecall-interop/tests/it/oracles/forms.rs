//! The tools of Terraform and CloudFormation take what an export writes.

use rolecall_engine::{PolicySet, Source};
use rolecall_interop::{Document, Form, Names, NotExported, Target, constant_grants, export, role_tokens};
use serde_json::{Value as Json, json};
use std::collections::BTreeMap;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

const POLICY: &str = r#"
    issuer gitlab {
      url "https://gitlab.com"
      profile gitlab-ci
      audience ["https://sts.acme.example", "other"]
      derive sub = "project_path:{project_path}:ref_type:{ref_type}:ref:{ref}"
    }
    issuer github {
      url "https://token.actions.githubusercontent.com"
      profile github-actions
      audience "https://sts.acme.example"
    }
    role branch {
      allow from gitlab when project == "acme/shop" && project_id == "4242" && ref_type == "branch" && ref like "release/*"
      grant audience = "https://sts.acme.example"
      grant aws_role = "arn:aws:iam::123456789012:role/ci/branch"
      grant azure_client = "11111111-2222-3333-4444-555555555555/66666666-7777-8888-9999-000000000000"
      grant gcp_provider = "//iam.googleapis.com/projects/1234/locations/global/workloadIdentityPools/branch/providers/gitlab"
      grant gcp_service_account = "branch@acme-prod.iam.gserviceaccount.com"
      grant vault_role = "ops/auth/jwt-ci:branch"
    }
    role two {
      allow from gitlab when project in ["acme/shop", "acme/web"] && ref_type == "branch" && ref == "main"
      allow from github when repository == "acme/shop" && repository_id == "7" && event_name == "push"
    }
"#;

/// Returns the documents of all roles in a form, for the tokens of jobs and for role tokens.
fn documents(form: Form) -> Vec<Document> {
    let set = PolicySet::compile([Source::new("roles.policy", POLICY)]).unwrap();
    let mut all = Vec::new();
    for (id, role) in set.program().roles().iter() {
        for target in Target::ALL {
            let mut names = Names::new(&role.name, constant_grants(set.program(), id));
            names.account = Some("123456789012".to_owned());
            names.form = form;
            let of_jobs = export(&set, id, target, &names, BTreeMap::new());
            let of_exchange = role_tokens(&set, &[id], "https://sts.acme.example", &[target]);
            let of_exchange = of_exchange.map_err(NotExported::from).and_then(|trust| {
                let id = trust.program().role(&role.name).unwrap();
                export(&trust, id, target, &names, BTreeMap::new())
            });
            let exports = [of_jobs, of_exchange].into_iter().flatten();
            all.extend(exports.flat_map(|export| export.documents).flatten());
        }
    }
    assert!(all.len() > 2, "{all:?}");
    all
}

fn is_full() -> bool {
    let is_full = std::env::var_os("ROLECALL_FULL").is_some_and(|value| value == "1");
    if !is_full {
        println!("skipped: the tools need `ROLECALL_FULL=1`");
    }
    is_full
}

fn folder(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    std::fs::create_dir_all(&folder).unwrap();
    folder
}

/// Returns the types of resources with the names of their attributes and blocks.
fn resources(text: &str) -> Vec<Json> {
    let mut resources: Vec<(String, Vec<String>)> = Vec::new();
    for line in text.lines() {
        if let Some(rest) = line.strip_prefix("resource \"") {
            resources.push((rest.split_once('"').unwrap().0.to_owned(), Vec::new()));
        }
        let member = line
            .strip_prefix("  ")
            .filter(|rest| rest.starts_with(|c: char| c.is_ascii_lowercase()));
        if let Some(member) = member {
            let name = member.split([' ', '=']).next().unwrap();
            resources.last_mut().unwrap().1.push(name.to_owned());
        }
    }
    resources
        .into_iter()
        .map(|(kind, attributes)| json!({"type": kind, "attributes": attributes}))
        .collect()
}

#[test]
fn resources_are_as_terraform_formats_them() {
    if !is_full() || Command::new("terraform").arg("version").output().is_err() {
        println!("skipped: there is no `terraform`");
        return;
    }
    let file = folder("terraform-fmt").join("resources.tf");
    for document in documents(Form::Terraform) {
        std::fs::write(&file, &document.text).unwrap();
        let mut format = Command::new("terraform");
        format.args(["fmt", "-check", "-diff", "-no-color"]).arg(&file);
        let output = format.output().unwrap();
        assert!(
            output.status.success(),
            "{}",
            String::from_utf8_lossy(&output.stdout)
        );
    }
}

#[test]
fn resources_fit_the_schemas_of_their_providers() {
    if !is_full() || Command::new("npm").arg("--version").output().is_err() {
        println!("skipped: there is no `npm`");
        return;
    }
    let folder = folder("providers");
    let mut install = Command::new("npm");
    install.args([
        "install",
        "--silent",
        "--no-audit",
        "--no-fund",
        "--ignore-scripts",
        "--legacy-peer-deps",
        "--prefix",
    ]);
    install.arg(&folder).args([
        "@cdktf/provider-azuread@14.3.1",
        "@cdktf/provider-google@16.12.1",
        "@cdktf/provider-vault@15.6.1",
    ]);
    assert!(
        install.status().unwrap().success(),
        "npm does not install the providers"
    );
    let documents = documents(Form::Terraform);
    let asked: Vec<Json> = documents
        .iter()
        .flat_map(|document| resources(&document.text))
        .collect();
    // The package of AWS is too large for a test: its role has a name and a trust policy alone.
    let (aws, asked): (Vec<Json>, Vec<Json>) = asked
        .into_iter()
        .partition(|resource| resource["type"] == "aws_iam_role");
    assert!(
        aws.iter()
            .all(|role| role["attributes"] == json!(["name", "assume_role_policy"]))
    );
    assert!(asked.len() > 10, "{asked:?}");
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/oracles/providers.mjs");
    let mut check = Command::new("node");
    let mut running = check
        .arg(script)
        .arg(folder)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    running
        .stdin
        .take()
        .unwrap()
        .write_all(json!(asked).to_string().as_bytes())
        .unwrap();
    let output = running.wait_with_output().unwrap();
    let faults: Json = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(faults, json!([]));
    println!("providers: {} resources", asked.len());
}

#[test]
fn cfn_lint_takes_the_templates() {
    if !is_full() || Command::new("python3").arg("--version").output().is_err() {
        println!("skipped: there is no `python3`");
        return;
    }
    let folder = folder("cfn-lint");
    let python = folder.join("bin/python");
    let run = |program: &Path, arguments: &[&str]| {
        let done = Command::new(program).args(arguments).status().unwrap();
        assert!(done.success(), "{arguments:?}");
    };
    run(Path::new("python3"), &["-m", "venv", folder.to_str().unwrap()]);
    run(&python, &["-m", "pip", "install", "--quiet", "cfn-lint==1.58.0"]);
    for (number, document) in documents(Form::CloudFormation).iter().enumerate() {
        let file = folder.join(format!("template-{number}.json"));
        std::fs::write(&file, &document.text).unwrap();
        let output = Command::new(folder.join("bin/cfn-lint"))
            .arg(&file)
            .output()
            .unwrap();
        assert!(
            output.status.success(),
            "{}\n{}",
            String::from_utf8_lossy(&output.stdout),
            document.text
        );
    }
}
