//! Translated roles against the reference evaluators of their sources: the same tokens get them, or they are refused or
//! said to be wider or narrower.

mod aws;
pub(crate) mod google;
mod kubernetes;
mod octo_sts;
mod vault;

use crate::aws::dice::Dice;
use rolecall_engine::ir::External;
use rolecall_engine::{Document, JsonLimits, PolicySet, Source, Truth, UnverifiedClaims};
use rolecall_interop::{ForeignFile, Profiles, Translation, translate};
use serde_json::{Map, Value, json};

/// A claim of an issuer, with values of its type. A token may lack it if it is optional.
struct Claim {
    name: &'static str,
    values: &'static [&'static str],
    is_optional: bool,
}

const fn claim(name: &'static str, values: &'static [&'static str]) -> Claim {
    let is_optional = false;
    Claim {
        name,
        values,
        is_optional,
    }
}

const fn optional(name: &'static str, values: &'static [&'static str]) -> Claim {
    let is_optional = true;
    Claim {
        name,
        values,
        is_optional,
    }
}

struct Issuer {
    host: &'static str,
    claims: &'static [Claim],
}

const ISSUERS: &[Issuer] = &[
    Issuer {
        host: "gitlab.com",
        claims: &[
            claim(
                "sub",
                &[
                    "project_path:acme/shop:ref_type:branch:ref:main",
                    "project_path:acme/web:ref_type:tag:ref:v1",
                    "project_path:ACME/shop:ref_type:branch:ref:main",
                    "project_id:4242:ref_type:branch:ref:main",
                    "a*b",
                    "anything",
                ],
            ),
            optional("project_id", &["4242", "42", "7"]),
            optional("namespace_id", &["72", "4242"]),
            optional("ref_protected", &["true", "false"]),
            optional("pipeline_source", &["push", "web", "merge_request_event"]),
            optional("runner_environment", &["gitlab-hosted", "self-hosted"]),
            optional("user_login", &["ann", "Ann", "bob", ""]),
            optional("user_access_level", &["owner", "developer"]),
        ],
    },
    Issuer {
        host: "token.actions.githubusercontent.com",
        claims: &[
            claim(
                "sub",
                &[
                    "repo:acme/shop:ref:refs/heads/main",
                    "repo:acme/shop:environment:production",
                    "repo:acme@72/shop@4242:ref:refs/heads/main",
                    "repo:Acme/Shop:pull_request",
                    "repo:acme/shop:job_workflow_ref:acme/ci/.github/workflows/a.yml@main",
                    "repo:acme/shop:ref:refs/heads/a;b",
                ],
            ),
            optional("repository", &["acme/shop", "acme/web", "Acme/Shop"]),
            optional("repository_id", &["4242", "42"]),
            optional("ref", &["refs/heads/main", "refs/tags/v1", "refs/heads/MAIN"]),
            optional("environment", &["production", "Production", ""]),
            optional("actor", &["ann", "bob"]),
            optional("workflow", &["Deploy", "deploy", ""]),
        ],
    },
];

/// Returns a token of an issuer, as its documentation says.
fn token(dice: &mut Dice, issuer: &Issuer, audience: &str) -> Value {
    let mut token = Map::new();
    token.insert("iss".to_owned(), json!(format!("https://{}", issuer.host)));
    token.insert("aud".to_owned(), json!(audience));
    token.insert("iat".to_owned(), json!(1_800_000_000));
    token.insert("exp".to_owned(), json!(1_800_003_600));
    for claim in issuer.claims {
        if claim.is_optional && dice.one_in(4) {
            continue;
        }
        token.insert(claim.name.to_owned(), json!(dice.of(claim.values)));
    }
    Value::Object(token)
}

/// Reads and translates documents, each with its name.
pub(crate) fn translated(documents: &[(&str, &Value)]) -> Translation {
    let read = |(name, value): &(&str, &Value)| {
        ForeignFile::read(Source::new(*name, value.to_string()))
            .unwrap_or_else(|error| panic!("{name}: {error:?}"))
    };
    let files: Vec<ForeignFile> = documents.iter().map(read).collect();
    translate(&files, &Profiles::default())
}

/// Returns whether a token gets a role. The matcher agrees with the slow evaluation, in which a condition of the request is
/// UNKNOWN.
pub(crate) fn admits(
    set: &PolicySet,
    role: &str,
    token: &Value,
    externals: &dyn Fn(&External) -> Truth,
) -> bool {
    let document = Document::parse(token.to_string().into_bytes(), &JsonLimits::CLAIMS).unwrap();
    let claims = UnverifiedClaims::new(document);
    let slow = set.evaluate(&claims, role).is_ok();
    assert_eq!(set.rehearse(&claims, role).is_ok(), slow, "{token:#}");
    set.evaluate_if(&claims, role, externals).is_ok()
}
