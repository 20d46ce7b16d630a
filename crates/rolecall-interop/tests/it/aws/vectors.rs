//! The public corpus of trust conditions: each vector for AWS is decided as its authors expect.

use super::reference::Context;
use super::{plain, reference};
use crate::outside::vectors;
use rolecall_interop::aws::{Published, published, trust};
use rolecall_interop::document::json;
use serde_json::{Map, Value, json};
use std::fs;

fn issuer(vector: &Value) -> String {
    let subject = vector["subject"].as_str().unwrap();
    match vector["issuer"].as_str().unwrap() {
        "github" => "token.actions.githubusercontent.com".to_owned(),
        "terraform-cloud" => "app.terraform.io".to_owned(),
        "circleci" => {
            let organization = subject.split('/').nth(1).unwrap();
            format!("oidc.circleci.com/org/{organization}")
        }
        other => panic!("{other}"),
    }
}

/// Adds the conditions of a vector to those of a statement.
fn add(condition: &Value, issuer: &str, conditions: &mut Map<String, Value>) {
    let operator = match condition["consumer"].as_str().unwrap() {
        "aws-all" => {
            let parts = condition["of"].as_array().unwrap();
            return parts.iter().for_each(|part| add(part, issuer, conditions));
        }
        "aws-stringequals" => "StringEquals",
        "aws-stringlike" => "StringLike",
        other => panic!("{other}"),
    };
    let operator = match condition["qualifier"].as_str() {
        Some(qualifier) => format!("{qualifier}:{operator}"),
        None => operator.to_owned(),
    };
    let keys = conditions.entry(operator).or_insert_with(|| json!({}));
    let key = format!("{issuer}:{}", condition["claim"].as_str().unwrap());
    let before = keys
        .as_object_mut()
        .unwrap()
        .insert(key, condition["pattern"].clone());
    assert!(before.is_none(), "{condition}");
}

/// Returns the keys that AWS publishes for the claims of a vector.
fn context(vector: &Value, issuer: &str) -> Context {
    let mut context = Context::new();
    let subject = json!({ "sub": vector["subject"] });
    let claims = vector.get("claims").unwrap_or(&subject).as_object().unwrap();
    for (name, value) in claims {
        if matches!(published(issuer, name), Published::Claim(_) | Published::Audience) {
            context.insert(
                format!("{issuer}:{name}").to_lowercase(),
                vec![value.as_str().unwrap().to_owned()],
            );
        }
    }
    context
}

#[test]
fn vectors_are_decided_as_expected() {
    let Some(folder) = vectors("trust-conditions") else {
        return;
    };
    let mut number = 0;
    for file in ["circleci-aws.json", "github-aws.json", "terraform-aws.json"] {
        let suite: Value = serde_json::from_str(&fs::read_to_string(folder.join(file)).unwrap()).unwrap();
        for vector in suite["vectors"].as_array().unwrap() {
            let issuer = issuer(vector);
            let mut conditions = Map::new();
            add(&vector["condition"], &issuer, &mut conditions);
            let policy = json!({"Version": "2012-10-17", "Statement": [{
                "Effect": "Allow",
                "Action": "sts:AssumeRoleWithWebIdentity",
                "Principal": {"Federated": format!("arn:aws:iam::123456789012:oidc-provider/{issuer}")},
                "Condition": conditions,
            }]});
            let context = context(vector, &issuer);
            let expected = vector["expect"] == "match";
            let id = &vector["id"];
            let reading = trust(&json(&policy.to_string()).unwrap());
            let tree = reading
                .trust
                .unwrap_or_else(|| panic!("{id}: {:?}", reading.notices));
            assert_eq!(reference::admits(&policy, &issuer, &context), expected, "{id}");
            assert_eq!(
                plain::admits(&tree, &issuer, &context),
                expected,
                "{id}, the tree"
            );
            number += 1;
        }
    }
    println!("{number} vectors agree, 0 are refused");
    assert!(number >= 71, "{number}");
}
