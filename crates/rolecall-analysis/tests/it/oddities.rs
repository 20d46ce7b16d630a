//! Known oddities of denied tokens, and who can change what.

use rolecall_analysis::{Actor, Analysis, Oddity, Repair};
use rolecall_engine::{Object, PolicySet, RoleId, UnverifiedClaims, Value};

const POLICY: &str = r#"
issuer gitlab { url "https://gitlab.com" profile gitlab-ci audience "https://sts.acme.example" }
issuer github { url "https://token.actions.githubusercontent.com" profile github-actions audience "https://sts.acme.example" }
role gitlab-deploy {
  allow from gitlab when
    project == "acme/shop" && project_id == "42" && namespace_id == "7"
    && ref_type == "branch" && ref == "main" && ref_protected
    && environment == "production" && pipeline_source != "merge_request_event"
}
role gitlab-no-forks {
  allow from gitlab when project == "acme/shop" && job_project_id == project_id
}
role gitlab-sub { allow from gitlab when sub == "project_path:acme/shop:ref_type:branch:ref:main" }
role github-deploy {
  allow from github when
    repository == "octo/shop" && repository_id == "42" && repository_owner_id == "7"
    && ref == "refs/heads/main" && environment == "production" && event_name in ["push", "workflow_dispatch"]
}
role github-sub { allow from github when sub == "repo:octo/shop:ref:refs/heads/main" }
"#;

/// A claim and its value in a token: a list is separated by spaces, and `-` is absent.
type Claims = &'static [(&'static str, &'static str)];

const GITLAB: Claims = &[
    ("project_path", "acme/shop"),
    ("project_id", "42"),
    ("namespace_id", "7"),
    ("job_project_path", "acme/shop"),
    ("job_project_id", "42"),
    ("ref_type", "branch"),
    ("ref", "main"),
    ("ref_protected", "true"),
    ("environment", "production"),
    ("pipeline_source", "push"),
];

const GITHUB: Claims = &[
    ("repository", "octo/shop"),
    ("repository_id", "42"),
    ("repository_owner_id", "7"),
    ("ref", "refs/heads/main"),
    ("ref_type", "branch"),
    ("environment", "production"),
    ("event_name", "push"),
];

const GITHUB_BRANCH: Claims = &[
    ("repository", "octo/shop"),
    ("repository_id", "42"),
    ("repository_owner_id", "7"),
    ("ref", "refs/heads/main"),
    ("ref_type", "branch"),
    ("event_name", "push"),
];

