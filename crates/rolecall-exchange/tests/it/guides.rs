//! The guides of `docs`: their policies, configuration and job scripts, executed as they stand there.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;

use rolecall::testing::TestIssuer;
use rolecall::{PolicySet, Source};
use serde_json::{Value, json};

use crate::jobs::POLICY;
use crate::support::ci::{Ended, Runner, SHELLS, Variables, file, github_job, server, yaml};
use crate::support::{ISSUER, Recorder, Server, prepare, run};

pub(crate) fn guide(name: &str) -> String {
    let docs = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs");
    fs::read_to_string(docs.join(name)).unwrap()
}

/// Returns the first block of a language.
pub(crate) fn block<'a>(guide: &'a str, language: &str) -> &'a str {
    let (_, after) = guide.split_once(&format!("```{language}\n")).unwrap();
    after.split_once("```").unwrap().0
}

/// Returns all blocks of a language.
fn blocks<'a>(guide: &'a str, language: &str) -> Vec<&'a str> {
    let begin = format!("```{language}\n");
    let parts = guide.split(&*begin).skip(1);
    parts.map(|part| part.split_once("```").unwrap().0).collect()
}

/// A guide, its role, and the last command of its jobs.
const GUIDES: [(&str, &str, &str); 4] = [
    ("aws.md", "deploy-aws", "aws sts get-caller-identity"),
    ("azure.md", "deploy-azure", "az login --service-principal"),
    ("google-cloud.md", "push-gcp", "gcloud auth login --cred-file"),
    ("vault.md", "read-secrets", "vault kv get"),
];

#[test]
fn the_trust_of_each_guide_is_that_of_its_policy() {
    for name in ["aws.md", "azure.md", "google-cloud.md", "vault.md"] {
        let guide = guide(name);
        for json in blocks(&guide, "json") {
            serde_json::from_str::<Value>(json).unwrap();
        }
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
        let checked = run(folder.path(), &["check", "--lock"]);
        assert!(checked.status.success(), "{name}: {checked:?}");
    }
}

#[test]
fn the_jobs_of_the_guides_get_role_tokens() {
    for (name, role, command) in GUIDES {
        let guide = guide(name);
        let policy = block(&guide, "policy");
        let (_, audience) = policy.split_once("grant audience = \"").unwrap();
        let audience = audience.split('"').next().unwrap();
        let (server, github) = server(policy);
        let here = |text: &&str| yaml(&text.replace(ISSUER, &server.url)).remove(0);
        let jobs: Vec<Value> = blocks(&guide, "yaml").iter().map(here).collect();
        let [in_gitlab, in_github, without_file @ ..] = jobs.as_slice() else {
            panic!("{name}")
        };
        let check = |runner: &Runner, ended: &Ended, folder: &str| {
            assert!(ended.is_success, "{name}: {ended:?}");
            let token = role_token(&server, &runner.path(folder), audience);
            let ruling = server.verify(&token, audience);
            assert_eq!(ruling.token().subject(), format!("role:{role}"));
            let calls = runner.calls();
            assert!(calls.lines().any(|call| call.starts_with(command)), "{calls}");
            // Only `az` takes a token as an argument.
            assert_eq!(calls.contains(&token), name == "azure.md", "{calls}");
        };
        let Some(runner) = Runner::new() else { return };
        let job = server.job(json!({ "pipeline_source": "push" }));
        let ended = runner.gitlab(SHELLS[0], in_gitlab, &server.url, &job);
        check(&runner, &ended, "project.tmp");
        let Some(runner) = Runner::new() else { return };
        let ended = runner.github(in_github, &issuer(&github));
        check(&runner, &ended, "temp");
        // Of clients that log in at a door with the job's token.
        for in_gitlab in without_file {
            let Some(runner) = Runner::new() else { return };
            let ended = runner.gitlab(SHELLS[0], in_gitlab, &server.url, &job);
            assert!(ended.is_success, "{name}: {ended:?}");
            let calls = runner.calls();
            assert!(calls.lines().any(|call| call.starts_with(command)), "{calls}");
            assert!(!calls.contains(&job), "{calls}");
        }
    }
}

/// Returns a stand-in for GitHub that issues ID tokens of a job on `main`.
fn issuer(github: &TestIssuer) -> Recorder {
    let recorder = Recorder::start();
    let job = github_job(github, "refs/heads/main");
    recorder.say(200, "", &json!({ "count": 1, "value": job }).to_string());
    recorder
}

