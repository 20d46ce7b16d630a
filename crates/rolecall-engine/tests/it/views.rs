//! The two views of an explanation, and how near a token is to the roles that it does not get.

use crate::support::compile;
use rolecall_engine::{
    ConditionTree, FailedClaim, Nearness, Object, PolicySet, RequesterView, RoleId, Truth, Unknown,
    UnverifiedClaims, Value,
};

const GITLAB: &str = r#"
issuer gitlab { url "https://gitlab.com" profile gitlab-ci audience "https://secret-audience.example" }
condition secret-release = ref_type == "branch" && ref in ["secret-main", "secret-next"]
role deploy {
  allow from gitlab when
    project == "acme/shop"
    && ((secret-release && ref_protected) || (ref_type == "tag" && ref like "secret-v*"))
    && (environment == "secret-production" || has deployment_tier)
  grant path = "secret-apps/{environment}"
}
role of-others { allow from gitlab when project == "secret-owner/secret-project" && ref == "secret-main" }
guard secret-guard for deploy { pipeline_source != "web" }
"#;

fn gitlab(changes: &[(&str, Value)]) -> UnverifiedClaims {
    let mut token = Object::new();
    for (claim, text) in [
        ("project_path", "acme/shop"),
        ("ref", "topic"),
        ("ref_type", "branch"),
        ("ref_protected", "true"),
        ("pipeline_source", "web"),
    ] {
        token.set(claim, Value::from(text));
    }
    for (claim, value) in changes {
        token.set(claim, value.clone());
    }
    UnverifiedClaims::new(compile(GITLAB).complete("gitlab", &token))
}

fn failed(
    claim: &str,
    actual: Option<&str>,
    unknown: Option<Unknown>,
) -> (String, Option<Value>, Option<Unknown>) {
    (claim.to_owned(), actual.map(Value::from), unknown)
}

#[test]
fn the_operator_sees_the_condition_as_a_tree() {
    let set = compile(GITLAB);
    let explanation = set.explain(&gitlab(&[]), "deploy");
    let clause = &explanation.operator().expect("a role").clauses[0];
    assert!(clause.is_own_tenant);
    let condition = clause.condition.as_ref().expect("the token is from the issuer");
    let ConditionTree::All(Truth::False, parts) = condition else {
        panic!("a conjunction: {condition:?}");
    };
    let ConditionTree::Any(Truth::False, alternatives) = &parts[1] else {
        panic!("alternatives: {:?}", parts[1]);
    };
    let claims = |tree: &ConditionTree| -> Vec<String> {
        tree.causes().iter().map(|cause| cause.claim.clone()).collect()
    };
    assert_eq!(claims(&parts[0]), Vec::<String>::new());
    assert_eq!(claims(&alternatives[0]), ["ref"]);
    assert_eq!(claims(&alternatives[1]), ["ref_type", "ref"]);
    assert_eq!(parts[2].truth(), Truth::Unknown);
    assert_eq!(clause.guards[0].condition.truth(), Truth::False);
}

#[test]
fn the_requester_sees_its_own_values_and_nothing_that_is_accepted() {
    let set = compile(GITLAB);
    let requester = set.explain(&gitlab(&[]), "deploy").requester();
    let [clause] = requester.clauses.as_slice() else {
        panic!("one clause: {requester:?}");
    };
    let seen: Vec<_> = clause
        .iter()
        .map(
            |FailedClaim {
                 claim,
                 actual,
                 unknown,
                 ..
             }| (claim.clone(), actual.clone(), *unknown),
        )
        .collect();
    let expected = [
        failed("ref", Some("topic"), None),
        failed("ref_type", Some("branch"), None),
        failed("environment", None, Some(Unknown::Absent)),
        failed("deployment_tier", None, None),
        failed("pipeline_source", Some("web"), None),
    ];
    assert_eq!(seen, expected);
    let all = [
        gitlab(&[]),
        gitlab(&[("aud", Value::from("other"))]),
        gitlab(&[("ref", Value::Int(5)), ("environment", Value::from("a b"))]),
        gitlab(&[("sub", Value::from("odd"))]),
        gitlab(&[("iss", Value::from("https://gitlab.example"))]),
        gitlab(&[("project_path", Value::from("evil/shop"))]),
    ];
    for claims in &all {
        for role in ["deploy", "of-others"] {
            let view = format!("{:?}", set.explain(claims, role).requester());
            assert!(!view.contains("secret"), "{view}");
        }
    }
}

