//! Large documents that are made to be slow: the time of the reader grows as their size.

use rolecall_interop::aws::account;
use std::time::{Duration, Instant};

const START: &str = r#"{"Statement": {"Effect": "Allow", "Action": "sts:AssumeRoleWithWebIdentity",
    "Principal": {"Federated": "arn:aws:iam::123456789012:oidc-provider/gitlab.com"}, "#;

fn read_in_time(what: &str, text: &str) {
    let start = Instant::now();
    let account = account(text);
    let time = start.elapsed();
    println!(
        "{what}, {} bytes: {time:?}, found: {}",
        text.len(),
        account.is_ok_and(|found| found.is_some())
    );
    assert!(time < Duration::from_secs(10), "{what}: {time:?}");
}

#[test]
fn large_documents_are_read_in_time() {
    const NUMBER: usize = 100_000;
    let many = |one: &dyn Fn(usize) -> String| (0..NUMBER).map(one).collect::<Vec<_>>().join(",");
    let keys = many(&|number| format!(r#""gitlab.com:{number}": "a""#));
    read_in_time(
        "keys",
        &format!(r#"{START}"Condition": {{"StringEquals": {{{keys}}}}}}}}}"#),
    );
    let keys = many(&|_| r#""gitlab.com:sub": "a""#.to_owned());
    read_in_time(
        "equal keys",
        &format!(r#"{START}"Condition": {{"StringEquals": {{{keys}}}}}}}}}"#),
    );
    let operators = many(&|number| format!(r#""X{number}": {{}}"#));
    read_in_time(
        "operators",
        &format!(r#"{START}"Condition": {{{operators}}}}}}}"#),
    );
    let elements = many(&|number| format!(r#""X{number}": 1"#));
    read_in_time("elements", &format!(r#"{START}{elements}}}}}"#));
    let dollars = "${".repeat(NUMBER);
    let like = format!(r#""Condition": {{"StringLike": {{"gitlab.com:sub": "{dollars}"}}}}"#);
    read_in_time("variables", &format!("{START}{like}}}}}"));
    let stars = "*a".repeat(NUMBER);
    let start = START.replace("sts:AssumeRoleWithWebIdentity", &stars);
    read_in_time("actions", &format!(r#"{start}"Sid": "x"}}}}"#));
    let roles = many(&|_| r#"{"RoleName": "x", "AssumeRolePolicyDocument": "\u007b\u007d"}"#.to_owned());
    read_in_time("roles", &format!(r#"{{"Roles": [{roles}]}}"#));
    let levels = 1_000_000;
    let (open, close) = ("[".repeat(levels), "]".repeat(levels));
    read_in_time(
        "levels",
        &format!(r#"{{"AssumeRolePolicyDocument": {open}{close}}}"#),
    );
    read_in_time(
        "levels of other members",
        &format!(r#"{{"Roles": [], "X": {open}{close}}}"#),
    );
}
