//! Names of claims and values of CI systems: the only module that knows them.

use crate::clause::ClauseView;
use rolecall_engine::{ClaimId, Scalar};

/// Claims with the trigger of a pipeline.
const TRIGGERS: [&str; 3] = ["pipeline_source", "event_name", "build_source"];

/// Triggers for code under review.
pub(crate) const REVIEWS: [&str; 5] = [
    "merge_request_event",
    "external_pull_request_event",
    "pull_request",
    "pull_request_review",
    "pull_request_review_comment",
];

/// Triggers that run with the rights of the repository on input of strangers (GitHub documentation on
/// events).
pub(crate) const STRANGERS_INPUT: [&str; 6] = [
    "pull_request_target",
    "workflow_run",
    "issue_comment",
    "issues",
    "discussion",
    "discussion_comment",
];

/// Triggers by hand or with a token, where the starter chooses variables or inputs.
pub(crate) const BY_HAND: [&str; 10] = [
    "web",
    "webide",
    "api",
    "trigger",
    "chat",
    "external",
    "workflow_dispatch",
    "repository_dispatch",
    "ui",
    "trigger_job",
];

/// Claims with the Terraform phase: for runs of workspaces, and for deployments of Stacks.
pub(crate) const PHASES: [&str; 2] = ["terraform_run_phase", "terraform_operation"];

/// Claims with the ref of a pipeline, in order of preference.
const REFS: [&str; 4] = ["ref", "branch", "build_branch", "vcs_ref"];

/// Claims with the commit.
pub(crate) const COMMITS: [&str; 5] = [
    "sha",
    "build_commit",
    "ci_config_sha",
    "workflow_sha",
    "job_workflow_sha",
];

/// Claims with the configuration file of the pipeline, and its ref.
pub(crate) const CONFIGURATIONS: [&str; 3] = ["ci_config_ref_uri", "job_workflow_ref", "workflow_ref"];

/// Claims with the ref of a pipeline in another form, or with a property of it, and with the environment of a job.
const PLACES: [&str; 8] = [
    "ref_type",
    "ref_path",
    "ref_protected",
    "head_ref",
    "base_ref",
    "build_tag",
    "environment",
    "environment_protected",
];

/// Claims with a name that a person chooses, each with the claim of the permanent id.
pub(crate) const PERSONS: [(&str, &str); 4] = [
    ("user_login", "user_id"),
    ("user_email", "user_id"),
    ("actor", "actor_id"),
    ("preferred_username", "user_id"),
];

/// Claims about the starter of the pipeline.
pub(crate) const STARTERS: [&str; 3] = ["user_id", "actor_id", "user_access_level"];

/// Claims with the id of a project, or of a part of one.
pub(crate) const PROJECT_IDS: [&str; 5] = [
    "project_id",
    "repository_id",
    "pipeline_id",
    "terraform_workspace_id",
    "terraform_stack_id",
];

/// Claims with a name, each with the claim of the permanent id.
pub(crate) const NAMES_AND_IDS: [(&str, &str); 8] = [
    ("repository", "repository_id"),
    ("repository_owner", "repository_owner_id"),
    ("project_path", "project_id"),
    ("namespace_path", "namespace_id"),
    ("terraform_organization_name", "terraform_organization_id"),
    ("terraform_workspace_name", "terraform_workspace_id"),
    ("organization_slug", "organization_id"),
    ("pipeline_slug", "pipeline_id"),
];

/// Claims with the id of the owner of a project.
pub(crate) const OWNER_IDS: [&str; 3] = ["repository_owner_id", "namespace_id", "org_id"];

/// Claims with a name that may have spaces, although their type is a path.
pub(crate) const NAMES_WITH_SPACES: [&str; 1] = ["terraform_project_name"];

/// Claims of a CI system, each with its word for a project.
pub(crate) const KINDS_OF_PROJECTS: [(&str, &str); 4] = [
    ("repository_owner", "repository"),
    ("pipeline_slug", "pipeline"),
    ("terraform_workspace_name", "workspace"),
    ("repositoryUuid", "repository"),
];

/// Claims with the name of a project, or of a part of one.
pub(crate) const PROJECTS: [&str; 3] = ["project", "terraform_workspace_name", "terraform_stack_name"];

/// Hosts of repositories of many owners: a path begins with the host, and the owner follows.
pub(crate) const CODE_HOSTS: [&str; 3] = ["bitbucket.org", "github.com", "gitlab.com"];