/// Returns the role token that a client of a cloud gets from the files of a job: of a Google configuration, if there is
/// one, by its `credential_source`.
fn role_token(server: &Server, folder: &Path, audience: &str) -> String {
    let Ok(google) = fs::read_to_string(folder.join("google.json")) else {
        let files = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
        // GitHub's is in a folder of the step.
        let mut files = files.map(|path| {
            if path.is_dir() {
                path.join("role-token")
            } else {
                path
            }
        });
        return fs::read_to_string(files.next().unwrap()).unwrap();
    };
    let google: Value = serde_json::from_str(&google).unwrap();
    assert_eq!(google["audience"], audience);
    let source = &google["credential_source"];
    let Some(url) = source["url"].as_str() else {
        return fs::read_to_string(source["file"].as_str().unwrap()).unwrap();
    };
    // It has the job's token.
    let mode = fs::metadata(folder.join("google.json"))
        .unwrap()
        .permissions()
        .mode();
    assert_eq!(mode & 0o777, 0o600);
    let bearer = source["headers"]["Authorization"].as_str().unwrap();
    let answer = server.get(
        url.strip_prefix(&server.url).unwrap(),
        &[("authorization", bearer)],
    );
    let member = source["format"]["subject_token_field_name"].as_str().unwrap();
    answer.json()[member].as_str().unwrap().to_owned()
}

#[test]
fn each_way_of_the_page_on_jobs_gets_a_role_token() {
    let page = guide("jobs.md");
    let (server, github) = server(POLICY);
    let here = |text: &str| text.replace(ISSUER, &server.url);
    let verified = |file: &Path| {
        let token = fs::read_to_string(file).unwrap();
        let ruling = server.verify(token.trim_end(), "https://deploy.acme.example");
        assert_eq!(ruling.token().subject(), "role:deploy");
    };
    let job = server.job(json!({}));
    let [in_gitlab, in_github] = blocks(&page, "yaml")[..] else {
        panic!("{page}")
    };
    let Some(runner) = Runner::new() else { return };
    let in_gitlab = yaml(&here(in_gitlab)).remove(0);
    let ended = runner.gitlab(SHELLS[1], &in_gitlab, &server.url, &job);
    assert!(ended.is_success, "{ended:?}");
    verified(&runner.path("project.tmp/role-token"));
    let ended = runner.github(&yaml(&here(in_github)).remove(0), &issuer(&github));
    assert!(ended.is_success, "{ended:?}");
    let calls = runner.calls();
    let mut files = calls
        .lines()
        .filter_map(|call| call.strip_prefix("deploy --token-file "));
    assert_eq!(files.next(), runner.path("project.tmp/role-token").to_str());
    verified(Path::new(files.next().unwrap()));
    let by_hand = blocks(&page, "sh");
    assert_eq!(by_hand.len(), 2);
    for (script, name) in by_hand.into_iter().zip(["curl", "client"]) {
        let file = runner.path(name);
        let variables = Variables::from([
            ("ROLECALL_TOKEN".to_owned(), job.clone()),
            ("ROLE_TOKEN_FILE".to_owned(), file.display().to_string()),
        ]);
        let ended = runner.shell(SHELLS[0], &here(script), &variables);
        assert!(ended.is_success, "{ended:?}");
        verified(&file);
    }
    assert!(!runner.calls().contains(&job), "{}", runner.calls());
}

#[test]
fn the_page_on_jobs_has_all_inputs() {
    let page = guide("jobs.md");
    let (in_gitlab, in_github) = page.split_once("\n## GitHub\n").unwrap();
    let component = yaml(file("templates/role-token.yml").split_once("\n---\n").unwrap().0).remove(0);
    let action = yaml(&file("actions/role-token/action.yml")).remove(0);
    for (text, inputs) in [
        (in_gitlab, &component["spec"]["inputs"]),
        (in_github, &action["inputs"]),
    ] {
        let rows = text
            .lines()
            .filter_map(|line| line.strip_prefix("| `")?.split('`').next());
        let mut rows: Vec<&str> = rows.collect();
        rows.sort_unstable();
        let names: Vec<&String> = inputs.as_object().unwrap().keys().collect();
        assert_eq!(rows, names);
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
