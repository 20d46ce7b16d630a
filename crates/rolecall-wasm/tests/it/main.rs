//! Questions and answers, as JavaScript sends and gets them. The package in `npm` has tests that compare answers with
//! `policy-check`.

#![allow(clippy::indexing_slicing, clippy::unwrap_used, reason = "a test may panic")]

use rolecall_wasm::answer;
use serde_json::{Value, json};
use std::fs;
use std::path::Path;

const POLICIES: &str = r#"
edition 2026
issuer gitlab { url "https://gitlab.com" profile gitlab-ci audience "https://sts.acme.example" }
role deploy { allow from gitlab when project like "acme*" && ref == "main" && ref_type == "branch" && ref_protected }
test "main" {
  token gitlab { project_path = "acme/shop", ref = "main", ref_type = "branch", ref_protected = "true" }
  expect allow deploy
}
test "nightly" {
  token gitlab from "claims/nightly.json" {}
  expect deny deploy
}
assert "only acme" { * implies project under "acme" }
"#;

const CLAIMS: &str = r#"{"iss": "https://gitlab.com", "aud": "https://sts.acme.example",
    "sub": "project_path:acme/shop:ref_type:branch:ref:main", "iat": 1800000000, "exp": 1800003600,
    "project_path": "acme/shop", "ref": "main", "ref_type": "branch", "ref_protected": "true"}"#;

/// A trust policy of AWS that every branch of each project of the group gets.
const DOCUMENT: &str = r#"{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "sts:AssumeRoleWithWebIdentity",
    "Principal": {"Federated": "arn:aws:iam::123456789012:oidc-provider/gitlab.com"},
    "Condition": {"StringEquals": {"gitlab.com:aud": "https://sts.acme.example"},
        "StringLike": {"gitlab.com:sub": "project_path:acme/*"}}}]}"#;

fn files(text: &str) -> Value {
    json!([{"name": "roles.policy", "text": text}])
}

/// Asks about the policies above, or about other files that the question has.
fn ask(mut question: Value) -> Value {
    let name = question["question"].as_str().unwrap();
    if !["format", "rule", "rules"].contains(&name) && question["files"].is_null() {
        question["files"] = files(POLICIES);
    }
    serde_json::from_str(&answer(&question.to_string())).unwrap()
}

fn failure(question: &str) -> String {
    let answer: Value = serde_json::from_str(&answer(question)).unwrap();
    answer["failure"]["message"].as_str().unwrap().to_owned()
}

#[test]
fn check_reports_findings_and_items() {
    let answer = ask(json!({"question": "check", "today": "2026-12-03"}));
    assert_eq!(answer["compiles"], true);
    assert_eq!(answer["roles"][0]["name"], "deploy");
    assert_eq!(answer["issuers"][0]["url"], "https://gitlab.com");
    assert_eq!((&answer["tests"], &answer["assertions"]), (&json!(1), &json!(1)));
    let findings = answer["findings"].as_array().unwrap();
    let owner = findings
        .iter()
        .find(|finding| finding["rule"] == "wildcard-owner")
        .unwrap();
    assert_eq!(owner["token"]["project_path"], "acme-evil/web");
}

#[test]
fn check_reports_errors() {
    let answer = ask(json!({"question": "check", "files": files("role deploy { allow from nowhere }")}));
    assert_eq!(answer["compiles"], false);
    assert_eq!(answer["findings"][0]["rule"], "invalid-policy");
    assert_eq!(answer["findings"][0]["line"], 1);
}

#[test]
fn explain_takes_claims_and_tokens() {
    let of_claims = ask(json!({"question": "explain", "claims": CLAIMS}));
    assert_eq!(of_claims["verified"], false);
    assert_eq!(of_claims["roles"][0]["allowed"], true);
    let token = fs::read_to_string(root().join("policies/fixtures/main.jwt")).unwrap();
    let of_token = ask(json!({"question": "explain", "token": token, "issuer": "gitlab"}));
    assert_eq!(
        of_token["subject"],
        "project_path:acme/shop:ref_type:branch:ref:main"
    );
}

