//! iam-simulate, a simulator of AWS IAM: the reference evaluator agrees with it.
//!
//! npm installs it into a folder below the target folder.

use super::{ask, is_asked};
use crate::aws::dice::Dice;
use crate::aws::random::{context, policy};
use crate::aws::reference::{self, Context};
use rolecall_interop::aws::trust;
use rolecall_interop::document::json as read_json;
use serde_json::{Value as Json, json};
use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;

/// The number of random policies that we read, and of requests for each.
const POLICIES: usize = 30_000;
const REQUESTS: usize = 4;

/// A text in policies that lacks the last part of an ARN.
const INCOMPLETE: &str = "\"arn:aws:iam::123456789012\"";

/// Installs the simulator, and returns the command that asks it.
fn simulator() -> Option<Command> {
    if !is_asked() || Command::new("node").arg("--version").output().is_err() {
        println!("skipped: iam-simulate needs `ROLECALL_FULL=1` and Node");
        return None;
    }
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("iam-simulate");
    std::fs::create_dir_all(&folder).unwrap();
    let mut install = Command::new("npm");
    let install = install
        .args([
            "install",
            "--silent",
            "--no-audit",
            "--no-fund",
            "--ignore-scripts",
        ])
        .arg("--prefix")
        .arg(&folder)
        .arg("@cloud-copilot/iam-simulate@0.1.173");
    assert!(
        install.status().unwrap().success(),
        "npm does not install iam-simulate"
    );
    let mut command = Command::new("node");
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/oracles/iam-simulate.mjs");
    command.arg(script).arg(folder);
    Some(command)
}

/// A policy with its requests: the issuer of a token, and the context.
struct Asked {
    document: String,
    requests: Vec<(&'static str, Context)>,
}

fn asked() -> Vec<Asked> {
    let mut asked = vec![];
    let mut seed = 0;
    while asked.len() < POLICIES {
        seed += 1;
        let mut dice = Dice(seed);
        let document = policy(&mut dice);
        // The reference evaluator is for documents that have a known meaning.
        if trust(&read_json(&document).unwrap()).trust.is_none() {
            continue;
        }
        let requests = (0..REQUESTS).map(|_| {
            let context = context(&mut dice);
            let issuer = match dice.one_in(4) {
                true => "token.actions.githubusercontent.com",
                false => "gitlab.com",
            };
            (issuer, context)
        });
        let requests = requests.collect();
        asked.push(Asked { document, requests });
    }
    asked
}

#[test]
fn iam_simulate_decides_the_same() {
    let Some(command) = simulator() else {
        return;
    };
    let asked = asked();
    let question = |asked: &Asked| {
        let tokens = asked.requests.iter().map(|(issuer, context)| {
            let provider = format!("arn:aws:iam::123456789012:oidc-provider/{issuer}");
            json!({"provider": provider, "context": context})
        });
        json!({"document": asked.document, "tokens": tokens.collect::<Vec<Json>>()})
    };
    let questions: Vec<Json> = asked.iter().map(question).collect();
    let [mut agreed, mut allowed, mut refused] = [0_u64; 3];
    let mut different = BTreeMap::<&str, u64>::new();
    let mut unexplained = vec![];
    for (asked, answer) in asked.iter().zip(ask(command, &questions)) {
        let policy: Json = serde_json::from_str(&asked.document).unwrap();
        if let Some(reason) = answer.get("refused") {
            // It checks values of statements that are not about such tokens, too.
            assert!(
                reason.as_str().unwrap().contains("Found data type"),
                "{}: {reason}",
                asked.document
            );
            refused += 1;
            continue;
        }
        for (index, (issuer, context)) in asked.requests.iter().enumerate() {
            let ours = reference::admits(&policy, issuer, context);
            if answer["verdicts"][index] == ours {
                agreed += 1;
                allowed += u64::from(ours);
            } else if let Some(reason) = difference(&asked.document, context) {
                *different.entry(reason).or_default() += 1;
            } else {
                unexplained.push((asked, issuer, context, ours));
            }
        }
    }
    println!(
        "iam-simulate: {agreed} verdicts agree, {allowed} of them allow; documents that it alone refuses:"
    );
    println!("{refused}; verdicts that differ for a known reason: {different:?}");
    for (asked, issuer, context, ours) in unexplained.iter().take(12) {
        println!("{}\n{issuer} {context:?}: ours {ours}", asked.document);
    }
    assert!(unexplained.is_empty(), "{} differ", unexplained.len());
    assert!(agreed > 30_000 && allowed * 10 > agreed);
}

/// Returns the reason for which iam-simulate may decide otherwise than the documentation of AWS says.
fn difference(document: &str, context: &Context) -> Option<&'static str> {
    let has = |part: &str| document.contains(part);
    let values = || context.values().flatten();
    let reasons = [
        // A principal that is not a provider's ARN.
        (
            "principal",
            has(r#""Principal": "*""#) || has(r#""AWS""#) || has(r#""Federated": "gitlab.com""#),
        ),
        // It keeps `${$}` under operators without patterns.
        ("escaped-dollar", has("${$}")),
        // It replaces variables in policies without version 2012-10-17, too.
        ("variable", has("${aws:") && !has("2012-10-17")),
        // "It also returns true if … the context key value resolves to a null dataset, such as an empty string."
        (
            "empty-value",
            (has("ForAnyValue:") || has("ForAllValues:")) && values().any(String::is_empty),
        ),
        // Its `?` is one unit of UTF-16.
        (
            "beyond-bmp",
            has("?") && values().any(|value| value.contains('\u{1d11e}')),
        ),
        // For it, an equal text is equal under operators for ARNs, even if it is not an ARN.
        (
            "incomplete-arn",
            has("Arn") && has(INCOMPLETE) && values().any(|value| format!("\"{value}\"") == INCOMPLETE),
        ),
        // In it, no address is in the network of all addresses.
        ("all-addresses", has("IpAddress") && has("0.0.0.0/0")),
        // For it, a value of another type never matches a negated operator, or `Bool` with an equal text. A text
        // that begins with a number is that number.
        (
            "other-type",
            has("\"Bool") || has(":Bool") || has("NumericEquals") || has_other_type(document, context),
        ),
    ];
    reasons
        .into_iter()
        .find_map(|(reason, applies)| applies.then_some(reason))
}

/// Returns whether a policy has a negated operator for a type, and it or the request has a value of another type.
fn has_other_type(document: &str, context: &Context) -> bool {
    let operators: [(&str, &[&str]); 4] = [
        ("DateNot", &["soon"]),
        ("NumericNot", &["x"]),
        ("ArnNot", &["*", "arn:aws:*:role/a", "arn:aws:iam::123456789012"]),
        (
            "NotIp",
            &["10.0.0.0/8", "10.1.0.0/16", "192.0.2.1/32", "0.0.0.0/0"],
        ),
    ];
    operators.into_iter().any(|(operator, others)| {
        let is_in_request = context
            .values()
            .flatten()
            .any(|value| others.contains(&value.as_str()));
        let is_in_policy = others
            .iter()
            .any(|other| document.contains(&format!("\"{other}\"")));
        document.contains(operator) && (is_in_request || is_in_policy)
    })
}
