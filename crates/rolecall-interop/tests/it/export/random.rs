//! Random roles: a target's reference evaluator admits no token that does not get the role. If the export is exact, it admits
//! each that does.

use super::{names, publisher, word};
use crate::aws::dice::{Dice, sampled};
use crate::aws::reference::Context;
use crate::google::cel::Open;
use crate::{aws, azure, google, kubernetes, octo_sts, vault};
use rolecall_engine::{Document as Token, JsonLimits, PolicySet, Source, UnverifiedClaims};
use rolecall_interop::aws::{Published, published};
use rolecall_interop::{Document, NotExported, Registry, Target, export};
use serde_json::{Map, Value as Json, json};
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;

const AUDIENCE: &str = "https://sts.acme.example";
const AUDIENCES: &str = r#""https://sts.acme.example", "crates.io", "npm:registry.npmjs.org", "pypi""#;
const GITLAB: &str = "https://gitlab.com";
const GITHUB: &str = "https://token.actions.githubusercontent.com";

/// A claim with values of tokens. An empty one is an absent claim.
type Claim = (&'static str, &'static [&'static str]);

const OF_GITLAB: &[Claim] = &[
    (
        "project_path",
        &["acme/shop", "acme/web", "acme/a/b", "acme-evil/shop", "octo/shop"],
    ),
    ("project_id", &["4242", "42"]),
    ("namespace_id", &["72", "7"]),
    ("ref", &["main", "release/1", "v1", "maintenance"]),
    ("ref_type", &["branch", "tag"]),
    ("ref_protected", &["true", "false"]),
    ("pipeline_source", &["push", "web", "schedule", "new_source"]),
    (
        "environment",
        &["", "production", "review/1", "review/a/b", "Production"],
    ),
    ("environment_protected", &["", "true", "false"]),
    ("job_project_id", &["", "4242", "42"]),
    ("user_login", &["ann", "bob"]),
    ("user_access_level", &["", "owner", "developer"]),
];

const OF_GITHUB: &[Claim] = &[
    ("repository", &["acme/shop", "acme/web", "octo/shop"]),
    ("repository_id", &["4242", "42"]),
    ("repository_owner_id", &["72", "7"]),
    (
        "ref",
        &["refs/heads/main", "refs/heads/release/1", "refs/tags/v1"],
    ),
    ("ref_type", &["branch", "tag"]),
    ("ref_protected", &["true", "false"]),
    ("event_name", &["push", "pull_request", "schedule"]),
    ("environment", &["", "production", "a:b"]),
    ("actor", &["ann", "bob"]),
    ("sha", &["f00d"]),
];

/// The values of claims with a workflow, which have other claims in them.
const OF_WORKFLOWS: &[(&str, &str, &[&str])] = &[
    (
        GITHUB,
        "workflow_ref",
        &[
            "{repository}/.github/workflows/release.yml@{ref}",
            "{repository}/.github/workflows/ci.yml@{ref}",
            "acme/ci/.github/workflows/release.yml@refs/heads/main",
        ],
    ),
    (
        GITHUB,
        "job_workflow_ref",
        &[
            "{repository}/.github/workflows/release.yml@{ref}",
            "",
            "{repository}/.github/workflows/release.yml@{sha}",
            "acme/ci/.github/workflows/a.yml@refs/heads/main",
        ],
    ),
    (
        GITLAB,
        "ci_config_ref_uri",
        &[
            "gitlab.com/{project_path}//release.yml@{ref_path}",
            "gitlab.com/{project_path}//.gitlab-ci.yml@{ref_path}",
            "gitlab.com/{project_path}//release.yml@{sha}",
            "",
        ],
    ),
];

const CONDITIONS_OF_GITLAB: &[&str] = &[
    r#"project == "acme/shop""#,
    r#"project in ["acme/shop", "acme/web"]"#,
    r#"project under "acme""#,
    r#"project like "acme*""#,
    r#"project glob "acme/*""#,
    r#"project glob "acme/**""#,
    r#"project_id == "4242""#,
    r#"project_id != "42""#,
    r#"namespace_id in ["72", "73"]"#,
    r#"ref == "main""#,
    r#"ref like "release/*""#,
    r#"ref matches /(main|v[0-9]+)/"#,
    r#"ref like "main*""#,
    r#"ref_type == "branch""#,
    r#"ref_type != "tag""#,
    "ref_protected",
    r#"pipeline_source == "push""#,
    r#"pipeline_source in ["push", "schedule"]"#,
    r#"pipeline_source != "web""#,
    "has environment",
    r#"environment == "production""#,
    r#"environment glob "review/*""#,
    "environment_protected",
    "job_project_id == project_id",
    r#"user_login like "a*""#,
    r#"user_access_level in ["owner", "maintainer"]"#,
    r#"ci_config_ref_uri == "gitlab.com/acme/shop//release.yml@{ref_path}""#,
    r#"ci_config_ref_uri like "gitlab.com/acme/shop//release.yml@*""#,
    r#"environment matches /[pP]roduction/"#,
    r#"sub == "project_path:acme/shop:ref_type:branch:ref:main""#,
    r#"sub like "project_path:acme/*:ref_type:branch:ref:main""#,
];

const CONDITIONS_OF_GITHUB: &[&str] = &[
    r#"project == "acme/shop""#,
    r#"project in ["acme/shop", "acme/web"]"#,
    r#"project under "acme""#,
    r#"repository_id == "4242""#,
    r#"repository_owner_id in ["72", "73"]"#,
    r#"ref == "refs/heads/main""#,
    r#"ref glob "refs/tags/v*""#,
    r#"ref like "refs/heads/*""#,
    r#"ref_type == "branch""#,
    "ref_protected",
    r#"event_name == "push""#,
    r#"event_name != "pull_request""#,
    "has environment",
    r#"environment == "production""#,
    r#"environment like "a*""#,
    r#"actor in ["ann", "cat"]"#,
    r#"job_workflow_ref like "acme/ci/*@refs/heads/main""#,
    r#"job_workflow_ref == "acme/shop/.github/workflows/release.yml@{ref}""#,
    r#"workflow_ref like "*/release.yml@*""#,
    r#"workflow_ref like "acme/shop/.github/workflows/release.yml@*""#,
    r#"sub == "repo:acme/shop:environment:production""#,
    r#"sub like "repo:acme/*:ref:refs/heads/main""#,
];

const OF_PUBLISHERS_ON_GITLAB: &[&str] = &[
    r#"environment == "production""#,
    r#"environment in ["production", "Production"]"#,
    r#"environment matches /[pP][rR][oO][dD][uU][cC][tT][iI][oO][nN]/"#,
    r#"ci_config_ref_uri == "gitlab.com/acme/shop//release.yml@{ref_path}""#,
    r#"ci_config_ref_uri like "*//release.yml@*""#,
    "ref_protected",
];

const OF_PUBLISHERS_ON_GITHUB: &[&str] = &[
    r#"environment == "production""#,
    r#"environment in ["production", "a:b"]"#,
    r#"job_workflow_ref == "acme/shop/.github/workflows/release.yml@{ref}""#,
    r#"job_workflow_ref like "acme/shop/.github/workflows/release.yml@*""#,
    r#"workflow_ref like "*/.github/workflows/release.yml@*""#,
    "ref_protected",
];

fn condition(dice: &mut Dice, of: &[&str], levels: usize) -> String {
    match dice.below(if levels == 0 { 1 } else { 5 }) {
        0 => dice.of(of).to_owned(),
        1 => format!("!({})", condition(dice, of, levels - 1)),
        2 => format!(
            "({} || {})",
            condition(dice, of, levels - 1),
            condition(dice, of, levels - 1)
        ),
        _ => format!(
            "({} && {})",
            condition(dice, of, levels - 1),
            condition(dice, of, levels - 1)
        ),
    }
}

/// Returns a condition as of a role that publishes: a project, mostly with an environment, a workflow or something else.
fn of_publisher(dice: &mut Dice, projects: &[&str], others: &[&str]) -> String {
    let mut parts = vec![dice.of(projects)];
    parts.extend((0..dice.below(3)).map(|_| dice.of(others)));
    parts.join(" && ")
}

fn policy(dice: &mut Dice) -> String {
    let is_of_publisher = dice.one_in(4);
    let clauses = (0..=dice.below(2)).map(|_| {
        let (issuer, of, others) = match dice.one_in(2) {
            true => ("gitlab", CONDITIONS_OF_GITLAB, OF_PUBLISHERS_ON_GITLAB),
            false => ("github", CONDITIONS_OF_GITHUB, OF_PUBLISHERS_ON_GITHUB),
        };
        let condition = match is_of_publisher {
            true => of_publisher(dice, &[of[0], of[1]], others),
            false => condition(dice, of, 3),
        };
        format!("  allow from {issuer} when {condition}\n")
    });
    let clauses: String = clauses.collect();
    format!(
        "issuer gitlab {{ url \"{GITLAB}\" profile gitlab-ci audience [{AUDIENCES}] }}\n\
         issuer github {{ url \"{GITHUB}\" profile github-actions audience [{AUDIENCES}] }}\n\
         role deploy {{\n{clauses}}}\n"
    )
}

/// Returns a token as its CI system writes it.
fn token(dice: &mut Dice) -> Json {
    let (url, claims) = match dice.one_in(2) {
        true => (GITLAB, OF_GITLAB),
        false => (GITHUB, OF_GITHUB),
    };
    let mut token = Map::new();
    for (name, values) in claims {
        // Half of the tokens are near the first values.
        let value = if dice.one_in(2) {
            values[values.len() / 3]
        } else {
            dice.of(values)
        };
        if !value.is_empty() {
            token.insert((*name).to_owned(), json!(value));
        }
    }
    if url == GITLAB {
        let kind = if token["ref_type"] == "branch" {
            "heads"
        } else {
            "tags"
        };
        let path = format!("refs/{kind}/{}", token["ref"].as_str().unwrap());
        token.extend([
            ("ref_path".to_owned(), json!(path)),
            ("sha".to_owned(), json!("f00d")),
        ]);
    }
    for (_, name, values) in OF_WORKFLOWS.iter().filter(|(of, ..)| *of == url) {
        let mut value = dice.of(values).to_owned();
        for (claim, text) in &token {
            value = value.replace(&format!("{{{claim}}}"), text.as_str().unwrap_or_default());
        }
        if !value.is_empty() {
            token.insert((*name).to_owned(), json!(value));
        }
    }
    let of = |name: &str| token.get(name).and_then(Json::as_str).unwrap_or_default();
    let sub = match url {
        GITLAB => format!(
            "project_path:{}:ref_type:{}:ref:{}",
            of("project_path"),
            of("ref_type"),
            of("ref")
        ),
        _ => {
            let repository = of("repository");
            match (of("environment"), of("event_name")) {
                ("", "pull_request") => format!("repo:{repository}:pull_request"),
                ("", _) => format!("repo:{repository}:ref:{}", of("ref")),
                (environment, _) => format!(
                    "repo:{repository}:environment:{}",
                    environment.replace(':', "%3A")
                ),
            }
        }
    };
    let aud = if dice.one_in(10) { "other" } else { AUDIENCE };
    token.extend([
        ("iss".to_owned(), json!(url)),
        ("aud".to_owned(), json!(aud)),
        ("sub".to_owned(), json!(sub)),
        ("iat".to_owned(), json!(1_800_000_000)),
        ("exp".to_owned(), json!(1_800_003_600)),
    ]);
    Json::Object(token)
}

/// Returns whether the reference evaluator of a target admits a token.
fn admits(target: Target, groups: &[Vec<Document>], token: &Json) -> bool {
    let (issuer, aud) = (token["iss"].as_str().unwrap(), token["aud"].as_str().unwrap());
    let host = issuer.strip_prefix("https://").unwrap();
    let parsed = |document: &Document| -> Json { serde_json::from_str(&document.text).unwrap() };
    groups.iter().any(|documents| match target {
        Target::Aws => {
            let mut context = Context::new();
            for (name, value) in token.as_object().unwrap() {
                if name != "aud"
                    && published(host, name) != Published::No
                    && let Some(text) = value.as_str()
                {
                    context.insert(format!("{host}:{name}"), vec![text.to_owned()]);
                }
            }
            context.insert(format!("{host}:aud"), vec![aud.to_owned()]);
            aws::reference::admits(&parsed(&documents[0]), host, &context)
        }
        Target::Azure => azure::reference::allows(&parsed(&documents[0]), token).unwrap(),
        Target::Google => {
            let (policy, providers) = documents.split_last().unwrap();
            let providers: Vec<Json> = providers.iter().map(parsed).collect();
            let open = Open {
                kinds_are_errors: false,
                attributes_are_required: true,
            };
            google::reference::admits(
                &parsed(policy),
                "roles/iam.workloadIdentityUser",
                &providers,
                token,
                open,
            )
        }
        Target::Kubernetes => entries(&documents[0].text)
            .iter()
            .any(|entry| entry["issuer"]["url"] == *issuer && kubernetes::reference::accepts(entry, token)),
        Target::OctoSts => documents.iter().any(|document| {
            octo_sts::reference::allows(&lines(&document.text), token, false).unwrap_or(false)
        }),
        Target::TrustedPublisher(registry) => documents
            .iter()
            .any(|document| publisher::admits(registry, &document.text, token)),
        Target::Vault => {
            let (mount, roles) = documents.split_first().unwrap();
            parsed(mount)["bound_issuer"] == *issuer
                && roles
                    .iter()
                    .any(|role| vault::reference::allows(&parsed(role), token).unwrap())
        }
    })
}

/// Reads the lines of a policy of octo-sts: texts in JSON, and one map of them.
fn lines(text: &str) -> Json {
    let mut policy = Map::new();
    for line in text.lines() {
        let (name, value) = line
            .split_once(": ")
            .unwrap_or((line.trim_end_matches(':'), "{}"));
        let value: Json = serde_json::from_str(value).unwrap();
        match name.strip_prefix("  ") {
            Some(claim) => {
                let claim: String = serde_json::from_str(claim).unwrap();
                policy["claim_pattern"][claim] = value;
            }
            None => drop(policy.insert(name.to_owned(), value)),
        }
    }
    Json::Object(policy)
}

/// Reads the entries of a configuration of Kubernetes, whose values are in JSON.
fn entries(text: &str) -> Vec<Json> {
    let (_, entries) = text.split_once("jwt:\n").unwrap();
    let entry = |entry: &str| {
        let value = |name: &str| {
            let line = entry
                .lines()
                .find_map(|line| line.trim_start_matches([' ', '-']).strip_prefix(name));
            line.map_or(Json::Null, |value| {
                serde_json::from_str(value.trim()).unwrap_or(json!(value.trim()))
            })
        };
        json!({
            "issuer": {"url": value("url:"), "audiences": value("audiences:")},
            "claimValidationRules": [{"expression": value("expression:")}],
            "claimMappings": {"username": {"claim": value("claim:"), "prefix": value("prefix:")}},
        })
    };
    entries.split("  - issuer:\n").skip(1).map(entry).collect()
}

#[test]
fn no_target_admits_a_token_that_does_not_get_the_role() {
    let number = sampled(30, 200);
    let threads = thread::available_parallelism().map_or(1, usize::from);
    let next = AtomicU64::new(1);
    let seeds = || {
        let mut counts = Counts::default();
        loop {
            let seed = next.fetch_add(1, Ordering::Relaxed);
            if seed > number {
                return counts;
            }
            counts.add(seed);
        }
    };
    let counts: Vec<Counts> = thread::scope(|scope| {
        let handles: Vec<_> = (0..threads).map(|_| scope.spawn(seeds)).collect();
        handles.into_iter().map(|handle| handle.join().unwrap()).collect()
    });
    let sum = |of: fn(&Counts) -> u64| counts.iter().map(of).sum::<u64>();
    let (decided, admitted) = (sum(|counts| counts.decided), sum(|counts| counts.admitted));
    println!("{number} roles, {decided} decisions, {admitted} admit");
    let mut words: BTreeMap<&(String, &str), u64> = BTreeMap::new();
    for (word, count) in counts.iter().flat_map(|counts| &counts.words) {
        *words.entry(word).or_default() += count;
    }
    for ((target, word), count) in words {
        println!("  {target} {word}: {count}");
    }
    assert!(admitted * 20 > decided, "the cases are too one-sided");
}

#[derive(Default)]
struct Counts {
    words: BTreeMap<(String, &'static str), u64>,
    decided: u64,
    admitted: u64,
}

impl Counts {
    /// Exports a random role to each target, and decides random tokens.
    fn add(&mut self, seed: u64) {
        let mut dice = Dice(seed);
        let text = policy(&mut dice);
        let set = PolicySet::compile([Source::new("deploy.policy", text.as_str())]).unwrap();
        let role = set.program().role("deploy").unwrap();
        let registries = Registry::ALL.map(Target::TrustedPublisher);
        for target in Target::ALL.into_iter().chain(registries) {
            let mut names = names("deploy");
            if dice.one_in(2) {
                names.workflow = Some("release.yml".to_owned());
            }
            let outcome = export(&set, role, target, &names, BTreeMap::new());
            let word = word(&outcome);
            let exported = match &outcome {
                Ok(export) => Some(export),
                Err(NotExported::Wider { nearest, .. }) => nearest.as_deref(),
                Err(_) => None,
            };
            *self.words.entry((format!("{target:?}"), word)).or_default() += 1;
            let Some(exported) = exported else { continue };
            for _ in 0..25 {
                let mut token = token(&mut dice);
                if let (Target::TrustedPublisher(registry), true) = (target, token["aud"] == AUDIENCE) {
                    token["aud"] = json!(publisher::audience(registry));
                }
                let document = Token::parse(token.to_string().into_bytes(), &JsonLimits::CLAIMS).unwrap();
                let gets = set.evaluate(&UnverifiedClaims::new(document), "deploy").is_ok();
                let found = admits(target, &exported.documents, &token);
                let shown = || {
                    let documents = &exported.documents;
                    format!("seed {seed}, {target:?} {word}: {text}\n{documents:?}\n{token:#}")
                };
                assert!(gets || !found, "wider: {}", shown());
                assert!(word != "exact" || found == gets, "not exact: {}", shown());
                self.decided += 1;
                self.admitted += u64::from(found);
            }
        }
    }
}
