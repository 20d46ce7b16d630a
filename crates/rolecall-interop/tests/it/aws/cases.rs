//! Cases by hand, in `tests/cases/aws`. Its README describes the form.

use super::reference::Context;
use super::{plain, reference};
use rolecall_interop::aws::{Reading, trust};
use rolecall_interop::document::json;
use serde_json::Value;
use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

const STATEMENT: &str = r#"{"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "sts:AssumeRoleWithWebIdentity",
    "Principal": {"Federated": "arn:aws:iam::123456789012:oidc-provider/gitlab.com"}, "Condition": CONDITION}}"#;

/// Returns the context of a request, from a line of a case: members without a colon are claims of the issuer
/// `iss`, the others are keys.
fn context(token: &Value) -> (String, Context) {
    let issuer = token["iss"].as_str().unwrap_or("gitlab.com");
    let members = token
        .as_object()
        .unwrap()
        .iter()
        .filter(|(name, _)| *name != "iss");
    let context = members.map(|(name, value)| {
        let key = if name.contains(':') {
            name.clone()
        } else {
            format!("{issuer}:{name}")
        };
        let values = match value {
            Value::Null => vec![],
            Value::String(text) => vec![text.clone()],
            Value::Array(texts) => texts
                .iter()
                .map(|text| text.as_str().unwrap().to_owned())
                .collect(),
            number => vec![number.to_string()],
        };
        (key.to_lowercase(), values)
    });
    (issuer.to_owned(), context.collect())
}

/// Checks a document with its expectations, and returns how many there are.
fn check(place: &str, block: &str) -> usize {
    let is_expectation = |line: &&str| {
        let word = line.split(' ').next().unwrap();
        ["allow", "deny", "refused", "odd"].contains(&word)
    };
    let (expected, document): (Vec<&str>, Vec<&str>) = block.lines().skip(1).partition(is_expectation);
    let mut document = document.join("\n");
    if !document.contains("\"Statement\"") {
        document = STATEMENT.replace("CONDITION", &document);
    }
    let node = json(&document).unwrap_or_else(|error| panic!("{place}: {error:?}"));
    let plain_value: Value = serde_json::from_str(&document).unwrap();
    let Reading { trust, notices, .. } = trust(&node);
    let kind =
        |notice: &rolecall_interop::Notice| format!("{:?} {}", notice.kind, notice.code).to_lowercase();
    let found: BTreeSet<String> = notices.iter().map(kind).collect();
    let (codes, decisions): (Vec<&str>, Vec<&str>) = expected
        .iter()
        .partition(|line| line.starts_with("refused ") || line.starts_with("odd "));
    let codes: BTreeSet<String> = codes.into_iter().map(str::to_owned).collect();
    assert_eq!(found, codes, "{place}: {notices:#?}");
    for notice in &notices {
        assert!(!notice.span.text(&document).is_empty(), "{place}: {notice:?}");
    }
    for decision in decisions {
        let (word, token) = decision.split_once(' ').unwrap();
        let token = serde_json::from_str(token).unwrap_or_else(|error| panic!("{place}: {token}: {error}"));
        let (issuer, context) = context(&token);
        let trust = trust.as_ref().unwrap_or_else(|| panic!("{place}: refused"));
        let is_allowed = word == "allow";
        assert_eq!(
            reference::admits(&plain_value, &issuer, &context),
            is_allowed,
            "{place}: {decision}"
        );
        assert_eq!(
            plain::admits(trust, &issuer, &context),
            is_allowed,
            "{place}, the tree: {decision}"
        );
    }
    assert!(!expected.is_empty(), "{place}: nothing is expected");
    expected.len()
}

#[test]
fn cases_by_hand_agree() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases/aws");
    let mut number = 0;
    let mut paths: Vec<_> = fs::read_dir(folder)
        .unwrap()
        .map(|file| file.unwrap().path())
        .collect();
    paths.sort();
    for path in paths {
        if path.extension().is_some_and(|extension| extension == "txt") {
            let text = fs::read_to_string(&path).unwrap();
            let text = text
                .lines()
                .filter(|line| !line.is_empty() && !line.starts_with('#'));
            let text = text.collect::<Vec<&str>>().join("\n");
            for block in format!("\n{text}").split("\n=== ").skip(1) {
                let title = block.lines().next().unwrap();
                number += check(
                    &format!("{}: {title}", path.file_name().unwrap().display()),
                    block,
                );
            }
        }
    }
    println!("{number} cases");
    assert!(number > 150, "{number}");
}
