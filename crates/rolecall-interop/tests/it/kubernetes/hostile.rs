//! Hostile input, and the locations of notices and roles.

use rolecall_engine::Source;
use rolecall_interop::{ForeignFile, Profiles, Translation, translate};

const TEXT: &str = "\
apiVersion: apiserver.config.k8s.io/v1
kind: AuthenticationConfiguration
jwt:
- issuer:
    url: https://gitlab.com
    audiences: [https://kubernetes.acme.example]
  claimValidationRules:
  - expression: 'claims.ref == \"main\" && claims.absent == \"x\"'
  - expression: claims.ref_protected.matches(\"true|yes\")
  claimMappings:
    username: {claim: sub, prefix: \"gitlab:\"}
";

fn translated(text: &str) -> Option<Translation> {
    let file = ForeignFile::read(Source::new("cluster.yaml", text.to_owned())).ok()?;
    Some(translate(&[file], &Profiles::default()))
}

#[test]
fn parts_of_expressions_are_where_they_stand() {
    let translation = translated(TEXT).unwrap();
    let place = |code: &str| {
        let mut notices = translation.notices[0].iter();
        let notice = notices.find(|notice| notice.code == code).unwrap();
        notice.span.text(TEXT)
    };
    assert_eq!(place("regex-not-anchored"), "\"true|yes\"");
    assert!(place("claim-not-in-profile").starts_with("claims.absent"));
    let role = &translation.coverage.roles[0];
    assert!(role.span.text(TEXT).starts_with("issuer:"));
}

#[test]
fn truncated_and_changed_texts_do_not_panic() {
    for end in 0..TEXT.len() {
        translated(&TEXT[..end]);
        for part in ["[", "{", "\"", "'", "- ", "null", "x: 1\n"] {
            translated(&format!("{}{part}{}", &TEXT[..end], &TEXT[end..]));
        }
    }
    let deep = TEXT.replace("claims.ref ==", &format!("{}claims.ref ==", "(".repeat(200)));
    translated(&deep).unwrap();
    let long = TEXT.replace(
        "claims.ref ==",
        &format!("{}claims.ref ==", "true && ".repeat(2_000)),
    );
    translated(&long).unwrap();
}
