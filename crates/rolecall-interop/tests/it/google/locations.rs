//! Locations and notices of providers and policies, and broken documents.

use rolecall_interop::cel::Expr;
use rolecall_interop::document::json;
use rolecall_interop::google::{
    Attribute, Member, ProviderKind, Selection, is_policy, is_provider, policy, providers,
};
use rolecall_interop::{ForeignFile, Profiles, translate};
use rolecall_syntax::Span;

const PROVIDER: &str = r#"{
  "attributeCondition": "assertion.repository == 'acme\/sh\u006fp' &&\n assertion.ref.startsWith(\"refs/tags/\u00e9\")",
  "attributeMapping": {"attribute.repository": "assertion.repository", "google.subject": "assertion.sub"},
  "displayName": "é",
  "name": "projects/123456789/locations/global/workloadIdentityPools/ci/providers/github",
  "oidc": {"allowedAudiences": ["https://acme.example"], "issuerUri": "https://token.actions.githubusercontent.com"},
  "state": "ACTIVE"
}"#;

const POLICY: &str = r#"{
  "bindings": [
    {"condition": {"expression": "request.time < timestamp('2027-01-01T00:00:00Z')", "title": "é"},
     "members": [
       "serviceAccount:robot@acme.iam.gserviceaccount.com",
       "principal://iam.googleapis.com/projects/123456789/locations/global/workloadIdentityPools/ci/subject/a/b",
       "principalSet://iam.googleapis.com/projects/123456789/locations/global/workloadIdentityPools/ci/attribute.repository/acme/shop",
       "principalSet://iam.googleapis.com/projects/123456789/locations/global/workloadIdentityPools/ci/group/ops",
       "principalSet://iam.googleapis.com/projects/123456789/locations/global/workloadIdentityPools/ci/*"
     ],
     "role": "roles/iam.workloadIdentityUser"}
  ],
  "etag": "BwX=",
  "version": 3
}"#;

