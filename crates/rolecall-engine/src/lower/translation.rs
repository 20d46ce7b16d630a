//! Claims under the names of other CI systems and languages, and their names in a profile.

use crate::ir::Profile;

/// The claims that CI systems have under names of their own: the names that profiles have, and after these the
/// names of variables and of other languages. A profile's name is the first that it has.
const MEANINGS: [&[&str]; 20] = [
    &["sub", "subject"],
    &["aud", "audience"],
    &["iss", "issuer"],
    &[
        "project_path",
        "repository",
        "project",
        "pipeline_slug",
        "repo",
        "repo_name",
        "project_slug",
        "project_full_path",
        "repository_name",
        "full_name",
        "project_name",
        "repository.full_name",
        "ci_project_path",
        "github_repository",
    ],
    &[
        "project_id",
        "repository_id",
        "repositoryUuid",
        "repo_id",
        "ci_project_id",
        "github_repository_id",
    ],
    &[
        "namespace_path",
        "repository_owner",
        "organization",
        "workspace",
        "namespace",
        "group",
        "owner",
        "org",
        "ci_project_namespace",
        "github_repository_owner",
    ],
    &[
        "namespace_id",
        "repository_owner_id",
        "organization_id",
        "org_id",
        "owner_id",
        "group_id",
        "ci_project_namespace_id",
        "github_repository_owner_id",
    ],
    &[
        "ref",
        "vcs_ref",
        "branchName",
        "build_branch",
        "branch",
        "branch_name",
        "ref_name",
        "git_ref",
        "git_branch",
        "tag",
        "tag_name",
        "git_tag",
        "ref_path",
        "ci_commit_ref_name",
        "ci_commit_branch",
        "ci_commit_tag",
        "github_ref",
        "github_ref_name",
    ],
    &["ref_type", "github_ref_type"],
    &[
        "ref_protected",
        "protected",
        "branch_protected",
        "ci_commit_ref_protected",
        "github_ref_protected",
    ],
    &[
        "pipeline_source",
        "event_name",
        "build_source",
        "event",
        "event_type",
        "trigger",
        "source",
        "ci_pipeline_source",
        "github_event_name",
    ],
    &[
        "user_login",
        "actor",
        "user",
        "username",
        "user_name",
        "triggering_actor",
        "gitlab_user_login",
        "github_actor",
    ],
    &["user_id", "actor_id", "gitlab_user_id", "github_actor_id"],
    &["user_email", "email", "actor_email", "gitlab_user_email"],
    &[
        "ci_config_ref_uri",
        "job_workflow_ref",
        "workflow_ref",
        "workflow",
        "github_workflow_ref",
    ],
    &[
        "ci_config_sha",
        "job_workflow_sha",
        "workflow_sha",
        "github_workflow_sha",
    ],
    &[
        "sha",
        "build_commit",
        "commit",
        "commit_sha",
        "git_sha",
        "ci_commit_sha",
        "github_sha",
    ],
    &[
        "environment",
        "environment.name",
        "environment_name",
        "env",
        "deployment_environment",
        "ci_environment_name",
    ],
    &[
        "pipeline_id",
        "run_id",
        "build_id",
        "pipelineUuid",
        "ci_pipeline_id",
        "github_run_id",
    ],
    &[
        "project_visibility",
        "repository_visibility",
        "visibility",
        "ci_project_visibility",
    ],
];

/// The names before those of claims in other languages.
const ROOTS: [&str; 17] = [
    "assertion",
    "attribute",
    "claim",
    "claims",
    "context",
    "github",
    "gitlab",
    "google",
    "id_token",
    "input",
    "jwt",
    "oidc",
    "payload",
    "principal",
    "request",
    "subject",
    "token",
];

/// Returns the help for a name of another CI system or language whose meaning a claim of the profile has.
pub(super) fn translation(written: &str, profile: &Profile) -> Option<String> {
    let mut name = written;
    while let Some((root, rest)) = name.split_once('.')
        && ROOTS.contains(&root)
    {
        name = rest;
    }
    let is_bare = name.len() < written.len();
    if is_bare && profile.claim_by_name(name).is_some() {
        return Some(format!("write `{name}`: the names of claims stand alone"));
    }
    let lower = name.to_ascii_lowercase();
    let known = name_in_profile(name, profile)?;
    let kind = ["branch", "tag"].into_iter().find(|kind| lower.contains(kind));
    if let (Some(kind), Some(_)) = (kind, profile.claim_by_name("head_ref")) {
        let example = match kind {
            "tag" => "refs/tags/v1",
            _ => "refs/heads/main",
        };
        return Some(format!(
            "write `{known}`, whose values are full refs such as `{example}`"
        ));
    }
    match kind.filter(|_| profile.claim_by_name("ref_type").is_some()) {
        Some(kind) => Some(format!("write `{known}`, and `ref_type == \"{kind}\"` beside it")),
        None => Some(format!(
            "write `{known}`: tokens of `{}` have it under this name",
            profile.name
        )),
    }
}

/// Returns the name that a claim of another CI system, or a variable, has in a profile.
pub(super) fn name_in_profile(name: &str, profile: &Profile) -> Option<&'static str> {
    let is_named = |names: &&&[&str]| names.iter().any(|other| other.eq_ignore_ascii_case(name));
    let mut names = MEANINGS.iter().find(is_named)?.iter().copied();
    names.find(|name| profile.claim_by_name(name).is_some())
}
