//! Tests whose tokens are `from` files, which the caller reads.

use std::collections::BTreeMap;
use std::sync::Arc;

use rolecall_engine::{CompileError, Compiler, ErrorKind, PolicySet, Source, TokenFile, TokenFileFault};

const POLICY: &str = r#"
issuer gitlab { url "https://gitlab.com" profile gitlab-ci audience "https://sts.acme.example" }
role deploy { allow from gitlab when project_id == "4242" && ref == "main" }
test "main" {
  token gitlab from "claims/main.json" { ref = "main" }
  expect allow deploy
  case "feature" { ref = "feature" } expect deny deploy because ref
}
test "like it" {
  token gitlab like "main: feature" { ref = "main" }
  expect allow deploy
}
test "without a file" {
  token gitlab { project_id = "1" }
  expect deny deploy
}
"#;

fn source(file: Option<TokenFile>) -> Source {
    let mut source = Source::new("a.policy", POLICY);
    let files = file.map(|file| ("claims/main.json".to_owned(), file));
    source.token_files = Arc::new(BTreeMap::from_iter(files));
    source
}

fn claims(text: &str) -> Option<TokenFile> {
    Some(Ok(text.into()))
}

fn compile(file: Option<TokenFile>) -> Result<PolicySet, CompileError> {
    PolicySet::compile([source(file)])
}

#[track_caller]
fn assert_refused(file: TokenFile, message: &str) {
    let error = compile(Some(file)).unwrap_err();
    let first = &error.diagnostics[0];
    assert_eq!(
        (first.kind, first.message.as_str()),
        (ErrorKind::InvalidTokenFile, message)
    );
    assert_eq!(first.location.span().text(POLICY), "\"claims/main.json\"");
}

#[test]
fn claims_are_those_of_the_file_with_changes() {
    let set = compile(claims(r#"{"project_id": "4242", "ref": "x", "exp": 5}"#)).unwrap();
    assert!(set.program().unread_tests().is_empty());
    let tests = set.program().tests();
    let names: Vec<&str> = tests.iter().map(|test| test.name.as_str()).collect();
    assert_eq!(names, ["main", "main: feature", "like it", "without a file"]);
    assert!(tests.iter().all(|test| set.passes(test)));
    let token = tests[0].claims.members();
    assert_eq!(token.get("exp").map(|exp| exp.to_string()), Some("5".to_owned()));
    assert_eq!(
        token.get("iat").map(|iat| iat.to_string()),
        Some("1800000000".to_owned())
    );

    let set = compile(claims(r#"{"project_id": "4343"}"#)).unwrap();
    assert!(!set.passes(&set.program().tests()[0]));
}

#[test]
fn tests_whose_files_are_not_given_are_listed_apart() {
    let set = compile(None).unwrap();
    assert_eq!(set.program().unread_tests(), ["main", "main: feature", "like it"]);
    let tests: Vec<&str> = set
        .program()
        .tests()
        .iter()
        .map(|test| test.name.as_str())
        .collect();
    assert_eq!(tests, ["without a file"]);
}

#[test]
fn files_that_have_no_claims_are_errors_at_their_places() {
    assert_refused(
        Err(TokenFileFault {
            reason: "it does not exist".to_owned(),
            help: "write it".to_owned(),
        }),
        "`claims/main.json` cannot be used: it does not exist",
    );
    for text in ["", "[]", r#"{"a": 1, "a": 2}"#, "{} {}", r#"{"a": 1"#] {
        let error = compile(claims(text)).unwrap_err().diagnostics.remove(0);
        assert_eq!(error.kind, ErrorKind::InvalidTokenFile);
        assert!(
            error
                .message
                .starts_with("`claims/main.json` does not have the claims of a token: ")
        );
    }
}

#[test]
fn a_changed_file_counts_although_the_policy_is_not_parsed_again() {
    let mut compiler = Compiler::default();
    let mut passes = |project: &str| {
        let file = claims(&format!(r#"{{"project_id": "{project}"}}"#));
        let set = compiler.compile([source(file)]).unwrap();
        set.passes(&set.program().tests()[0])
    };
    assert_eq!(["4242", "4343", "4242"].map(&mut passes), [true, false, true]);
}

#[test]
fn the_work_of_large_files_is_bounded() {
    let member = format!(r#""x": ["{}"]"#, "y".repeat(8_000));
    let claims = claims(&format!("{{{member}}}")).unwrap();
    let tests: String = (0..1_000)
        .map(|test| format!("test \"{test}\" {{ token gitlab from \"a.json\" {{ }} expect deny deploy }}\n"))
        .collect();
    let mut source = Source::new(
        "a.policy",
        format!("{}{tests}", &POLICY[..POLICY.find("test").unwrap()]),
    );
    source.token_files = Arc::new(BTreeMap::from([("a.json".to_owned(), claims)]));
    let error = PolicySet::compile([source]).unwrap_err().diagnostics.remove(0);
    assert_eq!(error.kind, ErrorKind::LimitExceeded);
}
