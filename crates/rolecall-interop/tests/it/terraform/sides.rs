//! Both sides of plans.

use super::summaries;
use crate::case_file::cases;
use rolecall_engine::Source;
use rolecall_interop::{ForeignError, ForeignFile, Profiles, Translation, translate};

fn sides(text: &str) -> [Translation; 2] {
    let files = ForeignFile::read_plan(&Source::new("plan.json", text.to_owned())).unwrap();
    files.map(|file| translate(&[file], &Profiles::default()))
}

#[test]
fn a_plan_has_two_sides() {
    let cases = cases("terraform");
    let case = cases
        .iter()
        .find(|case| case.title.contains("deleted, forgotten and replaced"));
    let text = &case.unwrap().document;
    let [before, after] = sides(text);
    assert_eq!(
        summaries(&before),
        [
            "vault:jwt/gone exact",
            "vault:jwt/left exact",
            "vault:jwt/old exact"
        ]
    );
    assert_eq!(summaries(&after), ["vault:jwt/left exact", "vault:jwt/new exact"]);
    for (side, name) in [(before, "\"before\": "), (after, "\"after\": ")] {
        let last = side.coverage.roles.last().unwrap();
        assert!(text[..last.span.start].ends_with(name), "{name}");
    }
}

#[test]
fn a_replaced_role_stays_in_its_account() {
    let policy = r#""assume_role_policy": "{\"Version\":\"2012-10-17\",\"Statement\":[]}""#;
    let text = format!(
        r#"{{"format_version": "1.2", "resource_changes": [{{"address": "aws_iam_role.a", "mode": "managed", "type": "aws_iam_role", "change": {{
        "actions": ["delete", "create"], "before": {{"arn": "arn:aws:iam::123456789012:role/a", "name": "a", {policy}}},
        "after": {{"name": "a", {policy}}}, "after_unknown": {{"arn": true}}}}}}], "complete": false}}"#
    );
    let [before, after] = sides(&text);
    assert_eq!(summaries(&before), ["aws:123456789012/a none"]);
    assert_eq!(summaries(&after), ["aws:123456789012/a none"]);
    let missing: Vec<&str> = after
        .coverage
        .missing
        .iter()
        .map(|(_, notice)| notice.code)
        .collect();
    assert_eq!(missing, ["plan-not-complete"]);
}

#[test]
fn other_documents_have_no_sides() {
    for text in [r#"{"format_version": "1.0", "values": {}}"#, "{}", "[]"] {
        let found = ForeignFile::read_plan(&Source::new("plan.json", text.to_owned()));
        assert!(matches!(found, Err(ForeignError::NotRecognised)), "{text}");
    }
    let newer = r#"{"format_version": "2.0", "resource_changes": []}"#;
    let found = ForeignFile::read_plan(&Source::new("plan.json", newer.to_owned()));
    assert!(matches!(found, Err(ForeignError::Document(_))));
}