#[test]
fn strangers_cannot_tell_a_role_of_others_from_none() {
    let set = compile(GITLAB);
    let claims = gitlab(&[]);
    let of_others = set.explain(&claims, "of-others").requester();
    let nothing = set.explain(&claims, "no-such-role").requester();
    assert!(of_others.clauses.is_empty() && !of_others.is_allowed);
    assert_eq!(of_others, nothing);
    assert!(set.explain(&claims, "no-such-role").operator().is_none());
}

/// Layouts of `sub` that end with the tenant, or go on only if there is a branch.
const LAYOUTS: &str = r#"
profile ci {
  claim org: path tenant
  claim branch: ref author optional
  derive sub = "org:{org}"
  derive sub = "branch-of:{org}[:branch:{branch}]"
}
issuer ci { url "https://ci.example" profile ci audience "x" }
role whole { allow from ci when sub == "org:octo-evil" }
role optional { allow from ci when sub == "branch-of:octo-evil:branch:main" }
role optional-left-out { allow from ci when sub in ["branch-of:octo-evil", "branch-of:octo"] && branch == "x" }
role pattern { allow from ci when sub like "branch-of:octo-evil:branch:*" }
role glob { allow from ci when sub glob "org:octo-evil" || sub glob "branch-of:octo-evil:**" }
"#;

/// Anyone can register a name that begins like the name of another tenant, or that is its beginning.
#[test]
fn a_tenant_whose_name_begins_like_another_ones_is_a_stranger() {
    let shown = |policy: &str, issuer: &str, claim: &str, tenant: &str| -> Vec<String> {
        let set = compile(policy);
        let mut token = Object::new();
        token.set(claim, Value::from(tenant));
        let claims = UnverifiedClaims::new(set.complete(issuer, &token));
        let roles = set.program().roles().values().map(|role| &*role.name);
        let is_shown = |role: &&str| set.explain(&claims, role).requester() != RequesterView::default();
        roles.filter(is_shown).map(str::to_owned).collect()
    };
    let by_org = |org| shown(LAYOUTS, "ci", "org", org);
    assert_eq!(
        by_org("octo-evil"),
        ["whole", "optional", "optional-left-out", "pattern", "glob"]
    );
    assert_eq!(by_org("octo"), ["optional-left-out"]);
    assert_eq!(by_org("octo-evil-too"), Vec::<String>::new());
    let by_repository = |repository| shown(GITHUB, "github", "repository", repository);
    let of_all = ["any", "by-id", "else"];
    let own = by_repository("octo/shop");
    let own: Vec<&str> = own
        .iter()
        .map(String::as_str)
        .filter(|role| !of_all.contains(role))
        .collect();
    assert_eq!(own, ["by-sub", "by-environment", "by-pattern"]);
    for stranger in ["octo-evil-too/shop", "octo-x/shop", "oct/shop"] {
        let roles = by_repository(stranger);
        assert!(
            roles.iter().all(|role| of_all.contains(&role.as_str())),
            "{stranger}: {roles:?}"
        );
    }
}

#[test]
fn debug_output_has_neither_view() {
    let text = format!("{:?}", compile(GITLAB).explain(&gitlab(&[]), "deploy"));
    assert!(!text.contains("secret") && !text.contains("topic"), "{text}");
}

/// The nearest of all roles.
fn nearest(set: &PolicySet, claims: &UnverifiedClaims) -> Vec<(Nearness, RoleId)> {
    let all: Vec<RoleId> = set.program().roles().ids().collect();
    set.nearest(claims, &all)
}

