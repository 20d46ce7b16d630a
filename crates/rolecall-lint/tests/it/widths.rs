//! Clauses, and their widths.

use rolecall_engine::{PolicySet, Source};
use rolecall_lint::{Aspect, Linter, Settings, Step, Way};

const ISSUERS: &str = r#"edition 2026
issuer gitlab { url "https://gitlab.com" profile gitlab-ci audience "https://sts.acme.example" }
issuer github { url "https://token.actions.githubusercontent.com" profile github-actions audience "sts.acme.example" }
issuer cluster { url "https://cluster.acme.example" profile kubernetes audience "https://sts.acme.example" }
issuer forge { url "https://forge.acme.example" profile generic audience "https://sts.acme.example" }
"#;

/// Returns the ways to get a role of these clauses. Each token that they show gets the role.
fn ways(clauses: &str) -> Vec<Way> {
    let policy = format!("{ISSUERS}role r {{ {clauses} }}\n");
    let set = PolicySet::compile([Source::new("a.policy", policy)]);
    let set = set.unwrap_or_else(|error| panic!("{clauses}: {error}"));
    let settings = Settings::default();
    let ways = Linter::new(&set, &settings).ways(set.program().roles().ids());
    for witness in ways.iter().filter_map(|way| way.width.witness.as_ref()) {
        assert!(
            set.evaluate(&witness.claims(), "r").is_ok(),
            "{clauses}: {:?}",
            witness.token
        );
    }
    ways
}

#[test]
fn each_step_is_proved() {
    for (clause, step) in [
        ("gitlab", Step::AnyToken),
        ("gitlab when has iss", Step::AnyToken),
        (
            r#"github when ref == "refs/heads/main" && ref_protected"#,
            Step::Strangers,
        ),
        (
            r#"gitlab when project like "acme*" && ref_protected"#,
            Step::Strangers,
        ),
        (
            r#"gitlab when project == "acme/shop" || ref == "main""#,
            Step::Strangers,
        ),
        (
            r#"gitlab when project under "acme" && namespace_id == "72" && ref_protected"#,
            Step::Group,
        ),
        (
            r#"github when repository_owner == "acme" && repository_owner_id == "72""#,
            Step::Group,
        ),
        (
            r#"gitlab when sub like "project_path:acme/*:ref_type:branch:ref:main""#,
            Step::Group,
        ),
        (
            r#"gitlab when project == "acme/shop" && project_id == "4242""#,
            Step::AnyRef,
        ),
        (
            r#"github when repository == "acme/shop" && environment == "production""#,
            Step::AnyRef,
        ),
        (
            r#"gitlab when project == "acme/shop" && pipeline_source == "merge_request_event""#,
            Step::AnyRef,
        ),
        (r#"cluster when namespace == "ci""#, Step::AnyRef),
        (
            r#"gitlab when project == "acme/shop" && ref == "main""#,
            Step::UnprotectedRef,
        ),
        (
            r#"gitlab when project == "acme/shop" && ref like "release/*""#,
            Step::UnprotectedRef,
        ),
        (
            r#"github when sub == "repo:acme/shop:ref:refs/heads/main""#,
            Step::UnprotectedRef,
        ),
        (
            r#"gitlab when project in ["acme/shop", "acme/web"] && ref_protected"#,
            Step::ProtectedRef,
        ),
        (
            r#"gitlab when project == "acme/shop" && ref_protected && ref in ["main", "next"]"#,
            Step::NamedRef,
        ),
        (
            r#"gitlab when project == "acme/shop" && ref_type == "tag" && ref_type == "branch""#,
            Step::NoToken,
        ),
    ] {
        let ways = ways(&format!("allow from {clause}"));
        let width = &ways[0].width;
        assert_eq!((width.step, width.is_proved), (step, true), "{clause}");
        assert_eq!(width.witness.is_none(), step == Step::NoToken, "{clause}");
    }
}

#[test]
fn a_step_that_nothing_decides_is_not_proved() {
    // Nothing tells which part of this `sub` is the owner, or the ref.
    for (clause, step) in [
        (r#"forge when sub like "acme:shop:*""#, Step::Strangers),
        (r#"forge when sub == "acme:shop:main""#, Step::AnyRef),
    ] {
        let ways = ways(&format!("allow from {clause}"));
        let width = &ways[0].width;
        assert_eq!((width.step, width.is_proved), (step, false), "{clause}");
    }
}

#[test]
fn guards_narrow_and_each_clause_has_a_width() {
    let ways = ways(
        r#"allow from gitlab when project == "acme/shop"
        allow from github when repository == "acme/shop" && ref == "refs/heads/main" && ref_protected
        }
        guard protected for r from gitlab { ref_protected"#,
    );
    let steps: Vec<Step> = ways.iter().map(|way| way.width.step).collect();
    assert_eq!(steps, [Step::ProtectedRef, Step::NamedRef]);
}

#[test]
fn the_parts_of_a_condition_have_their_subjects() {
    let ways = ways(
        r#"allow from gitlab when
        project == "acme/shop" && (ref == "main" || environment == "live") && user_login == "octo""#,
    );
    let aspects: Vec<Aspect> = ways[0].parts.iter().map(|(aspect, _)| *aspect).collect();
    assert_eq!(aspects, [Aspect::Tenant, Aspect::Source, Aspect::Other]);
    assert_eq!(ways[0].tenants.len(), 1);
}
