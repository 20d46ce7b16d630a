//! How bad a finding is depends on what the role is for, and on what else holds the job back.

use rolecall_engine::{PolicySet, Source};
use rolecall_lint::{Finding, Linter, Persona, Settings, Severity};

const ISSUERS: &str = r#"
edition 2026
issuer gitlab { url "https://gitlab.com" profile gitlab-ci audience "https://sts.acme.example" }
issuer github { url "https://token.actions.githubusercontent.com" profile github-actions audience "https://sts.acme.example" }
issuer own { url "https://gitlab.acme.example" profile gitlab-ci audience "https://sts.acme.example" }
issuer bitbucket {
  url "https://api.bitbucket.org/2.0/workspaces/acme/pipelines-config/identity/oidc"
  profile bitbucket
  audience "https://sts.acme.example"
}
issuer buildkite { url "https://agent.buildkite.com" profile buildkite audience "https://sts.acme.example" }
issuer circleci { url "https://oidc.circleci.com/org/1" profile circleci audience "https://sts.acme.example" }
issuer cluster { url "https://kubernetes.acme.example" profile kubernetes audience "https://sts.acme.example" }
issuer layout {
  url "https://token.actions.githubusercontent.com/acme"
  profile shared-layout
  audience "https://sts.acme.example"
}
profile shared-layout extends github-actions {
  shared "https://token.actions.githubusercontent.com/acme"
  derive sub = "environment:{environment|colon-encoded}"
}
issuer service { url "https://deploy.vendor.example" profile generic audience "https://sts.acme.example" }
issuer terraform { url "https://app.terraform.io" profile terraform-cloud audience "https://sts.acme.example" }
"#;

/// How bad a rule finds a clause.
fn severity(rule: &str, tags: &str, allow: &str) -> Option<Severity> {
    let findings = findings(tags, allow);
    let found = findings.iter().find(|finding| finding.rule.name == rule);
    found.map(|finding| finding.severity)
}

/// Checks that a rule finds each clause equally bad on a privileged role.
fn all_are(rule: &str, level: Option<Severity>, clauses: &[&str]) {
    for allow in clauses {
        assert_eq!(severity(rule, "tags [prod]", allow), level, "{allow}");
    }
}

/// What an auditor hears about a clause.
fn findings(tags: &str, allow: &str) -> Vec<Finding> {
    let policy = format!("{ISSUERS}role r {{ {tags} allow from {allow} }}");
    let set = PolicySet::compile([Source::new("acme.policy", policy)])
        .unwrap_or_else(|error| panic!("{allow}: {error}"));
    let settings = Settings {
        persona: Persona::Auditor,
        ..Settings::default()
    };
    Linter::new(&set, &settings).run().findings
}

