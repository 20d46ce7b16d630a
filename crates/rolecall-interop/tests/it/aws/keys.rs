//! The keys that AWS publishes.

use rolecall_interop::aws::{Key, Published, published, trust};
use rolecall_interop::document::json;

#[test]
fn keys_are_those_of_the_issuer() {
    use Published::{Audience, Claim, No, Unsettled};
    let github = "token.actions.githubusercontent.com";
    for (issuer, name, expected) in [
        (github, "sub", Claim("sub")),
        (github, "SUB", Claim("sub")),
        (github, "aud", Audience),
        (github, "Job_Workflow_Ref", Claim("job_workflow_ref")),
        (github, "repository_owner_id", Claim("repository_owner_id")),
        (github, "repository_owner", No),
        (github, "ref_protected", No),
        (github, "runner_environment", No),
        (github, "iss", No),
        (github, "amr", Unsettled),
        ("Token.Actions.GithubUserContent.com", "ref", Claim("ref")),
        ("token.actions.githubusercontent.com/acme", "ref", Claim("ref")),
        ("token.actions.githubusercontent.com/", "ref", No),
        ("token.actions.acme.ghe.com", "actor_id", Claim("actor_id")),
        ("token.actions.ghe.com", "actor_id", No),
        ("gitlab.com", "project_id", Claim("project_id")),
        ("gitlab.com", "ref_protected", Claim("ref_protected")),
        ("gitlab.com", "environment", No),
        ("gitlab.com", "project_path", No),
        ("gitlab.example.com", "project_id", No),
        ("gitlab.example.com", "sub", Claim("sub")),
        ("gitlab.example.com", "amr", Claim("amr")),
        ("gitlab.example.com", "oaud", Claim("aud")),
        (
            "oidc.circleci.com/org/1",
            "oidc.circleci.com/project-id",
            Claim("oidc.circleci.com/project-id"),
        ),
        ("oidc.circleci.com/org/1", "oidc.circleci.com/ssh-rerun", No),
        ("agent.buildkite.com", "pipeline_slug", Claim("pipeline_slug")),
        ("agent.buildkite.com", "build_commit", No),
        ("app.terraform.io", "sub", Claim("sub")),
        ("app.terraform.io", "terraform_workspace_id", No),
        ("accounts.google.com", "oaud", Claim("aud")),
        ("accounts.google.com", "azp", No),
        ("accounts.google.com", "email", Unsettled),
        ("gitlab.example.com", "email", Claim("email")),
    ] {
        assert_eq!(published(issuer, name), expected, "{issuer}:{name}");
    }
}

#[test]
fn keys_are_of_the_provider_in_any_case() {
    let document = r#"{"Statement": {"Effect": "Allow", "Action": "sts:AssumeRoleWithWebIdentity",
        "Principal": {"Federated": "arn:aws:iam::123456789012:oidc-provider/GitLab.com"},
        "Condition": {"StringLike": {
            "gitlab.COM:Sub": "*", "gitlab.com:iss": "*", "accounts.google.com:sub": "*", "aws:SourceIp": "*"}}}}"#;
    let trust = trust(&json(document).unwrap()).trust.unwrap();
    let statement = &trust.statements[0];
    let keys: Vec<&Key> = statement
        .conditions
        .iter()
        .map(|condition| &condition.key)
        .collect();
    let found: Vec<_> = keys
        .into_iter()
        .map(|key| statement.providers[0].claim(key))
        .collect();
    let (sub, no) = (Some(Published::Claim("sub")), Some(Published::No));
    assert_eq!(found, [sub, no, no, None]);
}
