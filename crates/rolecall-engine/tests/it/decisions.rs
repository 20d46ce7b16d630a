//! What a decision carries, and what bounds the work.

use crate::support::{agrees, claims, compile};
use rolecall_engine::{
    ClaimCheck, Claims, DenialReason, Object, PolicySet, Source, Truth, Unknown, UnverifiedClaims, Value,
    assume_verified,
};
use std::time::Duration;

const POLICY: &str = r#"
issuer gitlab { url "https://gitlab.com" profile gitlab-ci audience ["https://sts.acme.example", "https://vault.acme.example"] }
issuer github { url "https://token.actions.githubusercontent.com" profile github-actions audience "https://sts.acme.example" }

role deploy {
  tags [prod]
  ttl 15m
  allow from github when repository_id == "5"
  allow from gitlab when project_id == "42" && ref_protected
  grant role = "arn:aws:iam::123456789012:role/deploy"
  grant secrets = "apps/{project}/{ref_type}"
}

role branch {
  allow from gitlab
  grant key = "{ref}"
  grant top = "{namespace_path}"
}

guard no-merge-requests for #prod from gitlab { pipeline_source != "merge_request_event" }
"#;

fn token(changes: &[(&str, Value)]) -> Object {
    let mut token = Object::new();
    for (claim, text) in [
        ("iss", "https://gitlab.com"),
        ("aud", "https://sts.acme.example"),
        ("project_id", "42"),
        ("project_path", "acme/shop"),
        ("namespace_path", "acme"),
        ("ref", "main"),
        ("ref_type", "branch"),
        ("ref_protected", "true"),
        ("pipeline_source", "push"),
    ] {
        token.set(claim, Value::from(text));
    }
    token.set(
        "sub",
        Value::from("project_path:acme/shop:ref_type:branch:ref:main"),
    );
    token.set("iat", Value::Int(1_800_000_000));
    token.set("exp", Value::Int(1_800_003_600));
    for (claim, value) in changes {
        token.set(claim, value.clone());
    }
    token
}

#[test]
fn an_allowed_role_carries_clause_ttl_and_grants() {
    let set = compile(POLICY);
    let claims = claims(&token(&[]));
    let decision = set.decide(&claims, "deploy");
    assert!(decision.is_allowed());
    assert_eq!(decision.reason(), None);
    let second = set
        .program()
        .role("deploy")
        .and_then(|role| set.program().clause_ids(role).nth(1));
    assert_eq!(decision.clause(), second);
    assert_eq!(decision.ttl(), Some(Duration::from_secs(900)));
    let granted = decision.grants();
    let expected = [
        ("role", "arn:aws:iam::123456789012:role/deploy"),
        ("secrets", "apps/acme/shop/branch"),
    ];
    assert_eq!(granted, expected.map(|(name, value)| (name, value.to_owned())));
}

#[test]
fn a_denied_role_says_how_far_it_got() {
    let set = compile(POLICY);
    let reason = |changes: &[(&str, Value)], role: &str| {
        let claims = claims(&token(changes));
        let decision = set.decide(&claims, role);
        assert!(decision.clause().is_none() && decision.ttl().is_none());
        assert_eq!(decision.grants(), Vec::new());
        decision.reason()
    };
    assert_eq!(reason(&[], "deplyo"), Some(DenialReason::UnknownRole));
    assert_eq!(
        reason(&[("iss", Value::from("https://evil.example"))], "deploy"),
        Some(DenialReason::Issuer)
    );
    assert_eq!(
        reason(&[("aud", Value::from("x"))], "deploy"),
        Some(DenialReason::Audience)
    );
    assert_eq!(
        reason(&[("ref_protected", Value::Null)], "deploy"),
        Some(DenialReason::Condition)
    );
    for (claim, value) in [
        ("sub", Value::from("")),
        ("exp", Value::from("1")),
        ("iat", Value::Null),
    ] {
        assert_eq!(
            reason(&[(claim, value)], "deploy"),
            Some(DenialReason::Unverified),
            "{claim}"
        );
    }
    let merge_request = [("pipeline_source", Value::from("merge_request_event"))];
    let guard = set.program().guards().ids().next().expect("a guard");
    assert_eq!(reason(&merge_request, "deploy"), Some(DenialReason::Guard(guard)));
    let codes = [
        DenialReason::UnknownRole,
        DenialReason::Issuer,
        DenialReason::Audience,
        DenialReason::Unverified,
        DenialReason::Condition,
        DenialReason::Guard(guard),
    ]
    .map(DenialReason::code);
    assert_eq!(
        codes,
        [
            "unknown_role",
            "issuer",
            "audience",
            "unverified",
            "condition",
            "guard"
        ]
    );
}