const GITHUB: &str = r#"
issuer github { url "https://token.actions.githubusercontent.com" profile github-actions audience "x" }
role by-sub { allow from github when sub == "repo:octo/shop:ref:refs/heads/main" }
role by-environment { allow from github when sub == "repo:octo/shop:environment:production" }
role by-pattern { allow from github when sub like "repo:octo/*:environment:*" }
role by-id { allow from github when repository_id == "42" && event_name == "push" }
role other-by-sub { allow from github when sub == "repo:acme/shop:ref:refs/heads/main" }
role other-by-pattern { allow from github when sub like "repo:octo-evil/*" }
role any { allow from github when ref == "refs/heads/main" && event_name == "push" }
role else { allow from github when event_name == "schedule" || (repository like "octo/*" && ref == "refs/heads/next") }
"#;

#[test]
fn a_subject_of_the_same_tenant_is_its_own() {
    let set = compile(GITHUB);
    let mut token = Object::new();
    for (claim, text) in [
        ("repository", "octo/shop"),
        ("repository_id", "42"),
        ("ref", "refs/heads/topic"),
        ("ref_type", "branch"),
        ("event_name", "pull_request"),
    ] {
        token.set(claim, Value::from(text));
    }
    let claims = UnverifiedClaims::new(set.complete("github", &token));
    let near = nearest(&set, &claims);
    let name = |role: RoleId| &*set.program()[role].name;
    let near: Vec<_> = near
        .into_iter()
        .map(|(nearness, role)| (name(role), nearness))
        .collect();
    let of_no_issuer = nearest(&set, &UnverifiedClaims::new(Object::new()));
    assert!(
        of_no_issuer
            .iter()
            .all(|(nearness, _)| *nearness == Nearness::OtherIssuer)
    );
    let shown: Vec<(&str, bool, Option<usize>)> = near
        .iter()
        .map(|(name, nearness)| (*name, matches!(nearness, Nearness::Own { .. }), nearness.claims()))
        .collect();
    assert_eq!(
        shown,
        [
            ("by-environment", true, Some(1)),
            ("by-id", true, Some(1)),
            ("by-pattern", true, Some(1)),
            ("by-sub", true, Some(1)),
            ("else", true, Some(1)),
            ("any", true, Some(2)),
            ("other-by-pattern", false, Some(1)),
            ("other-by-sub", false, Some(1)),
        ]
    );
}

#[test]
fn a_role_that_is_allowed_is_not_among_the_denied() {
    let set: PolicySet = compile(GITHUB);
    let mut token = Object::new();
    token.set("event_name", Value::from("schedule"));
    let claims = UnverifiedClaims::new(set.complete("github", &token));
    let denied = nearest(&set, &claims);
    assert_eq!(denied.len(), set.program().roles().len() - 1);
    assert!(
        denied
            .iter()
            .all(|(_, role)| &*set.program()[*role].name != "else")
    );
}

#[test]
fn accepted_orders_and_times_are_readable() {
    let set = compile(
        r#"issuer g { url "https://g.example" profile gitlab-ci audience "x" }
           role r {
             allow from g when runner_id > 5 && !(runner_id > 5) && !(runner_id <= 5) && !(runner_id >= 5)
               && !(runner_id < 5) && exp > 1800000000 && !(exp < 1800000000) && exp == 1800000000 && exp != 0
               && exp < 9000000000000000000
           }"#,
    );
    let claims = UnverifiedClaims::new(set.complete("g", &rolecall_engine::Object::new()));
    let explanation = set.explain(&claims, "r");
    let clauses = &explanation.operator().expect("a role").clauses;
    let condition = clauses[0]
        .condition
        .as_ref()
        .expect("the token is from the issuer");
    let comparisons = condition.comparisons();
    let shown: Vec<&str> = comparisons
        .iter()
        .map(|comparison| comparison.accepted.as_str())
        .collect();
    let expected = [
        "> 5",
        "<= 5",
        "> 5",
        "< 5",
        ">= 5",
        "> 1800000000 (2027-01-15T08:00:00Z)",
        ">= 1800000000 (2027-01-15T08:00:00Z)",
        "1800000000 (2027-01-15T08:00:00Z)",
        "anything but 0 (1970-01-01T00:00:00Z)",
        "< 9000000000000000000",
    ];
    assert_eq!(shown, expected);
}
