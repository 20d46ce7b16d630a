//! Reference evaluator of package registries: by their sources (pypi/warehouse `warehouse/oidc/models`, rust-lang/crates.io
//! `src/controllers/trustpub/tokens/exchange/mod.rs`), and the documentation of npm, which says that names are compared exactly.
//!
//! A registry compares names of projects without case; the tokens here have each name in one case.

use rolecall_interop::Registry;
use serde_json::Value as Json;

/// Returns the audience that a registry takes.
pub(crate) fn audience(registry: Registry) -> &'static str {
    match registry {
        Registry::CratesIo => "crates.io",
        Registry::Npm => "npm:registry.npmjs.org",
        Registry::PyPi => "pypi",
    }
}

/// Returns whether a registry takes a token for a publisher, whose values are on lines.
pub(crate) fn admits(registry: Registry, text: &str, token: &Json) -> bool {
    let values: Vec<&str> = text
        .lines()
        .map(|line| line.split_once(": ").unwrap().1)
        .collect();
    let [_, publisher, owner, project, workflow, rest @ ..] = values.as_slice() else {
        panic!("a value is missing: {text}")
    };
    let claim = |name: &str| token[name].as_str();
    let path = format!("{owner}/{project}");
    let file = |uri: &str, start: &str| {
        let after = uri.split_once(start).map(|(_, after)| after.to_owned());
        after.and_then(|after| after.rsplit_once('@').map(|(file, _)| file.to_owned()))
    };
    let is_environment = |name: &&str| match claim("environment") {
        None => false,
        Some(found) => match (registry, *publisher) {
            (Registry::CratesIo, _) | (Registry::PyPi, "GitHub") => {
                found.to_lowercase() == name.to_lowercase()
            }
            _ => found == *name,
        },
    };
    let is_of_workflow = match (*publisher, registry) {
        ("GitHub", Registry::PyPi) => {
            let found = claim("job_workflow_ref").unwrap_or_default();
            ["ref", "sha"]
                .into_iter()
                .filter_map(claim)
                .any(|revision| found == format!("{path}/.github/workflows/{workflow}@{revision}"))
        }
        ("GitHub", _) => {
            let found = claim("workflow_ref").and_then(|uri| file(uri, "/.github/workflows/"));
            found.as_deref() == Some(workflow)
        }
        (_, Registry::PyPi) => {
            let found = claim("ci_config_ref_uri").unwrap_or_default();
            ["ref_path", "sha"]
                .into_iter()
                .filter_map(claim)
                .any(|revision| found == format!("gitlab.com/{path}//{workflow}@{revision}"))
        }
        _ => {
            let found = claim("ci_config_ref_uri").and_then(|uri| file(uri, "//"));
            found.as_deref() == Some(workflow)
        }
    };
    let (issuer, of_project) = match *publisher {
        "GitHub" => ("https://token.actions.githubusercontent.com", "repository"),
        _ => ("https://gitlab.com", "project_path"),
    };
    claim("iss") == Some(issuer)
        && claim("aud") == Some(audience(registry))
        && claim(of_project) == Some(&path)
        && is_of_workflow
        && rest.first().is_none_or(is_environment)
}
