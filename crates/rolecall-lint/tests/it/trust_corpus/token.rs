//! Whole tokens: what a vector leaves out follows from its subject.

use super::vector::Vector;
use serde_json::{Map, Value};

/// An issuer and what its tokens say.
pub(crate) struct Issued {
    pub(crate) url: String,
    pub(crate) profile: &'static str,
    /// How `sub` is made, if not as by default.
    pub(crate) template: Option<String>,
    pub(crate) claims: Map<String, Value>,
}

/// The token of a vector, without an audience unless it has its own.
pub(crate) fn issued(vector: &Vector) -> Issued {
    let mut issued = match vector.issuer.as_str() {
        "github" => github(&vector.subject),
        "terraform-cloud" => terraform(&vector.subject),
        "circleci" => circleci(&vector.subject),
        other => panic!("{other} is unknown"),
    };
    let (claims, url) = (&mut issued.claims, issued.url.clone());
    claims.insert("iss".to_owned(), Value::from(url));
    claims.insert("sub".to_owned(), Value::from(vector.subject.as_str()));
    claims.extend(vector.claims.clone());
    issued
}

fn github(subject: &str) -> Issued {
    let mut claims = Map::new();
    let mut say = |claim: &str, value: &str| {
        claims.insert(claim.to_owned(), Value::from(value));
    };
    say("event_name", "push");
    let (mut template, mut keys) = (Vec::new(), Vec::new());
    let mut words = subject.split(':');
    while let Some(key) = words.next() {
        keys.push(key);
        if key == "pull_request" {
            say("event_name", "pull_request");
            say("ref", "refs/pull/1/merge");
            template.push(key.to_owned());
            continue;
        }
        let value = words.next().expect("a value");
        match key {
            "repo" => {
                let (owner, name) = value.split_once('/').expect("a repository");
                let (owner, owner_id) = owner.split_once('@').unwrap_or((owner, ""));
                let (name, id) = name.split_once('@').unwrap_or((name, ""));
                say("repository", &format!("{owner}/{name}"));
                say("repository_owner", owner);
                if id.is_empty() {
                    template.push("repo:{repository}".to_owned());
                } else {
                    say("repository_id", id);
                    say("repository_owner_id", owner_id);
                    let with_ids =
                        "repo:{repository|parent}@{repository_owner_id}/{repository|name}@{repository_id}";
                    template.push(with_ids.to_owned());
                }
            }
            "repository_owner" => {
                say("repository", &format!("{value}/any"));
                say("repository_owner", value);
                template.push("repository_owner:{repository_owner}".to_owned());
            }
            "ref" => {
                say("ref", value);
                say(
                    "ref_type",
                    if value.starts_with("refs/tags/") {
                        "tag"
                    } else {
                        "branch"
                    },
                );
                template.push("ref:{ref}".to_owned());
            }
            "environment" => {
                say("environment", &value.replace("%3A", ":"));
                template.push("environment:{environment|colon-encoded}".to_owned());
            }
            "job_workflow_ref" => {
                say("job_workflow_ref", value);
                template.push("job_workflow_ref:{job_workflow_ref}".to_owned());
            }
            other => panic!("{other} is unknown"),
        }
    }
    let is_default = matches!(keys.as_slice(), ["repo", "ref" | "environment" | "pull_request"]);
    Issued {
        url: "https://token.actions.githubusercontent.com".to_owned(),
        profile: "github-actions",
        template: (!is_default).then(|| template.join(":")),
        claims,
    }
}

fn terraform(subject: &str) -> Issued {
    let mut claims = Map::new();
    let words: Vec<&str> = subject.split(':').collect();
    for pair in words.chunks(2) {
        let claim = match pair[0] {
            "organization" => "terraform_organization_name",
            "project" => "terraform_project_name",
            "workspace" => "terraform_workspace_name",
            "run_phase" => "terraform_run_phase",
            other => panic!("{other} is unknown"),
        };
        claims.insert(claim.to_owned(), Value::from(pair[1]));
    }
    Issued {
        url: "https://app.terraform.io".to_owned(),
        profile: "terraform-cloud",
        template: None,
        claims,
    }
}

fn circleci(subject: &str) -> Issued {
    let mut claims = Map::new();
    let mut say = |claim: &str, value: &str| {
        claims.insert(format!("oidc.circleci.com/{claim}"), Value::from(value));
    };
    let words: Vec<&str> = subject.splitn(7, '/').collect();
    let ["org", org, "project", project, "user", _, rest @ ..] = words.as_slice() else {
        panic!("{subject} is not understood");
    };
    say("org-id", org);
    say("project-id", project);
    if let [rest] = rest {
        let rest = rest.strip_prefix("vcs-origin/").expect("an origin");
        let (origin, reference) = rest.split_once("/vcs-ref/").expect("a ref");
        say("vcs-origin", origin);
        say("vcs-ref", reference);
    }
    Issued {
        url: format!("https://oidc.circleci.com/org/{org}"),
        profile: "circleci",
        template: None,
        claims,
    }
}
