//! Families: an import whose clauses are joined lets in exactly the same tokens.

use crate::aws::dice::{Dice, sampled};
use rolecall_analysis::{Budget, RoleChange, difference};
use rolecall_engine::{PolicySet, Source};
use rolecall_interop::{Clauses, ForeignFile, Import, Profiles, import, translate};
use serde_json::{Value as Json, json};

fn imported(document: &Json, clauses: Clauses) -> (Import, PolicySet) {
    let source = Source::new("document.json", document.to_string());
    let file = ForeignFile::read(source).unwrap();
    let import = import(&translate(&[file], &Profiles::default()), clauses).unwrap();
    let set = PolicySet::compile(import.files.iter().cloned()).unwrap();
    (import, set)
}

/// Returns the number of clauses of the only role.
fn clauses(set: &PolicySet) -> usize {
    let program = set.program();
    program
        .roles()
        .ids()
        .map(|role| program.clauses(role).len())
        .sum()
}

fn credential(subject: &str, audience: &str) -> Json {
    json!({
        "name": "one",
        "issuer": "https://token.actions.githubusercontent.com",
        "subject": subject,
        "audiences": [audience],
    })
}

#[test]
fn subjects_of_credentials_become_a_list() {
    let subject = |name: &str| format!("repo:acme/{name}:environment:production");
    let names = ["shop", "web", "docs"];
    let credentials: Vec<Json> = names
        .iter()
        .map(|name| credential(&subject(name), "api://AzureADTokenExchange"))
        .collect();
    let (_, each) = imported(&json!(credentials), Clauses::Each);
    let (import, families) = imported(&json!(credentials), Clauses::Families);
    assert_eq!((clauses(&each), clauses(&families)), (3, 1));
    let text = &import.files.last().unwrap().text;
    assert!(text.contains("sub in ["), "{text}");
}

#[test]
fn statements_that_differ_in_more_stay_apart() {
    let statement = |subject: &str, actor: &str| {
        json!({
            "Effect": "Allow",
            "Principal": {"Federated": "arn:aws:iam::123456789012:oidc-provider/token.actions.githubusercontent.com"},
            "Action": "sts:AssumeRoleWithWebIdentity",
            "Condition": {
                "StringEquals": {
                    "token.actions.githubusercontent.com:aud": "sts.amazonaws.com",
                    "token.actions.githubusercontent.com:actor": actor,
                },
                "StringLike": {"token.actions.githubusercontent.com:sub": subject},
            },
        })
    };
    let policy = |statements: Vec<Json>| json!({"Version": "2012-10-17", "Statement": statements});
    let apart = policy(vec![
        statement("repo:acme/shop:*", "ann"),
        statement("repo:acme/web:*", "bob"),
    ]);
    assert_eq!(clauses(&imported(&apart, Clauses::Families).1), 2);
    let together = policy(vec![
        statement("repo:acme/shop:*", "ann"),
        statement("repo:acme/web:*", "ann"),
        statement("repo:acme/web:*", "bob"),
        statement("repo:acme/shop:*", "bob"),
    ]);
    let (import, set) = imported(&together, Clauses::Families);
    assert_eq!(clauses(&set), 2, "{:?}", import.files);
}

#[test]
fn families_are_equal_to_their_clauses() {
    for seed in 0..sampled(60, 2_000) {
        let mut dice = Dice(seed);
        let mut statements = Vec::new();
        for _ in 0..=dice.below(5) {
            let mut condition = json!({"StringEquals": {
                "token.actions.githubusercontent.com:aud": dice.of(&["sts.amazonaws.com", "other"]),
            }});
            let operator = dice.of(&[
                "StringEquals",
                "StringLike",
                "StringNotEquals",
                "ForAnyValue:StringLike",
            ]);
            let subject = dice.of(&[
                "repo:acme/shop:ref:refs/heads/main",
                "repo:acme/web:ref:refs/heads/main",
                "repo:acme/*",
            ]);
            condition[operator]["token.actions.githubusercontent.com:sub"] = json!(subject);
            let key = dice.of(&["repository_id", "actor"]);
            let values = [&["4242", "42"], &["ann", "bob"]][usize::from(key == "actor")];
            condition["StringEquals"][format!("token.actions.githubusercontent.com:{key}")] =
                json!(dice.of(values));
            statements.push(json!({
                "Effect": "Allow",
                "Principal": {"Federated": "arn:aws:iam::123456789012:oidc-provider/token.actions.githubusercontent.com"},
                "Action": "sts:AssumeRoleWithWebIdentity",
                "Condition": condition,
            }));
        }
        let policy = json!({"Version": "2012-10-17", "Statement": statements});
        let (_, each) = imported(&policy, Clauses::Each);
        let (import, families) = imported(&policy, Clauses::Families);
        let changes = difference(&each, &families, Budget::default());
        assert!(
            changes.iter().all(RoleChange::is_unchanged),
            "seed {seed}: {changes:?} {:?}",
            import.files
        );
    }
}
