//! Templates of CloudFormation: cases by hand, and damaged templates.

use crate::aws::dice::Dice;
use crate::terraform::check;
use rolecall_engine::Source;
use rolecall_interop::{ForeignFile, Profiles, translate};

#[test]
fn cases_of_cloudformation_have_the_same_verdicts() {
    let (documents, verdicts) = check("cloudformation");
    assert!(documents >= 6 && verdicts >= 9);
}

const TEMPLATE: &str = r#"Parameters:
  Path: {Type: String, Default: "é/${x"}
Resources:
  A:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Version: "2012-10-17"
        Statement:
          - Effect: Allow
            Action: sts:AssumeRoleWithWebIdentity
            Principal: {Federated: !Sub "arn:aws:iam::${AWS::AccountId}:oidc-provider/gitlab.com"}
            Condition:
              StringLike: {"gitlab.com:sub": !Join [":", ["project_path", !Ref Path, "*"]]}
"#;

/// A changed template is read or refused, and its notices have places in it.
#[test]
fn changed_templates() {
    let mut read = 0;
    for seed in 0..5_000 {
        let mut dice = Dice(seed);
        let mut bytes = TEMPLATE.to_owned().into_bytes();
        for _ in 0..=dice.below(3) {
            let (at, other) = (dice.below(bytes.len()), dice.below(bytes.len()));
            match dice.below(3) {
                0 => bytes[at] = bytes[other],
                1 => drop(bytes.remove(at)),
                _ => bytes.insert(at, bytes[other]),
            }
        }
        let text = String::from_utf8_lossy(&bytes).into_owned();
        if let Ok(file) = ForeignFile::read(Source::new("a.yaml", text.clone())) {
            read += 1;
            for notice in translate(&[file], &Profiles::default()).notices.iter().flatten() {
                assert!(text.get(notice.span.range()).is_some(), "{notice:?}: {text}");
            }
        }
    }
    println!("{read} changed templates are read");
    assert!(read > 500, "{read}");
}

/// Functions in functions end.
#[test]
fn deep_functions_are_refused() {
    let (open, close) = (r#"{"Fn::Sub": ["${x}", {"x": "#.repeat(12), "}]}".repeat(12));
    let text = TEMPLATE.replace("!Ref Path", &format!("{open}a{close}"));
    for text in [text.clone(), text.replace("Default: \"é/${x\"", "Default: a")] {
        let file = ForeignFile::read(Source::new("a.yaml", text)).unwrap();
        let translation = translate(&[file], &Profiles::default());
        let codes: Vec<&str> = translation.notices[0].iter().map(|notice| notice.code).collect();
        assert_eq!(codes, ["needs-value"]);
    }
}

/// Conditions that name one another many times end.
#[test]
fn conditions_of_conditions_are_bounded() {
    let named = |number: usize| {
        let parts = vec![format!("!Condition C{}", number + 1); 10].join(", ");
        format!("  C{number}: !And [{parts}]\n")
    };
    let conditions: String = (0..7).map(named).collect();
    let conditions = format!("Conditions:\n{conditions}  C7: !Equals [a, a]\nResources:");
    let text = TEMPLATE.replace("Resources:", &conditions);
    let text = text.replace(
        "Version: \"2012-10-17\"",
        "Version: !If [C0, \"2012-10-17\", \"\"]",
    );
    let file = ForeignFile::read(Source::new("a.yaml", text)).unwrap();
    let translation = translate(&[file], &Profiles::default());
    let codes: Vec<&str> = translation.notices[0].iter().map(|notice| notice.code).collect();
    assert_eq!(codes, ["needs-value"]);
}