/// The role, the claims that differ from those of an allowed token, and the expected oddity and changes.
const TABLE: &[(&str, Claims, Option<Oddity>, &[&str])] = &[
    (
        "gitlab-deploy",
        &[("project_path", "Acme/shop")],
        Some(Oddity::Case),
        &["project_path"],
    ),
    (
        "gitlab-deploy",
        &[("project_path", "acme/Shop")],
        Some(Oddity::Case),
        &["project_path"],
    ),
    ("gitlab-deploy", &[("ref", "Main")], Some(Oddity::Case), &["ref"]),
    (
        "gitlab-deploy",
        &[("environment", "Production")],
        Some(Oddity::Case),
        &["environment"],
    ),
    (
        "gitlab-deploy",
        &[("project_path", "ACME/shop"), ("environment", "PRODUCTION")],
        Some(Oddity::Case),
        &["environment", "project_path"],
    ),
    (
        "gitlab-deploy",
        &[("project_id", "99"), ("job_project_id", "99")],
        Some(Oddity::Ids),
        &["project_id"],
    ),
    (
        "gitlab-deploy",
        &[("namespace_id", "8")],
        Some(Oddity::Ids),
        &["namespace_id"],
    ),
    (
        "gitlab-deploy",
        &[
            ("project_id", "99"),
            ("job_project_id", "99"),
            ("namespace_id", "8"),
        ],
        Some(Oddity::Ids),
        &["namespace_id", "project_id"],
    ),
    (
        "gitlab-deploy",
        &[("ref_type", "tag")],
        Some(Oddity::Tag),
        &["ref_type"],
    ),
    (
        "gitlab-deploy",
        &[("ref_type", "tag"), ("ref", "v1.0.0")],
        Some(Oddity::Tag),
        &["ref", "ref_type"],
    ),
    (
        "gitlab-deploy",
        &[("ref_type", "tag"), ("ref", "v2"), ("ref_protected", "false")],
        Some(Oddity::Tag),
        &["ref", "ref_protected", "ref_type"],
    ),
    (
        "gitlab-deploy",
        &[("pipeline_source", "merge_request_event")],
        Some(Oddity::MergeRequest),
        &["pipeline_source"],
    ),
    (
        "gitlab-deploy",
        &[
            ("pipeline_source", "merge_request_event"),
            ("ref", "topic"),
            ("ref_protected", "false"),
        ],
        Some(Oddity::MergeRequest),
        &["pipeline_source", "ref", "ref_protected"],
    ),
    (
        "gitlab-deploy",
        &[("pipeline_source", "merge_request_event"), ("environment", "-")],
        Some(Oddity::MergeRequest),
        &["environment", "pipeline_source"],
    ),
    (
        "gitlab-deploy",
        &[
            ("project_path", "mallory/shop"),
            ("project_id", "99"),
            ("namespace_id", "8"),
        ],
        Some(Oddity::Fork),
        &["namespace_id", "project_id", "project_path"],
    ),
    (
        "gitlab-sub",
        &[("project_path", "mallory/shop")],
        Some(Oddity::Fork),
        &["project_path"],
    ),
    (
        "gitlab-no-forks",
        &[("job_project_path", "mallory/shop"), ("job_project_id", "99")],
        Some(Oddity::Fork),
        &["job_project_id"],
    ),
    (
        "gitlab-deploy",
        &[("environment", "prod")],
        Some(Oddity::EnvironmentSpelling),
        &["environment"],
    ),
    (
        "gitlab-deploy",
        &[("environment", "production-eu")],
        None,
        &["environment"],
    ),
    (
        "gitlab-deploy",
        &[("environment", "pro-duction")],
        Some(Oddity::EnvironmentSpelling),
        &["environment"],
    ),
    (
        "gitlab-deploy",
        &[("environment", "staging")],
        None,
        &["environment"],
    ),
    ("gitlab-deploy", &[("environment", "-")], None, &["environment"]),
    (
        "gitlab-deploy",
        &[("aud", "https://sts.acme.example other")],
        Some(Oddity::SeveralAudiences),
        &["aud"],
    ),
    (
        "gitlab-sub",
        &[("aud", "a b c")],
        Some(Oddity::SeveralAudiences),
        &["aud"],
    ),
    ("gitlab-deploy", &[("aud", "other")], None, &["aud"]),
    ("gitlab-deploy", &[("ref", "topic")], None, &["ref"]),
    (
        "gitlab-deploy",
        &[("ref", "refs/heads/main")],
        Some(Oddity::RefPrefix),
        &["ref"],
    ),
    (
        "gitlab-deploy",
        &[("ref", "refs/heads/main"), ("environment", "staging")],
        Some(Oddity::RefPrefix),
        &["environment", "ref"],
    ),
    ("gitlab-deploy", &[("ref", "refs/heads/topic")], None, &["ref"]),
    (
        "gitlab-deploy",
        &[("ref_protected", "false")],
        None,
        &["ref_protected"],
    ),
    (
        "gitlab-deploy",
        &[("project_path", "acme/other")],
        None,
        &["project_path"],
    ),
    (
        "gitlab-sub",
        &[("ref_type", "tag")],
        Some(Oddity::Tag),
        &["ref_type"],
    ),
    ("gitlab-sub", &[("ref", "MAIN")], Some(Oddity::Case), &["ref"]),
    (
        "gitlab-sub",
        &[("sub", "project_path:acme/shop:ref_type:branch:ref:topic")],
        None,
        &[],
    ),
    (
        "github-deploy",
        &[("repository", "Octo/Shop")],
        Some(Oddity::Case),
        &["repository"],
    ),
    (
        "github-deploy",
        &[("repository_id", "99")],
        Some(Oddity::Ids),
        &["repository_id"],
    ),
    (
        "github-deploy",
        &[("repository_id", "99"), ("repository_owner_id", "8")],
        Some(Oddity::Ids),
        &["repository_id", "repository_owner_id"],
    ),
    (
        "github-deploy",
        &[
            ("repository", "mallory/shop"),
            ("repository_id", "99"),
            ("repository_owner_id", "8"),
        ],
        Some(Oddity::Fork),
        &["repository", "repository_id", "repository_owner_id"],
    ),
    (
        "github-deploy",
        &[("ref", "refs/tags/main"), ("ref_type", "tag")],
        Some(Oddity::Tag),
        &["ref"],
    ),
    (
        "github-deploy",
        &[("event_name", "pull_request"), ("ref", "refs/pull/7/merge")],
        Some(Oddity::MergeRequest),
        &["event_name", "ref"],
    ),
    (
        "github-deploy",
        &[("event_name", "pull_request_target")],
        Some(Oddity::MergeRequest),
        &["event_name"],
    ),
    (
        "github-deploy",
        &[("event_name", "schedule")],
        None,
        &["event_name"],
    ),
    (
        "github-deploy",
        &[("environment", "PROD")],
        Some(Oddity::EnvironmentSpelling),
        &["environment"],
    ),
    ("github-sub", &[("ref", "refs/heads/topic")], None, &["ref"]),
    (
        "github-sub",
        &[("sub", "repo:octo@7/shop@42:ref:refs/heads/main")],
        Some(Oddity::SubjectIds),
        &[],
    ),
    (
        "github-deploy",
        &[("ref", "main")],
        Some(Oddity::RefPrefix),
        &["ref"],
    ),
];

