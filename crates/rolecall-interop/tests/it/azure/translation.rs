//! Translated identities against the reference evaluator: the same tokens get them, or they are refused.

use super::{random, reference};
use crate::aws::dice::{Dice, sampled};
use crate::case_file::cases;
use rolecall_engine::{Document, JsonLimits, PolicySet, Source, UnverifiedClaims};
use rolecall_interop::{Fidelity, ForeignFile, Profiles, Translation, translate};
use serde_json::{Value as Json, json};
use std::collections::BTreeMap;

fn translated(document: &str) -> Translation {
    let file = ForeignFile::read(Source::new("folder/shop.json", document.to_owned())).unwrap();
    translate(&[file], &Profiles::default())
}

/// Returns whether a token gets one of some roles.
pub(crate) fn allows(set: &PolicySet, roles: &[&str], token: &Json) -> bool {
    let document = Document::parse(token.to_string().into_bytes(), &JsonLimits::CLAIMS).unwrap();
    let claims = UnverifiedClaims::new(document);
    let gets = |role: &&str| {
        let is_allowed = set.evaluate(&claims, role).is_ok();
        assert_eq!(set.rehearse(&claims, role).is_ok(), is_allowed, "{token:#}");
        is_allowed
    };
    roles.iter().filter(|role| gets(role)).count() > 0
}

#[test]
fn translated_cases_have_the_same_verdicts() {
    for case in cases("azure") {
        let title = &case.title;
        let translation = translated(&case.document);
        let roles = &translation.coverage.roles;
        if let Some(code) = case.refused.first() {
            let fidelity = &roles[0].fidelity;
            assert!(
                matches!(fidelity, Fidelity::Refused(_)),
                "{title}: {code}: {fidelity:?}"
            );
            continue;
        }
        // `?` is translated only for claims with ASCII texts.
        if roles
            .iter()
            .any(|role| role.fidelity == Fidelity::Refused("question-mark"))
        {
            assert!(case.document.contains("?:"), "{title}");
            continue;
        }
        let names: Vec<&str> = roles.iter().map(|role| role.name.as_str()).collect();
        assert!(
            roles.iter().all(|role| role.fidelity == Fidelity::Exact),
            "{title}: {roles:?}"
        );
        let set = PolicySet::compile_files(translation.files.clone());
        let set = set.unwrap_or_else(|error| panic!("{title}: {error}"));
        for (verdict, token) in &case.tokens {
            let mut token = token.clone();
            token["iat"] = json!(1_800_000_000);
            token["exp"] = json!(1_800_003_600);
            assert_eq!(
                allows(&set, &names, &token),
                verdict == "allow",
                "{title}: {token}"
            );
        }
    }
}

#[test]
fn a_translated_identity_admits_what_the_identity_admits() {
    let number = sampled(10_000, 200_000);
    let (mut decided, mut admitted, mut refused) = (0_u64, 0_u64, BTreeMap::<&str, u64>::new());
    let mut seed = 0;
    while decided < number {
        seed += 1;
        let mut dice = Dice(seed);
        let document = random::document(&mut dice);
        let translation = translated(&document.to_string());
        let [role] = translation.coverage.roles.as_slice() else {
            panic!("{document:#}");
        };
        if let Fidelity::Refused(code) = role.fidelity {
            *refused.entry(code).or_default() += 1;
            continue;
        }
        assert_eq!(role.fidelity, Fidelity::Exact);
        let set = PolicySet::compile_files(translation.files)
            .unwrap_or_else(|error| panic!("seed {seed}: {error}\n{document:#}"));
        for _ in 0..8 {
            let token = random::token(&mut dice);
            let expected = reference::allows(&document, &token);
            let found = allows(&set, &[&role.name], &token);
            assert_eq!(Some(found), expected, "seed {seed}: {document:#}\n{token:#}");
            decided += 1;
            admitted += u64::from(found);
        }
    }
    println!("{decided} decisions agree, {admitted} admit; refused {refused:?}");
    assert!(admitted * 40 > decided, "the cases are too one-sided");
}

#[test]
fn identities_are_named_and_nothing_else_is_shown() {
    let credential =
        r#"{"issuer": "https://gitlab.com", "subject": "s", "audiences": ["api://AzureADTokenExchange"]}"#;
    let managed = r#"{"id": "/subscriptions/1/resourcegroups/shop/providers/Microsoft.ManagedIdentity/userAssignedIdentities/deploy/federatedIdentityCredentials/x", "issuer": "https://gitlab.com", "subject": "s", "audiences": ["api://AzureADTokenExchange"]}"#;
    let application = format!(
        r#"{{"passwordCredentials": "a secret", "id": "1", "displayName": "web", "federatedIdentityCredentials": [{credential}], "x": "a secret"}}"#
    );
    let text = format!(r#"[{credential}, "a secret", {managed}, {application}, {credential}]"#);
    let translation = translated(&text);
    let names: Vec<&str> = translation
        .coverage
        .roles
        .iter()
        .map(|role| role.name.as_str())
        .collect();
    assert_eq!(names, ["azure:shop", "azure:shop/deploy", "azure:web"]);
    let shown = &translation.files[0].source().text;
    assert!(!shown.contains("secret") && shown.len() == text.len(), "{shown}");
    assert_eq!(shown.matches("https://gitlab.com").count(), 4);
    PolicySet::compile_files(translation.files).unwrap();
}