/// Words before the name of a tenant in a `sub`; also with `_id`, `_path`, `_name`, `_slug` or `s` at the end.
const TENANT_LABELS: [&str; 17] = [
    "account",
    "group",
    "namespace",
    "org",
    "organisation",
    "organization",
    "owner",
    "pipeline",
    "project",
    "repo",
    "repository",
    "repository_owner",
    "serviceaccount",
    "space",
    "team",
    "tenant",
    "workspace",
];

/// Returns whether a word stands before the name of a tenant in a `sub`, or is the scheme of a URL.
pub(crate) fn is_tenant_label(word: &str) -> bool {
    let endings = ["_id", "_path", "_name", "_slug", "s"];
    let bare = endings
        .iter()
        .find_map(|end| word.strip_suffix(end))
        .unwrap_or(word);
    let is_label = |word: &str| TENANT_LABELS.contains(&word);
    is_label(word) || is_label(bare) || ["http", "https", "spiffe"].contains(&word)
}

/// Claims with the visibility of the project.
pub(crate) const VISIBILITIES: [&str; 2] = ["project_visibility", "repository_visibility"];

/// GitLab claims about the project that runs the job, which may differ from the project of the pipeline.
pub(crate) const RUNNING_PROJECT: [&str; 4] = [
    "job_project_path",
    "job_project_id",
    "job_namespace_path",
    "job_namespace_id",
];

/// Audiences that many services use, so that a token for one of them is accepted by all.
pub(crate) const WORDS_FOR_ANY_SERVICE: [&str; 12] = [
    "*",
    "api",
    "aws",
    "default",
    "gcp",
    "kubernetes",
    "oidc",
    "openbao",
    "sigstore",
    "sts",
    "test",
    "vault",
];

/// Audiences of clouds: right for the cloud itself, and wrong for a service of your organisation.
pub(crate) const CLOUDS: [&str; 4] = [
    "sts.amazonaws.com",
    "https://sts.amazonaws.com",
    "api://AzureADTokenExchange",
    "https://iam.googleapis.com",
];

impl ClauseView<'_> {
    /// Returns the claim with the trigger of the pipeline.
    pub(crate) fn trigger(&self) -> Option<ClaimId> {
        TRIGGERS.iter().find_map(|name| self.claim(name))
    }

    /// Returns the claim with the ref of the pipeline.
    pub(crate) fn code_ref(&self) -> Option<ClaimId> {
        let is_ref = |claim: &ClaimId| *self.definition(*claim).claim_type.scalar() == Scalar::Ref;
        REFS.iter().filter_map(|name| self.claim(name)).find(is_ref)
    }

    /// Returns whether a claim says from where in a project a token comes: from a ref, a commit, a configuration file, an
    /// environment or a trigger.
    pub(crate) fn is_of_source(&self, claim: ClaimId) -> bool {
        let lists: [&[&str]; 6] = [&REFS, &PLACES, &TRIGGERS, &COMMITS, &CONFIGURATIONS, &PHASES];
        let mut names = lists.into_iter().flatten();
        names.any(|name| self.claim(name) == Some(claim))
    }

    /// Returns whether a claim has full refs, such as `refs/heads/main`. GitHub has them in `ref`, and short
    /// names in `head_ref`. CircleCI has them in `vcs_ref`. GitLab has short names in `ref`, and full refs in
    /// `ref_path`.
    pub(crate) fn writes_full_refs(&self, claim: ClaimId) -> bool {
        let is_github = self.claim("ref") == Some(claim) && self.claim("head_ref").is_some();
        is_github || self.claim("vcs_ref") == Some(claim)
    }

    /// Returns whether a claim has the short names of refs: `ref` of GitLab, `build_branch` of Buildkite.
    pub(crate) fn writes_short_refs(&self, claim: ClaimId) -> bool {
        let is_gitlab = self.claim("ref") == Some(claim) && self.claim("ref_path").is_some();
        is_gitlab || self.claim("build_branch") == Some(claim)
    }

    /// Returns those of some values that a claim may have.
    pub(crate) fn known(&self, claim: ClaimId, values: &[&'static str]) -> Vec<&'static str> {
        let scalar = self.definition(claim).claim_type.scalar();
        let is_known = |value: &&&str| match scalar {
            Scalar::Enum { values, .. } => values.iter().any(|known| known == **value),
            _ => true,
        };
        values.iter().filter(is_known).copied().collect()
    }

    /// Returns the condition that a push started the pipeline.
    pub(crate) fn pushed(&self, trigger: ClaimId) -> String {
        let pushes = self.known(trigger, &["push", "webhook"]);
        format!(
            "{} == \"{}\"",
            self.name(trigger),
            pushes.first().unwrap_or(&"push")
        )
    }
}
