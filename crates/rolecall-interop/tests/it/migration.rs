//! Migration of GitHub's subjects.

use rolecall_engine::{PolicySet, Source};
use rolecall_interop::{Grants, Migration, Names, Projects, Step, Target, export, migrate};
use serde_json::json;
use std::collections::BTreeMap;

const HEAD: &str = r#"issuer github {
  url "https://token.actions.githubusercontent.com"
  profile github-actions
  audience "a"
}
"#;

fn projects() -> Projects {
    let mut projects = Projects::default();
    let dump = json!([
        {"id": 4242, "full_name": "acme/shop", "owner": {"login": "acme", "id": 72}, "html_url": "https://github.com/acme/shop"},
        {"use_default": true, "use_immutable_subject": false, "sub_claim_prefix": "repo:octo@5/app@6"},
    ]);
    projects.read(&dump.to_string()).unwrap();
    projects
}

fn set(text: &str) -> PolicySet {
    PolicySet::compile([Source::new("shop.policy", text)]).unwrap()
}

fn step(text: &str, step: Step) -> (String, Migration) {
    let migration = migrate(&set(text), &projects(), step).unwrap();
    let new = migration
        .files
        .first()
        .map_or(text.to_owned(), |(_, new)| new.clone());
    (new, migration)
}

#[test]
fn both_forms_stand_beside_each_other_and_then_the_new_one_alone() {
    let old = format!(
        r#"{HEAD}
/// Deploys.
role deploy {{
  allow from github when
    sub == "repo:acme/shop:ref:refs/heads/main" // the branch
    || sub in ["repo:acme/shop:pull_request", "repo:octo/app:environment:x"]
    || sub like "repo:acme/shop:environment:*"
    || sub like ["repo:acme/*", "repo:acme/w*b:ref:refs/heads/main"]
}}
"#
    );
    let (both, migration) = step(&old, Step::AddNew);
    assert_eq!((migration.subjects, migration.left.len()), (6, 0), "{both}");
    assert!(migration.gains.is_empty(), "{:?}", migration.gains);
    for part in [
        r#"sub in ["repo:acme/shop:ref:refs/heads/main", "repo:acme@72/shop@4242:ref:refs/heads/main"] // the branch"#,
        r#""repo:octo/app:environment:x", "repo:octo@5/app@6:environment:x"]"#,
        r#"sub like ["repo:acme/shop:environment:*", "repo:acme@72/shop@4242:environment:*"]"#,
        r#"["repo:acme/*", "repo:acme@72/*", "repo:acme/w*b:ref:refs/heads/main", "repo:acme@72/w*b@*:ref:refs/heads/main"]"#,
    ] {
        assert!(both.contains(part), "{part}\n{both}");
    }
    // A second time, there is nothing to add.
    let (same, migration) = step(&both, Step::AddNew);
    assert_eq!((same.as_str(), migration.subjects), (both.as_str(), 0));
    let (new, migration) = step(&both, Step::DropOld);
    assert_eq!((migration.subjects, migration.left.len()), (6, 0), "{new}");
    assert!(migration.gains.is_empty(), "{:?}", migration.gains);
    assert!(
        !new.contains("repo:acme/") && !new.contains("repo:octo/"),
        "{new}"
    );
    assert!(
        new.contains(r#"like ["repo:acme@72/*", "repo:acme@72/w*b@*:ref:refs/heads/main"]"#),
        "{new}"
    );
    set(&new);
}

#[test]
fn subjects_without_ids_stay_with_a_reason() {
    let old = format!(
        r#"{HEAD}role deploy {{
  allow from github when sub in ["repo:acme/other:pull_request", "repo:acme/shop:pull_request"] || sub like "repo:*/x:*"
}}
"#
    );
    let (both, migration) = step(&old, Step::AddNew);
    let left: Vec<(&str, &str, usize)> = migration
        .left
        .iter()
        .map(|left| (left.text.as_str(), left.reason, left.place.0))
        .collect();
    assert_eq!(
        left,
        [
            (
                "repo:acme/other:pull_request",
                "no dump has the ids of the repository",
                7
            ),
            ("repo:*/x:*", "any owner fits it", 7),
        ]
    );
    assert_eq!(migration.subjects, 1);
    let (_, migration) = step(&both, Step::DropOld);
    assert_eq!((migration.subjects, migration.left.len()), (1, 2));
    let (_, migration) = step(&old, Step::DropOld);
    let reasons: Vec<&str> = migration.left.iter().map(|left| left.reason).collect();
    assert!(reasons.contains(&"its new form is not beside it"), "{reasons:?}");
}

#[test]
fn each_target_gets_both_forms() {
    let old = format!(
        "{HEAD}role deploy {{ allow from github when sub == \"repo:acme/shop:ref:refs/heads/main\" }}\n"
    );
    let (both, _) = step(&old, Step::AddNew);
    let (new, _) = step(&both, Step::DropOld);
    for (text, number) in [(&old, 1), (&both, 2), (&new, 1)] {
        let set = set(text);
        let role = set.program().role("deploy").unwrap();
        for target in Target::ALL {
            let mut names = Names::new("deploy", Grants::new());
            names.account = Some("123456789012".to_owned());
            names.project = Some("1234".to_owned());
            let export = export(&set, role, target, &names, BTreeMap::new()).unwrap();
            assert!(export.missed.is_none(), "{target:?}");
            let text: String = export
                .documents
                .iter()
                .flatten()
                .map(|one| one.text.as_str())
                .collect();
            let forms = ["acme/shop", "acme@72/shop@4242"]
                .iter()
                .filter(|form| text.contains(**form))
                .count();
            assert_eq!(forms, number, "{target:?} {text}");
        }
    }
}
