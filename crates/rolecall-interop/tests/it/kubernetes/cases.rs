//! Case files: configurations with tokens, decided by the translation and by the reference.

use super::reference::accepts;
use crate::azure::translation::allows;
use crate::case_file::cases;
use rolecall_engine::{PolicySet, Source};
use rolecall_interop::document::{Node, Value, yaml};
use rolecall_interop::{Fidelity, ForeignFile, Notice, NoticeKind, Profiles, translate};
use serde_json::{Value as Json, json};

/// Returns a tree as plain JSON.
fn plain(node: &Node) -> Json {
    match &node.node {
        Value::Null => Json::Null,
        Value::Bool(value) => json!(value),
        Value::Number(written) => serde_json::from_str(written).unwrap(),
        Value::Text(text) | Value::Unsettled(text) | Value::Unknown(text) => json!(text),
        Value::List(elements) => elements.iter().map(plain).collect(),
        Value::Map(members) => {
            let members = members.iter();
            members
                .map(|member| (member.name.node.clone(), plain(&member.value)))
                .collect()
        }
    }
}

#[test]
fn cases_of_kubernetes_have_the_same_verdicts() {
    let (mut documents, mut verdicts) = (0, 0);
    for case in cases("kubernetes") {
        let title = &case.title;
        documents += 1;
        let source = Source::new("folder/cluster.yaml", case.document.clone());
        let file = ForeignFile::read(source).unwrap_or_else(|error| panic!("{title}: {error:?}"));
        let translation = translate(&[file], &Profiles::default());
        let notices: Vec<&Notice> = translation.notices.iter().flatten().collect();
        let codes = |kind: NoticeKind| -> Vec<&str> {
            let notices = notices.iter().filter(|notice| notice.kind == kind);
            notices.map(|notice| notice.code).collect()
        };
        assert_eq!(codes(NoticeKind::Refused), case.refused, "{title}: {notices:#?}");
        assert_eq!(codes(NoticeKind::Odd), case.odd, "{title}: {notices:#?}");
        assert_eq!(
            codes(NoticeKind::Narrower),
            case.narrower,
            "{title}: {notices:#?}"
        );
        let roles = &translation.coverage.roles;
        let written: Vec<String> = roles
            .iter()
            .map(|role| match role.fidelity {
                Fidelity::Refused(code) => format!("{} refused {code}", role.name),
                _ => role.name.clone(),
            })
            .collect();
        if !case.roles.is_empty() {
            assert_eq!(written, case.roles, "{title}");
        }
        let document = match case.document.trim_start().starts_with('{') {
            true => serde_json::from_str(&case.document).unwrap(),
            false => plain(&yaml(&case.document).unwrap()),
        };
        let entries = document["jwt"].as_array().cloned().unwrap_or_default();
        let entries: Vec<&Json> = entries
            .iter()
            .zip(roles)
            .filter(|(_, role)| !matches!(role.fidelity, Fidelity::Refused(_)))
            .map(|(entry, _)| entry)
            .collect();
        let names: Vec<&str> = roles.iter().map(|role| role.name.as_str()).collect();
        let set =
            PolicySet::compile_files(translation.files).unwrap_or_else(|error| panic!("{title}: {error}"));
        for (verdict, short) in &case.tokens {
            verdicts += 1;
            let mut token = short.clone();
            let issuer = &entries[0]["issuer"];
            let defaults = [
                ("iss", issuer["url"].clone()),
                ("aud", issuer["audiences"][0].clone()),
                ("iat", json!(1_800_000_000)),
                ("exp", json!(1_800_003_600)),
            ];
            for (name, value) in defaults {
                token.as_object_mut().unwrap().entry(name).or_insert(value);
            }
            let expected = verdict == "allow";
            let found = entries.iter().any(|entry| accepts(entry, &token));
            assert_eq!(found, expected, "{title}: reference: {token}");
            assert_eq!(allows(&set, &names, &token), expected, "{title}: {token}");
        }
    }
    println!("kubernetes: {documents} documents, {verdicts} verdicts");
    assert!(documents >= 25 && verdicts >= 40);
}