fn token(set: &PolicySet, role: &str, changes: Claims) -> UnverifiedClaims {
    let (issuer, base) = match role {
        "github-sub" => ("github", GITHUB_BRANCH),
        role if role.starts_with("github") => ("github", GITHUB),
        _ => ("gitlab", GITLAB),
    };
    let mut token = Object::new();
    for (claim, text) in base.iter().chain(changes) {
        match text.split(' ').collect::<Vec<&str>>().as_slice() {
            ["-"] => token.remove(claim),
            [one] => token.set(claim, Value::from(*one)),
            several => token.set(
                claim,
                Value::List(several.iter().map(|text| Value::from(*text)).collect()),
            ),
        }
    }
    UnverifiedClaims::new(set.complete(issuer, &token))
}

#[test]
fn oddities_are_named_right() {
    let set = crate::support::compile(POLICY);
    let mut analysis = Analysis::new(&set);
    let mut wrong = Vec::new();
    for (name, changes, oddity, changed) in TABLE {
        let role = set.program().role(name).expect("a role");
        match analysis.repair(&token(&set, name, changes), role) {
            Repair::Changes(found) => {
                let claims: Vec<&str> = found.claims.iter().map(|change| change.claim.as_str()).collect();
                if (found.oddity, claims.as_slice()) != (*oddity, *changed) {
                    wrong.push(format!(
                        "{name} {changes:?}: {:?} {:?}",
                        found.oddity, found.claims
                    ));
                }
            }
            other => wrong.push(format!("{name} {changes:?}: {other:?}")),
        }
    }
    assert!(TABLE.len() >= 40);
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn allowed_tokens_need_no_change() {
    let set = crate::support::compile(POLICY);
    let mut analysis = Analysis::new(&set);
    for name in [
        "gitlab-deploy",
        "gitlab-no-forks",
        "gitlab-sub",
        "github-deploy",
        "github-sub",
    ] {
        let role = set.program().role(name).expect("a role");
        assert_eq!(
            analysis.repair(&token(&set, name, &[]), role),
            Repair::Allowed,
            "{name}"
        );
    }
}

#[test]
fn everything_has_an_actor() {
    let set = crate::support::compile(POLICY);
    let mut analysis = Analysis::new(&set);
    let role = set.program().role("gitlab-deploy").expect("a role");
    let changes: Claims = &[
        ("project_id", "99"),
        ("ref", "topic"),
        ("ref_protected", "false"),
        ("aud", "other"),
        ("pipeline_source", "merge_request_event"),
    ];
    let Repair::Changes(found) = analysis.repair(&token(&set, "gitlab-deploy", changes), role) else {
        panic!("changes");
    };
    let actors: Vec<(&str, Actor)> = found
        .claims
        .iter()
        .map(|change| (change.claim.as_str(), change.actor))
        .collect();
    assert_eq!(
        actors,
        [
            ("aud", Actor::Requester),
            ("pipeline_source", Actor::Author),
            ("project_id", Actor::Policy),
            ("ref", Actor::Author),
            ("ref_protected", Actor::Administrator),
        ]
    );
}

#[test]
fn impossible_roles_and_other_issuers_have_no_change() {
    let policy = r#"
issuer a { url "https://a.example" profile gitlab-ci audience "x" }
issuer b { url "https://b.example" profile gitlab-ci audience "x" }
role never { allow from a when ref == "main" && ref == "next" }
role of-b { allow from b when ref == "main" }
"#;
    let set = crate::support::compile(policy);
    let mut analysis = Analysis::new(&set);
    let claims = UnverifiedClaims::new(set.complete("a", &Object::new()));
    let role = |name| set.program().role(name).expect("a role");
    assert_eq!(analysis.repair(&claims, role("never")), Repair::Impossible);
    assert_eq!(analysis.repair(&claims, role("of-b")), Repair::OtherIssuer);
}

#[test]
fn more_than_twenty_claims_are_not_decided() {
    let claims: String = (0..21)
        .map(|number| format!(" claim c{number}: text optional\n"))
        .collect();
    let all: Vec<String> = (0..21).map(|number| format!("c{number} == \"x\"")).collect();
    let (few, all) = (all[..5].join(" && "), all.join(" && "));
    let policy = format!(
        "profile wide {{\n{claims}}}\nissuer w {{ url \"https://w.example\" profile wide audience \"x\" }}\n\
         role all {{ allow from w when {all} }}\nrole few {{ allow from w when {few} }}\n"
    );
    let set = crate::support::compile(&policy);
    let mut analysis = Analysis::new(&set);
    let claims = UnverifiedClaims::new(set.complete("w", &Object::new()));
    let role = |name| set.program().role(name).expect("a role");
    assert!(matches!(
        analysis.repair(&claims, role("all")),
        Repair::NotDecided(_)
    ));
    assert_eq!(analysis.repair(&claims, role("few")).size(), Some(5));
}

#[test]
fn the_nearest_roles_come_first() {
    let mut policy = String::from(
        "issuer gitlab { url \"https://gitlab.com\" profile gitlab-ci audience \"x\" }\n\
         issuer other { url \"https://other.example\" profile gitlab-ci audience \"x\" }\n\
         role elsewhere { allow from other }\n",
    );
    for number in 0..300 {
        policy += &format!(
            "role r{number:03} {{ allow from gitlab when project_id == \"{}\" && ref == \"r{number}\" }}\n",
            number % 3
        );
    }
    policy +=
        "role far { allow from gitlab when project_id == \"1\" && ref == \"a\" && environment == \"b\" }\n";
    let set = crate::support::compile(&policy);
    let mut token = Object::new();
    token.set("project_path", Value::from("acme/shop"));
    token.set("project_id", Value::from("1"));
    token.set("ref", Value::from("main"));
    let claims = UnverifiedClaims::new(set.complete("gitlab", &token));
    let all: Vec<RoleId> = set.program().roles().ids().collect();
    let near = Analysis::new(&set).nearest(&claims, &all, 10);
    let name = |role: RoleId| &*set.program()[role].name;
    let names: Vec<&str> = near.roles.iter().map(|(role, _)| name(*role)).collect();
    assert_eq!(
        names,
        [
            "r001", "r004", "r007", "r010", "r013", "r016", "r019", "r022", "r025", "r028"
        ]
    );
    assert!(near.roles.iter().all(|(_, repair)| repair.size() == Some(1)));
    assert_eq!(
        (
            near.further.len(),
            near.other_tenants.len(),
            near.other_issuers.len()
        ),
        (91, 200, 1)
    );
    assert_eq!(near.further.last().map(|role| name(*role)), Some("far"));
}

#[test]
fn claims_of_every_verified_token_are_changed_too() {
    let policy = r#"
issuer g { url "https://g.example" profile generic audience "x" }
issuer gitlab { url "https://gitlab.com" profile gitlab-ci audience "x" }
role plain { allow from g when sub like "*" }
role ci { allow from gitlab when project_id == "42" }
"#;
    let set = crate::support::compile(policy);
    let mut analysis = Analysis::new(&set);
    let odd = [
        ("exp", None),
        ("exp", Some(Value::Null)),
        ("exp", Some(Value::from("1800003600"))),
        ("iat", Some(Value::Bool(true))),
        ("sub", None),
        ("sub", Some(Value::Null)),
        ("sub", Some(Value::Int(7))),
        ("sub", Some(Value::from(""))),
    ];
    for (issuer, role) in [("g", "plain"), ("gitlab", "ci")] {
        for (claim, value) in &odd {
            let mut token = Object::new();
            token.set("project_id", Value::from("42"));
            let mut token = set.complete(issuer, &token);
            token.put(&[(*claim).to_owned()], value.clone());
            let repair = analysis.repair(
                &UnverifiedClaims::new(token.clone()),
                set.program().role(role).expect("a role"),
            );
            let Repair::Changes(changes) = &repair else {
                panic!("{role} {claim} {value:?}: {repair:?}");
            };
            assert!(changes.claims.len() <= 1, "{role} {claim} {value:?}: {repair:?}");
            let changed = UnverifiedClaims::new(changes.token.clone());
            assert!(set.evaluate(&changed, role).is_ok(), "{repair:?}");
        }
    }
}

#[test]
fn the_other_elements_of_a_list_stay() {
    let policy = r#"
issuer gitlab { url "https://gitlab.com" profile gitlab-ci audience "x" }
role grp { allow from gitlab when groups_direct contains "acme/platform" }
"#;
    let set = crate::support::compile(policy);
    let mut token = Object::new();
    let groups = ["acme/x", "acme/y"].map(Value::from);
    token.set("groups_direct", Value::List(groups.to_vec()));
    let claims = UnverifiedClaims::new(set.complete("gitlab", &token));
    let Repair::Changes(changes) = Analysis::new(&set).repair(&claims, crate::support::role(&set, 0)) else {
        panic!("changes");
    };
    let all = ["acme/x", "acme/y", "acme/platform"].map(Value::from);
    assert_eq!(changes.claims[0].to, Some(Value::List(all.to_vec())));
}

#[test]
fn ids_are_an_oddity_only_beside_a_name() {
    let policy = r#"
issuer gitlab { url "https://gitlab.com" profile gitlab-ci audience "x" }
role named { allow from gitlab when project == "acme/shop" && project_id == "42" }
role below { allow from gitlab when project under "acme" && project_id == "42" }
role by-id { allow from gitlab when project_id == "42" }
"#;
    let set = crate::support::compile(policy);
    let mut token = Object::new();
    token.set("project_path", Value::from("acme/shop"));
    token.set("project_id", Value::from("99"));
    let claims = UnverifiedClaims::new(set.complete("gitlab", &token));
    let mut analysis = Analysis::new(&set);
    let mut oddity = |role: usize| match analysis.repair(&claims, crate::support::role(&set, role)) {
        Repair::Changes(changes) => changes.oddity,
        other => panic!("{other:?}"),
    };
    assert_eq!([oddity(0), oddity(1), oddity(2)], [Some(Oddity::Ids), None, None]);
}

#[test]
fn a_number_in_place_of_its_string_is_the_same_value() {
    let policy = r#"
issuer gitlab { url "https://gitlab.com" profile gitlab-ci audience "x" }
role deploy { allow from gitlab when project == "acme/shop" && project_id == "42" && ref_protected }
"#;
    let set = crate::support::compile(policy);
    let oddity = |id: i64| {
        let mut token = Object::new();
        token.set("project_path", Value::from("acme/shop"));
        token.set("project_id", Value::Int(id));
        token.set("ref_protected", Value::from("true"));
        let claims = UnverifiedClaims::new(set.complete("gitlab", &token));
        match Analysis::new(&set).repair(&claims, crate::support::role(&set, 0)) {
            Repair::Changes(changes) => changes.oddity,
            other => panic!("{other:?}"),
        }
    };
    assert_eq!(
        [oddity(42), oddity(43)],
        [Some(Oddity::JsonForm), Some(Oddity::Ids)]
    );
}