#[test]
fn parts_of_a_provider_know_their_place() {
    let node = json(PROVIDER).unwrap();
    assert!(is_provider(&node) && !is_policy(&node));
    let found = providers(PROVIDER, &node).pop().unwrap();
    assert_eq!(found.reading.notices, []);
    let at = |span: Span| &PROVIDER[span.range()];
    assert_eq!(found.id.node, "github");
    assert!(at(found.id.span).ends_with("providers/github\""));
    let provider = found.reading.tree.unwrap();
    let ProviderKind::Oidc(oidc) = &provider.kind else {
        panic!("an issuer")
    };
    assert_eq!(
        at(oidc.issuer.span),
        "\"https://token.actions.githubusercontent.com\""
    );
    assert_eq!(at(oidc.audiences[0].span), "\"https://acme.example\"");
    assert_eq!(provider.mappings[1].attribute.node, Attribute::Subject);
    assert_eq!(
        at(provider.mappings[0].attribute.span),
        "\"attribute.repository\""
    );
    assert_eq!(at(provider.mappings[0].value.span), "assertion.repository");
    let condition = provider.condition.unwrap();
    assert!(
        at(condition.span).starts_with("assertion.repository ==")
            && at(condition.span).ends_with("\\u00e9\\\")")
    );
    let Expr::All(parts) = &condition.node else {
        panic!("two parts")
    };
    assert_eq!(at(parts[0].span), r"assertion.repository == 'acme\/sh\u006fp'");
    let Expr::Compare(comparison) = &parts[0].node else {
        panic!("a comparison")
    };
    assert_eq!(comparison.right.node, Expr::Text("acme/shop".to_owned()));
    assert_eq!(at(comparison.right.span), r"'acme\/sh\u006fp'");
    let Expr::Call(call) = &parts[1].node else {
        panic!("a call")
    };
    assert_eq!(at(call.name.span), "startsWith");
    assert_eq!(at(call.arguments[0].span), r#"\"refs/tags/\u00e9\""#);
}

#[test]
fn parts_of_a_policy_know_their_place() {
    let node = json(POLICY).unwrap();
    assert!(is_policy(&node) && !is_provider(&node));
    let reading = policy(POLICY, &node);
    assert_eq!(reading.notices, []);
    let binding = &reading.tree.unwrap().bindings[0];
    let at = |span: Span| &POLICY[span.range()];
    assert_eq!(at(binding.role.span), "\"roles/iam.workloadIdentityUser\"");
    let condition = binding.condition.as_ref().unwrap();
    assert!(at(condition.expression.span).starts_with("\"request.time"));
    let selections: Vec<Selection> = binding
        .members
        .iter()
        .filter_map(|member| match &member.node {
            Member::Tokens(pool, selection) if pool.id == "ci" && pool.project == "123456789" => {
                assert!(at(member.span).starts_with("\"principal"));
                Some(selection.clone())
            }
            _ => None,
        })
        .collect();
    assert_eq!(
        selections,
        [
            Selection::Subject("a/b".to_owned()),
            Selection::Attribute("repository".to_owned(), "acme/shop".to_owned()),
            Selection::Group("ops".to_owned()),
            Selection::All,
        ]
    );
}

#[test]
fn translated_parts_know_their_file() {
    let provider = PROVIDER.replace("assertion.repository ==", "assertion.project ==");
    let files: Vec<ForeignFile> = [("provider.json", provider.as_str()), ("deployer.json", POLICY)]
        .into_iter()
        .map(|(name, text)| ForeignFile::read(rolecall_engine::Source::new(name, text)).unwrap())
        .collect();
    let translation = translate(&files, &Profiles::default());
    let notices = &translation.notices;
    assert_eq!(notices[0].len(), 1, "{notices:?}");
    assert!(provider[notices[0][0].span.range()].starts_with("assertion.project =="));
    // Each member needs the provider.
    assert_eq!(notices[1].len(), 4);
    for notice in &notices[1] {
        assert!(
            POLICY[notice.span.range()].starts_with("\"principal"),
            "{notice:?}"
        );
        assert_eq!(notice.code, "claim-not-in-profile");
    }
}

#[test]
fn broken_documents_are_refused() {
    let names = [("a.json", PROVIDER), ("b.json", POLICY)];
    for (name, text) in names {
        for (at, _) in text.char_indices() {
            assert!(ForeignFile::read(rolecall_engine::Source::new(name, &text[..at])).is_err());
        }
        // Each value becomes another one.
        for value in ["null", "1", "[]", "{}", "\"a\"", "true"] {
            for (at, _) in text.match_indices(": ") {
                let end = text[at..].find([',', '\n']).map_or(text.len(), |end| at + end);
                let changed = format!("{}: {value}{}", &text[..at], &text[end..]);
                if let Ok(file) = ForeignFile::read(rolecall_engine::Source::new(name, changed.as_str())) {
                    translate(&[file], &Profiles::default());
                }
            }
        }
    }
}

#[test]
fn large_conditions_are_refused_in_time() {
    let conditions = [
        "assertion.ref == 'a' ? ".repeat(60) + "true" + &" : false".repeat(60),
        (0..30).fold("assertion.ref == 'a'".to_owned(), |inner, _| {
            format!("({inner} ? true : false)")
        }),
        (0..30).fold("assertion.ref == 'a'".to_owned(), |inner, _| {
            format!("({inner} ? assertion.ref == 'b' : assertion.ref == 'c')")
        }),
        "assertion.ref + ".repeat(100) + &format!("assertion.ref == '{}'", "a".repeat(500)),
        "!".repeat(100) + "(assertion.ref == 'a')",
        ["assertion.ref == 'a'"; 180].join(" || "),
        format!("assertion.ref.matches('{}')", "(a|b|^c$)*".repeat(40)),
    ];
    for condition in conditions {
        let provider = serde_json::json!({
            "name": "projects/1/locations/global/workloadIdentityPools/ci/providers/ci",
            "attributeMapping": {"google.subject": "assertion.sub"},
            "attributeCondition": condition,
            "oidc": {"issuerUri": "https://gitlab.com"},
        });
        let start = std::time::Instant::now();
        let source = rolecall_engine::Source::new("ci.json", provider.to_string());
        let translation = translate(&[ForeignFile::read(source).unwrap()], &Profiles::default());
        let fidelity = &translation.coverage.roles[0].fidelity;
        println!("{fidelity:?} in {:?}: {}", start.elapsed(), &condition[..40]);
        assert!(
            start.elapsed() < std::time::Duration::from_secs(10),
            "{condition}"
        );
        rolecall_engine::PolicySet::compile_files(translation.files).unwrap();
    }
}
