//! What CI systems call things: the only place where names of their claims and values are known.

use crate::clause::ClauseView;
use rolecall_engine::{ClaimId, Scalar};

/// Claims that say what started a pipeline.
const TRIGGERS: [&str; 3] = ["pipeline_source", "event_name", "build_source"];

/// Values of those for code that is still under review.
pub(crate) const REVIEWS: [&str; 5] = [
    "merge_request_event",
    "external_pull_request_event",
    "pull_request",
    "pull_request_review",
    "pull_request_review_comment",
];

/// Values of those that run with the rights of the repository on what strangers send: GitHub's page on events says so of
/// each of them.
pub(crate) const STRANGERS_INPUT: [&str; 6] = [
    "pull_request_target",
    "workflow_run",
    "issue_comment",
    "issues",
    "discussion",
    "discussion_comment",
];

/// Values of those for pipelines that somebody starts by hand or with a token, with variables or inputs of his own.
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

/// Claims with the phase of Terraform: of a run of a workspace, and of a deployment of a Stack.
pub(crate) const PHASES: [&str; 2] = ["terraform_run_phase", "terraform_operation"];

/// Claims with the ref that a pipeline runs on, the better known first.
const REFS: [&str; 4] = ["ref", "branch", "build_branch", "vcs_ref"];

/// Claims with the commit.
pub(crate) const COMMITS: [&str; 5] = [
    "sha",
    "build_commit",
    "ci_config_sha",
    "workflow_sha",
    "job_workflow_sha",
];

/// Claims with the file that says what the pipeline does, and its ref.
pub(crate) const CONFIGURATIONS: [&str; 3] = ["ci_config_ref_uri", "job_workflow_ref", "workflow_ref"];

/// Claims with a name that a person chooses, each with the claim of the id that stays.
pub(crate) const PERSONS: [(&str, &str); 4] = [
    ("user_login", "user_id"),
    ("user_email", "user_id"),
    ("actor", "actor_id"),
    ("preferred_username", "user_id"),
];

/// Claims that tell who started the pipeline, and what he may do.
pub(crate) const STARTERS: [&str; 3] = ["user_id", "actor_id", "user_access_level"];

/// Claims that tell one project from all others, by an id; and those that tell a part of one.
pub(crate) const PROJECT_IDS: [&str; 5] = [
    "project_id",
    "repository_id",
    "pipeline_id",
    "terraform_workspace_id",
    "terraform_stack_id",
];

/// Claims with the name of a project, or of a part of one.
pub(crate) const PROJECTS: [&str; 3] = ["project", "terraform_workspace_name", "terraform_stack_name"];

/// Claims that tell who may read the project.
pub(crate) const VISIBILITIES: [&str; 2] = ["project_visibility", "repository_visibility"];

/// Claims of GitLab that tell of the project that runs the job, which may be another one than that of the pipeline.
pub(crate) const RUNNING_PROJECT: [&str; 4] = [
    "job_project_path",
    "job_project_id",
    "job_namespace_path",
    "job_namespace_id",
];

/// Audiences that many services use, so that a token for one of them is good at all of them.
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

/// Audiences of clouds: right for the cloud itself, and wrong for a service of the house.
pub(crate) const CLOUDS: [&str; 4] = [
    "sts.amazonaws.com",
    "https://sts.amazonaws.com",
    "api://AzureADTokenExchange",
    "https://iam.googleapis.com",
];

impl ClauseView<'_> {
    /// The claim that says what started the pipeline.
    pub(crate) fn trigger(&self) -> Option<ClaimId> {
        TRIGGERS.iter().find_map(|name| self.claim(name))
    }

    /// The claim with the ref that the pipeline runs on.
    pub(crate) fn code_ref(&self) -> Option<ClaimId> {
        let is_ref = |claim: &ClaimId| {
            let definition = self.definition(*claim);
            definition.is_some_and(|definition| *definition.claim_type.scalar() == Scalar::Ref)
        };
        REFS.iter().filter_map(|name| self.claim(name)).find(is_ref)
    }

    /// Whether refs are written in full there: `refs/heads/main`. GitHub does so in `ref` and gives short names in `head_ref`
    /// beside it; CircleCI does so in `vcs_ref`. GitLab's `ref` is short, and `ref_path` the full one.
    pub(crate) fn writes_full_refs(&self, claim: ClaimId) -> bool {
        let is_github = self.claim("ref") == Some(claim) && self.claim("head_ref").is_some();
        is_github || self.claim("vcs_ref") == Some(claim)
    }

    /// Those of some values that a claim may have.
    pub(crate) fn known(&self, claim: ClaimId, values: &[&'static str]) -> Vec<&'static str> {
        let scalar = self
            .definition(claim)
            .map(|definition| definition.claim_type.scalar());
        let is_known = |value: &&&str| match scalar {
            Some(Scalar::Enum { values, .. }) => values.iter().any(|known| known == **value),
            _ => true,
        };
        values.iter().filter(is_known).copied().collect()
    }

    /// The condition that a push started the pipeline.
    pub(crate) fn pushed(&self, trigger: ClaimId) -> String {
        let pushes = self.known(trigger, &["push", "webhook"]);
        format!(
            "{} == \"{}\"",
            self.name(trigger),
            pushes.first().unwrap_or(&"push")
        )
    }
}