#[test]
fn grants_take_only_what_is_safe() {
    let set = compile(POLICY);
    let granted = |changes: &[(&str, Value)]| {
        let claims = claims(&token(changes));
        let grants = set.decide(&claims, "branch").grants();
        grants.into_iter().map(|(_, value)| value).collect::<Vec<_>>()
    };
    // The name of the grant and of the claim that does not fit.
    let unfilled = |changes: &[(&str, Value)]| {
        let claims = claims(&token(changes));
        let decision = set.decide(&claims, "branch");
        let code = decision.reason().map(DenialReason::code);
        assert_eq!(code, Some("grant_not_filled"), "{changes:?}");
        assert_eq!(decision.grants(), Vec::new());
        let (grant, claim) = decision.unfilled_grant().expect("a grant and a claim");
        (grant.to_owned(), claim.to_string())
    };
    assert_eq!(granted(&[]), ["main".to_owned(), "acme".to_owned()]);
    for odd in [
        "release/1.0",
        "a$(id)",
        "a b",
        "é",
        "a%2fb",
        "a@b",
        "..",
        "a;b",
        "a\"b",
    ] {
        assert_eq!(
            unfilled(&[("ref", Value::from(odd))]),
            ("key".to_owned(), "ref".to_owned())
        );
    }
    let top = ("top".to_owned(), "namespace_path".to_owned());
    let up = [
        ("project_path", Value::from("a/../b/x")),
        ("namespace_path", Value::from("a/../b")),
    ];
    assert_eq!(unfilled(&up), top);
    assert_eq!(unfilled(&[("namespace_path", Value::from("other"))]), top);
}

#[test]
fn a_set_without_roles_denies() {
    for policy in ["", "edition 2026\n", "// nothing\n"] {
        let set = compile(policy);
        assert_eq!(set.roles(&claims(&token(&[])), &mut Vec::new()).count(), 0);
    }
    let nothing = PolicySet::compile(Vec::<Source>::new()).expect("an empty set");
    assert!(!nothing.decide(&claims(&token(&[])), "deploy").is_allowed());
}

#[test]
fn an_explanation_shows_what_was_asked_and_what_was_there() {
    let set = compile(POLICY);
    let claims = UnverifiedClaims::new(token(&[
        ("ref_protected", Value::from("false")),
        ("project_id", Value::from("acme")),
    ]));
    let explanation = set.explain(&claims, "deploy");
    let explanation = explanation.operator().expect("a role");
    assert_eq!(explanation.allowed_by, None);
    assert_eq!(
        explanation.clauses[0].issuer_check,
        ClaimCheck::Differs(Some(Value::from("https://gitlab.com")))
    );
    let clause = &explanation.clauses[1];
    let condition = clause.condition.as_ref().expect("the token is from the issuer");
    assert_eq!(
        (&clause.issuer_check, &clause.audience_check, condition.truth()),
        (&ClaimCheck::Matches, &ClaimCheck::Matches, Truth::False)
    );
    let shown: Vec<_> = condition
        .comparisons()
        .into_iter()
        .map(|c| (c.claim.as_str(), c.truth, c.unknown, c.accepted.as_str()))
        .collect();
    let expected = [
        ("project_id", Truth::Unknown, Some(Unknown::NotOfType), "\"42\""),
        ("ref_protected", Truth::False, None, "true"),
    ];
    assert_eq!(shown, expected);
    assert_eq!(clause.guards.len(), 1);
    assert_eq!(
        clause.guards[0].condition.comparisons()[0].accepted,
        "anything but \"merge_request_event\""
    );
    assert!(set.explain(&claims, "nobody").operator().is_none());
}