#[test]
fn what_is_bad_is_worse_for_privileged_roles() {
    use Severity::{High, Low, Medium};
    let id = r#"gitlab when project_id == "4242""#;
    let main = r#"&& ref == "main" && ref_type == "branch""#;
    let cases = [
        ("any-ref", id.to_owned(), Some(Low), Some(High)),
        ("any-project", "own".to_owned(), Some(Medium), Some(High)),
        (
            "branch-pattern",
            format!(r#"{id} && ref like "release/*""#),
            Some(Low),
            Some(High),
        ),
        (
            "environment-unprotected",
            format!(r#"{id} {main} && environment == "production""#),
            Some(Low),
            Some(Medium),
        ),
        (
            "merge-request-admitted",
            format!("{id} {main}"),
            Some(Medium),
            Some(High),
        ),
        (
            "merge-request-admitted",
            format!("{id} {main} && ref_protected"),
            Some(Low),
            Some(Low),
        ),
        (
            "merge-request-admitted",
            format!(r#"{id} {main} && pipeline_source != "merge_request_event""#),
            None,
            None,
        ),
        (
            "name-without-id",
            r#"gitlab when project == "acme/shop""#.to_owned(),
            Some(Low),
            Some(High),
        ),
        (
            "name-without-id",
            r#"own when project == "acme/shop""#.to_owned(),
            Some(Low),
            Some(Medium),
        ),
        (
            "name-without-id",
            r#"gitlab when sub like "project_id:4242:*""#.to_owned(),
            None,
            None,
        ),
        (
            "shared-issuer-without-tenant",
            r#"layout when sub == "environment:production" && ref_protected"#.to_owned(),
            Some(High),
            Some(High),
        ),
        (
            "wildcard-owner",
            r#"gitlab when project like "acme*""#.to_owned(),
            Some(High),
            Some(High),
        ),
        (
            "wildcard-owner",
            r#"own when project like "acme*""#.to_owned(),
            Some(Medium),
            Some(High),
        ),
        (
            "wildcard-crosses-delimiter",
            r#"buildkite when sub like "organization:acme:pipeline:*:ref:refs/heads/main:commit:*:step:*""#
                .to_owned(),
            Some(Medium),
            Some(High),
        ),
        (
            "pull-request-target",
            r#"github when repository_id == "42" && event_name == "issue_comment""#.to_owned(),
            Some(Medium),
            Some(High),
        ),
        (
            "default-branch-event",
            r#"github when repository_id == "42" && ref == "refs/heads/main" && ref_protected"#.to_owned(),
            None,
            Some(Low),
        ),
        (
            "only-author-claims",
            format!(r#"{id} && deployment_tier == "production""#),
            Some(Medium),
            Some(High),
        ),
        (
            "pipeline-source-alone",
            format!(r#"{id} && pipeline_source == "push""#),
            Some(Medium),
            Some(High),
        ),
        (
            "prefix-trap",
            format!(r#"{id} {main} && environment like "prod*""#),
            Some(Medium),
            Some(High),
        ),
        (
            "starter-decides",
            format!(r#"{id} {main} && user_id == "7""#),
            Some(Low),
            Some(Medium),
        ),
        ("unprotected-ref", format!("{id} {main}"), Some(Low), Some(High)),
        (
            "whole-group-trusted",
            r#"gitlab when namespace_id == "72" && ref_protected"#.to_owned(),
            None,
            Some(Medium),
        ),
    ];
    for (rule, allow, usual, privileged) in cases {
        assert_eq!(severity(rule, "", &allow), usual, "{rule}: {allow}");
        assert_eq!(
            severity(rule, "tags [prod]", &allow),
            privileged,
            "{rule}, privileged: {allow}"
        );
    }
}

/// A `sub` that no layout describes is read up to its first wildcard.
#[test]
fn an_unknown_subject_names_an_owner_by_its_text() {
    use Severity::{Low, Medium};
    for (condition, owner, trap) in [
        (r#"sub like "org:acme:project:shop:stage:prod:*""#, None, None),
        (
            r#"sub matches /org:acme:project:shop:stage:(prod|test)/"#,
            None,
            None,
        ),
        (r#"sub like "organization/acme/project/shop/user/*""#, None, None),
        (
            r#"sub like "org:acme:project:shop:stage:prod*""#,
            None,
            Some(Medium),
        ),
        (r#"sub like "org:acme:project:*""#, None, None),
        (r#"sub like "org:*""#, Some(Medium), None),
        (r#"sub like "org:acme*:project:shop""#, Some(Medium), None),
        (r#"sub like "acme/*""#, Some(Low), None),
        (r#"sub like "acme*""#, None, Some(Medium)),
        (r#"sub like "*:project:shop""#, Some(Medium), None),
    ] {
        let allow = format!("service when {condition}");
        assert_eq!(severity("wildcard-owner", "", &allow), owner, "{condition}");
        assert_eq!(severity("prefix-trap", "", &allow), trap, "{condition}");
    }
}

/// A comparison that names no tenant is none.
#[test]
fn a_subject_compared_with_itself_names_nobody() {
    assert_eq!(
        severity("any-project", "", "service when sub == sub"),
        Some(Severity::Medium)
    );
}

/// The token shows what is wrong.
#[test]
fn the_token_has_the_danger_itself() {
    for (rule, allow, claim, value) in [
        (
            "wildcard-owner",
            r#"gitlab when project like "acme*""#,
            "project_path",
            "acme-evil/web",
        ),
        (
            "wildcard-owner",
            r#"github when sub like "repo:acme*/shop:*""#,
            "repository",
            "acme-evil/shop",
        ),
        (
            "shared-issuer-without-tenant",
            "github when ref_protected",
            "repository",
            "mallory/web",
        ),
        (
            "shared-issuer-without-tenant",
            r#"layout when sub == "environment:production""#,
            "repository",
            "mallory/web",
        ),
    ] {
        let findings = findings("", allow);
        let token = findings.iter().find(|finding| finding.rule.name == rule);
        let token = token.and_then(|finding| finding.witness.as_ref());
        let token = token.unwrap_or_else(|| panic!("{rule}: {allow}"));
        let found = token.token.get(claim).and_then(|value| value.as_text());
        assert_eq!(found, Some(value), "{rule}: {allow}");
    }
}

/// Ids count where they stand, and a name counts for all issuers below a shared one.
#[test]
fn ids_in_a_subject_are_ids() {
    for allow in [
        r#"github when sub like "repo:acme@72/shop@4242:*""#,
        r#"github when sub glob "repo:acme@72/*:ref:refs/heads/main""#,
        r#"buildkite when sub == "018f3a52-7c11-4d0e-9a52-3f60b1c7d2e4""#,
    ] {
        for rule in [
            "wildcard-owner",
            "name-without-id",
            "shared-issuer-without-tenant",
        ] {
            assert_eq!(severity(rule, "tags [prod]", allow), None, "{rule}: {allow}");
        }
    }
    let any_id = r#"github when sub like "repo:acme@*/shop@*:*""#;
    assert_eq!(
        severity("name-without-id", "tags [prod]", any_id),
        Some(Severity::High)
    );
}

#[test]
fn tags_are_no_merge_requests() {
    all_are(
        "merge-request-admitted",
        None,
        &[
            r#"gitlab when project_id == "4242" && ref_type == "tag" && ref_protected"#,
            r#"github when repository_id == "42" && ref like "refs/tags/v*" && ref_type == "tag""#,
        ],
    );
}

#[test]
fn an_environment_holds_jobs_back() {
    all_are(
        "any-ref",
        Some(Severity::Low),
        &[
            r#"github when repository_id == "42" && environment == "production""#,
            r#"github when sub == "repo:acme/shop:environment:production""#,
            r#"gitlab when project_id == "4242" && environment == "production" && environment_protected"#,
        ],
    );
    let unprotected = r#"gitlab when project_id == "4242" && environment == "production""#;
    assert_eq!(
        severity("any-ref", "tags [prod]", unprotected),
        Some(Severity::High)
    );
}

#[test]
fn a_code_that_is_pinned_otherwise_is_not_any_ref() {
    for allow in [
        r#"gitlab when project_id == "4242" && sha == "0123456789012345678901234567890123456789""#,
        r#"gitlab when project_id == "4242" && ref_path == "refs/heads/main""#,
        r#"gitlab when sub == "project_id:4242:ref_type:branch:ref:main""#,
        r#"github when repository_id == "42" && job_workflow_ref == "acme/ci/.github/workflows/deploy.yml@refs/tags/v1""#,
        r#"circleci when sub like "org/1/project/2/user/*/vcs-origin/github.com/acme/shop/vcs-ref/refs/heads/main""#,
        r#"cluster when namespace == "ci""#,
        r#"terraform when organization == "acme""#,
    ] {
        assert_eq!(severity("any-ref", "", allow), None, "{allow}");
    }
}

#[test]
fn every_ci_system_has_its_own_words() {
    let found = |rule, allow| severity(rule, "tags [prod]", allow);
    assert_eq!(
        found(
            "any-ref",
            r#"bitbucket when project == "\{0f1e2d3c-0000-4000-8000-000000000000\}""#
        ),
        Some(Severity::High)
    );
    // Buildkite knows no event of a review.
    let buildkite =
        r#"buildkite when organization_id == "a" && pipeline_slug == "shop" && build_branch == "main""#;
    assert_eq!(found("merge-request-admitted", buildkite), None);
    assert_eq!(found("started-by-anybody", buildkite), Some(Severity::Low));
    // The ref of a pull request is `refs/pull/NUMBER/merge` on GitHub.
    let github = r#"github when repository_id == "42" && ref == "refs/heads/main""#;
    assert_eq!(found("merge-request-admitted", github), None);
    assert_eq!(
        found(
            "short-ref",
            r#"circleci when project_id == "1" && vcs_ref == "main""#
        ),
        Some(Severity::High)
    );
    assert_eq!(
        found("short-ref", r#"gitlab when project_id == "1" && ref == "main""#),
        None
    );
    assert_eq!(
        found("name-without-id", r#"terraform when organization == "acme""#),
        Some(Severity::High)
    );
}

#[test]
fn a_wildcard_that_stays_in_its_part_is_fine() {
    for allow in [
        r#"gitlab when sub like "project_path:acme/*:ref_type:branch:ref:main""#,
        r#"github when sub like "repo:acme/*:ref:refs/heads/main""#,
        r#"buildkite when sub like "organization:acme:pipeline:shop:ref:refs/heads/main:commit:*:step:*""#,
        r#"gitlab when project like "acme/*/app""#,
    ] {
        assert_eq!(severity("wildcard-crosses-delimiter", "", allow), None, "{allow}");
    }
    let allow = r#"gitlab when sub like "project_path:acme/*:ref:main""#;
    assert_eq!(
        severity("wildcard-crosses-delimiter", "", allow),
        Some(Severity::Medium)
    );
}