#[test]
fn tests_and_assertions_have_results() {
    let answer = ask(json!({"question": "test"}));
    assert_eq!((&answer["passed"], &answer["failed"]), (&json!(1), &json!(0)));
    assert_eq!(answer["not_run"], 1);
    assert_eq!(answer["assertions"][0]["outcome"], "refuted");
    let proof = ask(json!({"question": "prove", "statement": "deploy implies ref == \"main\""}));
    assert_eq!((&proof["proved"], &proof["refuted"]), (&json!(1), &json!(0)));
}

#[test]
fn witness_finds_tokens() {
    let answer = ask(json!({"question": "witness", "role": "deploy", "near_miss": true}));
    let clause = &answer["roles"][0]["clauses"][0];
    assert_eq!(clause["outcome"], "granted");
    assert_eq!(clause["near_misses"].as_array().unwrap().len(), 4);
}

#[test]
fn documents_are_recognised_and_imported() {
    let document = json!([{"name": "trust.json", "text": DOCUMENT}]);
    let answer = ask(json!({"question": "check", "files": document}));
    assert_eq!(answer["coverage"]["exact"], 1, "{answer}");
    let import = ask(json!({"question": "import", "files": document}));
    assert_eq!(import["roles"][0]["exact"], true);
    let files = import["files"].as_array().unwrap();
    let again = ask(json!({"question": "check", "files": files}));
    assert_eq!(again["compiles"], true);
}

#[test]
fn format_and_rules_need_no_policies() {
    let file = json!({"name": "a.policy", "text": "edition 2026\nset a=[ \"b\" ]"});
    assert_eq!(
        ask(json!({"question": "format", "file": file}))["text"],
        "edition 2026\n\nset a = [\"b\"]\n"
    );
    let rules = ask(json!({"question": "rules"}));
    assert!(rules["rules"].as_array().unwrap().len() > 90);
    let rule = ask(json!({"question": "rule", "name": "prefix-trap"}));
    assert!(rule["page"].as_str().unwrap().starts_with("# "));
}

#[test]
fn questions_without_an_answer_fail_with_a_message() {
    let about = |rest: &str| format!(r#"{{"question": "explain", "files": [], {rest}}}"#);
    for (question, message) in [
        (
            "",
            "this is not a question: EOF while parsing a value at line 1 column 0",
        ),
        (
            r#"{"question": "rule", "name": "prefix"}"#,
            "`prefix` is not a rule",
        ),
        (
            r#"{"question": "check", "files": [], "persona": "x"}"#,
            "`x` is not a persona",
        ),
        (
            r#"{"question": "import", "files": []}"#,
            "no file is a document to import",
        ),
        (&about(r#""issuer": "x""#), "give either `token` or `claims`"),
        (&about(r#""token": "a.b""#), "this is not a token"),
        (
            &about(r#""token": "a.~.c""#),
            "the second part of the token is not base64url",
        ),
        (&about(r#""claims": "{}""#), "the claims have no `iss`"),
    ] {
        assert_eq!(failure(question), message);
    }
    let deep = format!(r#"{{"question": "check", "files": {}"#, "[".repeat(100_000));
    assert!(failure(&deep).starts_with("this is not a question: recursion limit exceeded"));
    let large = json!({"question": "check", "files": files(&"# a\n".repeat(5_000_000))}).to_string();
    assert_eq!(
        failure(&large),
        "the files are larger than 16777216 bytes together"
    );
}

#[test]
fn all_policy_sets_of_the_repository_compile() {
    for folder in fs::read_dir(root().join("policies")).unwrap() {
        let folder = folder.unwrap().path();
        let files = fs::read_dir(&folder).into_iter().flatten();
        let paths = files.map(|file| file.unwrap().path());
        let policies = paths.filter(|path| path.extension().is_some_and(|extension| extension == "policy"));
        let file = |path: &Path| {
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            json!({"name": name, "text": fs::read_to_string(path).unwrap()})
        };
        let files: Vec<Value> = policies.map(|path| file(&path)).collect();
        let answer = ask(json!({"question": "check", "files": files}));
        assert_eq!(answer["compiles"], true, "{}: {answer}", folder.display());
    }
}

fn root() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../.."))
}