#[test]
fn a_contradicted_claim_shows_what_it_should_be() {
    let set = compile(
        r#"issuer g { url "https://g.example" profile gitlab-ci audience "x" }
           role r { allow from g when sub like "project_path:acme/*" }"#,
    );
    let changes = [
        ("iss", Value::from("https://g.example")),
        ("aud", Value::from("x")),
        (
            "sub",
            Value::from("project_path:acme/shop:ref_type:branch:ref:next"),
        ),
    ];
    let explanation = set.explain(&UnverifiedClaims::new(token(&changes)), "r");
    let comparison = explanation.operator().expect("a role").clauses[0].comparisons()[0];
    assert_eq!(comparison.unknown, Some(Unknown::Contradiction));
    assert!(
        comparison
            .derived
            .contains(&"project_path:acme/shop:ref_type:branch:ref:main".to_owned())
    );
}

/// The deepest policies, in a thread with a stack of 256 KiB: a result or an error, never the end of the program.
#[test]
fn deep_policies_need_little_stack() {
    let chain: String = (1..70)
        .map(|n| format!("condition c{n} = !(c{} && has sub)\n", n - 1))
        .collect();
    let nested = |depth: usize| {
        let (open, close) = ("!(has sub && ".repeat(depth), ")".repeat(depth));
        format!(
            "{}role r {{ allow from g when {open}has sub{close} }}",
            "issuer g { url \"https://g.example\" profile generic audience \"x\" }\n"
        )
    };
    let chained = format!(
        "condition c0 = has sub\n{chain}{}",
        nested(0).replace("when has sub", "when c31")
    );
    for policy in [
        nested(10),
        nested(60),
        nested(64),
        nested(100_000),
        chained,
        format!("condition c0 = has sub\n{chain}"),
    ] {
        let thread = std::thread::Builder::new().stack_size(256 * 1024).spawn(move || {
            if let Ok(set) = PolicySet::compile([Source::new("deep.policy", policy)]) {
                let claims = assume_verified(UnverifiedClaims::new(Object::new()));
                assert_eq!(set.roles(&claims, &mut Vec::new()).count(), 0);
            }
        });
        thread.expect("a thread").join().expect("no panic");
    }
}

#[test]
fn sets_are_shared_by_threads() {
    fn shared<T: Send + Sync>() {}
    shared::<PolicySet>();
    shared::<Claims>();
}

/// A role whose conditions are too many to be written out with each of its keys.
#[test]
fn many_conditions_beside_many_keys_mean_the_same() {
    let joined = |text: fn(usize) -> String, between: &str| {
        let parts: Vec<String> = (0..200).map(text).collect();
        parts.join(between)
    };
    let policy = format!(
        r#"issuer gitlab {{ url "https://gitlab.com" profile gitlab-ci audience "https://sts.acme.example" }}
        role r {{
          allow from gitlab when
            project in [{}] && {} && (pipeline_source == "push" || ({} && ref_protected))
        }}"#,
        joined(|n| format!("\"acme/p{n}\""), ","),
        joined(|n| format!("ref != \"r{n}\""), " && "),
        joined(|n| format!("!(ref like \"r{n}-*\")"), " && "),
    );
    let set = compile(&policy);
    let mut room = Vec::new();
    for (project, branch, source, allowed) in [
        ("acme/p0", "main", "push", 1),
        ("acme/p199", "main", "web", 1),
        ("acme/p199", "r7-x", "push", 1),
        ("acme/p199", "r7-x", "web", 0),
        ("acme/p7", "r199", "push", 0),
        ("acme/p7", "r0", "web", 0),
        ("acme/p200", "main", "push", 0),
    ] {
        let token = token(&[
            ("project_path", Value::from(project)),
            ("ref", Value::from(branch)),
            ("pipeline_source", Value::from(source)),
        ]);
        assert_eq!(
            agrees(&set, &token, &mut room),
            Ok(allowed),
            "{project} {branch} {source}"
        );
    }
}
