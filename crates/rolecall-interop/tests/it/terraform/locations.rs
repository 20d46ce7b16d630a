//! Locations of parts in states, and hostile states.

use super::{summaries, translated};
use crate::aws::dice::Dice;
use rolecall_engine::Source;
use rolecall_interop::{ForeignFile, Profiles, translate};
use serde_json::{Value as Json, json};

/// Returns a state with some resources: the type and the attributes of each.
pub(super) fn state(resources: &[(&str, Json)]) -> Json {
    let resources: Vec<Json> = resources
        .iter()
        .enumerate()
        .map(|(number, (kind, values))| {
            json!({"address": format!("{kind}.r{number}"), "mode": "managed", "type": kind, "name": "r", "values": values})
        })
        .collect();
    json!({"format_version": "1.0", "terraform_version": "1.9.8", "values": {"root_module": {"resources": resources}}})
}

#[test]
fn a_finding_is_at_its_column_inside_of_the_policy() {
    let policy = json!({"Version": "2012-10-17", "Statement": {
        "Effect": "Allow", "Action": "sts:AssumeRoleWithWebIdentity",
        "Principal": {"Federated": "arn:aws:iam::123456789012:oidc-provider/gitlab.com"},
        "Condition": {"StringEquals": {"gitlab.com:sub": "project_path:acmé/\"*"}},
    }});
    let text = state(&[(
        "aws_iam_role",
        json!({"name": "a", "assume_role_policy": policy.to_string()}),
    )])
    .to_string();
    let translation = translated(&text);
    let [notice] = translation.notices[0].as_slice() else {
        panic!("{:?}", translation.notices);
    };
    assert_eq!(notice.code, "wildcard-in-equality");
    assert_eq!(notice.span.text(&text), r#"\"project_path:acmé/\\\"*\""#);
    assert_eq!(translation.coverage.roles[0].name, "aws:a");
}

#[test]
fn a_value_between_commas_has_its_place() {
    let role = json!({
        "backend": "jwt", "bound_audiences": ["v"], "bound_claims": {"ref": "é\",b*"}, "bound_claims_type": "string",
        "disable_bound_claims_parsing": false, "role_name": "a", "role_type": "jwt", "user_claim": "sub",
    });
    let text = state(&[("vault_jwt_auth_backend_role", role)]).to_string();
    let notices = &translated(&text).notices[0];
    let odd = notices
        .iter()
        .find(|notice| notice.code == "wildcard-in-equality");
    assert_eq!(odd.unwrap().span.text(&text), "b*");
}

#[test]
fn deep_modules_are_reported() {
    let mut module = json!({"resources": [{"address": "a", "mode": "managed", "type": "aws_iam_role", "values": {"name": "a"}}]});
    for _ in 0..60 {
        module = json!({"child_modules": [module]});
    }
    let state =
        |module: &Json| json!({"format_version": "1.0", "values": {"root_module": module}}).to_string();
    let found = translated(&state(&module));
    assert_eq!(summaries(&found), ["aws:a no-trust-policy"]);
    assert_eq!(found.coverage.missing.len(), 0);
    for _ in 0..5 {
        module = json!({"child_modules": [module]});
    }
    let found = translated(&state(&module));
    assert_eq!(summaries(&found), [""; 0]);
    assert_eq!(found.coverage.missing[0].1.code, "module-too-deep");
    let levels = 1_000_000;
    let (open, close) = ("[".repeat(levels), "]".repeat(levels));
    for text in [
        format!(r#"{{"format_version": "1.0", "values": {{"root_module": {open}{close}}}}}"#),
        format!(
            r#"{{"format_version": "1.0", "values": {{"root_module": {{"resources": [{{"type": "vault_jwt_auth_backend_role", "values": {{"role_name": {open}{close}}}}}]}}}}}}"#
        ),
        format!(
            r#"{{"format_version": "1.0", "resource_changes": [{{"type": "aws_iam_role", "change": {{"after": {{"name": "a"}}, "after_unknown": {{"assume_role_policy": {open}{close}}}}}}}]}}"#
        ),
    ] {
        let found = summaries(&translated(&text));
        assert!(
            found.iter().all(|role| role.ends_with("not-a-document")),
            "{found:?}"
        );
    }
}

/// A changed document is read or refused, and its notices have places in it.
#[test]
fn changed_documents() {
    let policy = json!({"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "sts:AssumeRoleWithWebIdentity",
        "Principal": {"Federated": "arn:aws:iam::123456789012:oidc-provider/gitlab.com"}}});
    let documents = [
        state(&[
            (
                "aws_iam_role",
                json!({"name": "é", "assume_role_policy": policy.to_string()}),
            ),
            (
                "azuread_application_federated_identity_credential",
                json!({"application_id": "/applications/1",
                "issuer": "https://gitlab.com", "subject": "s*", "audiences": ["a"]}),
            ),
            (
                "vault_jwt_auth_backend_role",
                json!({"role_name": "r", "bound_claims": {"a": "b, c"}}),
            ),
        ]),
        json!({"format_version": "1.2", "resource_changes": [{"address": "aws_iam_role.a[\"é\"]", "mode": "managed",
            "type": "aws_iam_role", "change": {"actions": ["update"], "before": {"name": "a", "assume_role_policy": policy.to_string()},
            "after": {"name": "a"}, "after_unknown": {"assume_role_policy": true}}}], "configuration": {"root_module": {"resources": [
            {"address": "aws_iam_role.a", "expressions": {"name": {}}}]}}}),
    ];
    let documents = documents.map(|document| document.to_string());
    let mut read = 0;
    for seed in 0..5_000 {
        let mut dice = Dice(seed);
        let mut bytes = documents[dice.below(2)].clone().into_bytes();
        for _ in 0..=dice.below(3) {
            let (at, other) = (dice.below(bytes.len()), dice.below(bytes.len()));
            match dice.below(3) {
                0 => bytes[at] = bytes[other],
                1 => drop(bytes.remove(at)),
                _ => bytes.insert(at, bytes[other]),
            }
        }
        let text = String::from_utf8_lossy(&bytes).into_owned();
        let source = Source::new("a.json", text.clone());
        let plans = ForeignFile::read_plan(&source).into_iter().flatten();
        for file in ForeignFile::read(source).into_iter().chain(plans) {
            read += 1;
            let translation = translate(&[file], &Profiles::default());
            for notice in translation.notices.iter().flatten() {
                assert!(text.get(notice.span.range()).is_some(), "{notice:?}: {text}");
            }
        }
    }
    println!("{read} changed documents are read");
    assert!(read > 1_000, "{read}");
}
