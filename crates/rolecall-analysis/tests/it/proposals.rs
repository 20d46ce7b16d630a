//! The values that repairs and witnesses propose, of many that would do.

use rolecall_analysis::{Analysis, Answer, Change, Repair};
use rolecall_engine::{Object, PolicySet, UnverifiedClaims, Value};

const POLICY: &str = r#"
issuer gitlab { url "https://gitlab.com" profile gitlab-ci audience "https://sts.acme.example" }
issuer github { url "https://token.actions.githubusercontent.com" profile github-actions audience "https://sts.acme.example" }
role source { allow from gitlab when pipeline_source in ["api", "merge_request_event", "push"] }
role event { allow from github when event_name in ["issues", "pull_request", "push", "workflow_dispatch"] }
role place { allow from gitlab when environment in ["asia", "europe", "production-eu"] }
role untested { allow from gitlab when environment in ["asia", "europe", "production"] }
role release { allow from gitlab when ref like "v*" }
role series { allow from gitlab when ref like "release*" }
role anything { allow from gitlab when environment like "*" }
role groups { allow from gitlab when project like "acme*" }
role tag { allow from github when ref like "refs/tags/v*" }
role branch { allow from github when ref like "refs/heads/*" }
role kind { allow from github when ref_type == "tag" }
role both { allow from github when ref like "refs/tags/*" && ref_type == "branch" }
role young { allow from gitlab when iat > 1900000000 }
role late { allow from gitlab when exp > 1900000000 }
role early { allow from gitlab when exp < 1700000000 }
role odd { allow from gitlab when exp < 1700000000 && iat > 1700000000 }
role lax { allow from gitlab when exp > 5 }
test "europe" {
  token gitlab { environment = "europe", ref = "main" }
  expect allow place
}
test "asia" {
  token gitlab { environment = "asia", ref = "main" }
  expect deny event
}
"#;

/// Returns the changes that give a role to a token, and those that follow, as `claim: value`.
fn changes(set: &PolicySet, role: &str, claims: &[(&str, Value)]) -> (Vec<String>, Vec<String>) {
    let id = set.program().role(role).expect("a role");
    let issuer = &set.program()[set.program().clauses(id)[0].issuer].issuer.name;
    let mut token = Object::new();
    for (claim, value) in claims {
        token.set(claim, value.clone());
    }
    let claims = UnverifiedClaims::new(set.complete(issuer, &token));
    let Repair::Changes(changes) = Analysis::new(set).repair(&claims, id) else {
        panic!("{role}");
    };
    let shown = |changes: &[Change]| {
        let followed = changes.iter().filter(|change| change.claim != "sub");
        let shown = followed.map(|change| {
            let to = change.to.as_ref().map(ToString::to_string);
            format!("{}: {}", change.claim, to.unwrap_or_default())
        });
        shown.collect::<Vec<String>>()
    };
    (shown(&changes.claims), shown(&changes.follows))
}

#[test]
fn a_repair_proposes_tested_usual_and_natural_values() {
    let set = crate::support::compile(POLICY);
    let expected = [
        ("source", r#"pipeline_source: "push""#),
        ("event", r#"event_name: "push""#),
        ("place", r#"environment: "europe""#),
        ("untested", r#"environment: "production""#),
        ("release", r#"ref: "v1.0.0""#),
        ("series", r#"ref: "release-1""#),
        ("anything", r#"environment: "web""#),
        ("groups", r#"project_path: "acme/web""#),
        ("tag", r#"ref: "refs/tags/v1.0.0""#),
        ("branch", r#"ref: "refs/heads/main""#),
    ];
    for (role, change) in expected {
        assert_eq!(changes(&set, role, &[]).0, [change], "{role}");
    }
}

#[test]
fn the_type_of_a_ref_follows_it_where_the_role_allows_it() {
    let set = crate::support::compile(POLICY);
    let branch =
        [("ref", "refs/heads/main"), ("ref_type", "branch")].map(|(claim, text)| (claim, Value::from(text)));
    let of = |role| changes(&set, role, &branch);
    let lines = |lines: &[&str]| {
        lines
            .iter()
            .map(|line| (*line).to_owned())
            .collect::<Vec<String>>()
    };
    let (tag, kind) = (r#"ref: "refs/tags/v1.0.0""#, r#"ref_type: "tag""#);
    assert_eq!(of("tag"), (lines(&[tag]), lines(&[kind])));
    assert_eq!(of("kind"), (lines(&[kind]), lines(&[r#"ref: "refs/tags/main""#])));
    assert_eq!(of("both"), (lines(&[tag]), lines(&[])));
}

#[test]
fn a_token_expires_after_it_is_issued() {
    let set = crate::support::compile(POLICY);
    let times = |role| {
        changes(
            &set,
            role,
            &[
                ("iat", Value::Int(1_800_000_000)),
                ("exp", Value::Int(1_800_000_600)),
            ],
        )
    };
    let lines = |lines: &[&str]| {
        lines
            .iter()
            .map(|line| (*line).to_owned())
            .collect::<Vec<String>>()
    };
    assert_eq!(
        times("young"),
        (lines(&["iat: 1900000001"]), lines(&["exp: 1900000301"]))
    );
    assert_eq!(times("late"), (lines(&["exp: 1900000001"]), lines(&[])));
    assert_eq!(
        times("early"),
        (lines(&["exp: 1699999999"]), lines(&["iat: 1699999699"]))
    );
    // The role accepts no token that can be: its `iat` stays.
    assert_eq!(times("odd"), (lines(&["exp: 1699999999"]), lines(&[])));
    // The new time fits the one that the token has.
    let mut token = vec![("iat", Value::Int(1_850_000_000)), ("exp", Value::Int(3))];
    assert_eq!(changes(&set, "lax", &token).0, ["exp: 1850000300"]);
    token[1].1 = Value::from("soon");
    assert_eq!(changes(&set, "lax", &token).0, ["exp: 1850000300"]);
    let mut analysis = Analysis::new(&set);
    for role in ["young", "late", "early", "lax"] {
        let role = set.program().role(role).expect("a role");
        for answer in analysis.examples(role) {
            let Answer::Token(witness) = answer else {
                panic!("{answer:?}");
            };
            let claims = Object::from(witness.claims().members());
            let time = |name: &str| match claims.get(name) {
                Some(Value::Int(time)) => *time,
                other => panic!("{other:?}"),
            };
            assert!(time("iat") < time("exp"), "{claims:?}");
        }
    }
}
