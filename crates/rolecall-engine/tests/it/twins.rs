//! Policies and documents that trust the same issuers: each role is decided as if the others were not there.

use crate::support::hostile::{Numbers, token};
use crate::support::random::{items, roles};
use crate::support::sampling::config;
use crate::support::{agrees, allowed, compile};
use proptest::prelude::*;
use rolecall_engine::{Document, ErrorKind, JsonLimits, Object, ParsedFile, PolicySet, Source};
use rolecall_syntax::parse;

/// The issuers of the random policies, as documents trust them: for other audiences.
const ISSUERS: &str = r#"
issuer d-first { url "https://first.example" profile every-type audience ["y", "z"] }
issuer d-second { url "https://second.example" profile narrower audience "x" }
issuer d-third { url "https://third.example" profile narrower audience ["z"] }
"#;

/// Roles as those of a document, with other names.
fn document(roles: &[String]) -> ParsedFile {
    let mut text = roles.join("\n").replace("role r", "role d");
    for issuer in ["first", "second", "third"] {
        text = text.replace(&format!("from {issuer}"), &format!("from d-{issuer}"));
    }
    let text = format!("{ISSUERS}{text}");
    let tree = parse(&text);
    assert!(tree.errors.is_empty(), "{:?}\n{text}", tree.errors);
    ParsedFile::foreign(Source::new("document", text), tree.file)
}

proptest! {
    #![proptest_config(config(300))]

    #[test]
    fn roles_of_documents_and_of_policies((ours, _) in roles(), (theirs, _) in roles(), seed in any::<u64>()) {
        let ours = items(&ours, &[]);
        let theirs: Vec<String> = items(&theirs, &[]).into_iter().filter(|item| item.starts_with("role r")).collect();
        let text = ours.join("\n");
        let policies = ParsedFile::new(Source::new("acme.policy", text.as_str()));
        let set = PolicySet::compile_files([document(&theirs), policies]);
        let set = set.map_err(|error| TestCaseError::fail(format!("{error}\n{text}\n{theirs:?}")))?;
        let (alone, mut numbers, mut room) = (compile(&text), Numbers::new(seed), Vec::new());
        for _ in 0..50 {
            let token = token(&mut numbers);
            prop_assert_eq!(agrees(&set, &token, &mut room).err(), None);
            let mut of_policies = allowed(&set, &token);
            of_policies.retain(|role| role.starts_with('r'));
            prop_assert_eq!(of_policies, allowed(&alone, &token), "{:?}", token);
        }
    }
}

const POLICIES: &str = r#"
issuer gitlab { url "https://gitlab.com" profile gitlab-ci audience "ours" }
role deploy { allow from gitlab when sub == "project_path:acme/shop:ref_type:branch:ref:main" }
"#;

fn with_document(text: &str) -> Result<PolicySet, Vec<ErrorKind>> {
    let document = ParsedFile::foreign(Source::new("document", text), parse(text).file);
    let policies = ParsedFile::new(Source::new("acme.policy", POLICIES));
    let compiled = PolicySet::compile_files([policies, document]);
    compiled.map_err(|error| error.diagnostics.iter().map(|one| one.kind).collect())
}

/// A document takes another audience, and a `sub` that contradicts the other claims.
#[test]
fn each_has_its_audience_and_its_checks() {
    let text = POLICIES
        .replace("gitlab {", "theirs {")
        .replace("from gitlab", "from theirs");
    let text = text
        .replace("\"ours\"", "\"theirs\"")
        .replace("role deploy", "role d");
    let set = with_document(&text).unwrap();
    let issuers = set.issuers().map(|issuer| issuer.name.as_str());
    assert_eq!(issuers.collect::<Vec<_>>(), ["gitlab"]);
    let token = |audience: &str, project: &str| {
        let text = format!(
            r#"{{"iss": "https://gitlab.com", "aud": "{audience}", "exp": 2, "iat": 1, "project_path": "{project}",
            "ref_type": "branch", "ref": "main", "sub": "project_path:acme/shop:ref_type:branch:ref:main"}}"#
        );
        let document = Document::parse(text.into(), &JsonLimits::CLAIMS).expect("claims");
        allowed(&set, &Object::from(document.members()))
    };
    assert_eq!(token("ours", "acme/shop"), ["deploy"]);
    assert_eq!(token("theirs", "acme/shop"), ["d"]);
    assert!(
        token("ours", "acme/web").is_empty(),
        "policies compare `sub` with the project"
    );
    assert_eq!(token("theirs", "acme/web"), ["d"]);
    assert!(token("other", "acme/shop").is_empty());
}

/// Only documents for the same claims join an issuer, and policies never do.
#[test]
fn other_issuers_with_the_same_url_are_an_error() {
    let other = r#"issuer theirs { url "https://gitlab.com" profile generic audience "theirs" }"#;
    assert_eq!(with_document(other).unwrap_err(), [ErrorKind::DuplicateIssuerUrl]);
    let twice = format!("{}\n{}", POLICIES.replace("gitlab {", "a {"), "");
    let twice = twice
        .replace("from gitlab", "from a")
        .replace("role deploy", "role d");
    let third = twice
        .replace("a {", "b {")
        .replace("from a", "from b")
        .replace("role d", "role e");
    let kinds = with_document(&format!("{twice}{third}")).unwrap_err();
    assert_eq!(kinds, [ErrorKind::DuplicateIssuerUrl]);
}
