//! Locations of credentials and their parts, names of identities, and damaged documents.

use crate::aws::dice::Dice;
use rolecall_interop::azure::{Subject, identities};
use rolecall_syntax::Span;

const DOCUMENT: &str = r#"{
  "@odata.context": "https://graph.microsoft.com/beta/$metadata#applications('00a1')/federatedIdentityCredentials",
  "value": [{
    "name": "é",
    "issuer": "https://token.actions.githubusercontent.com",
    "audiences": ["api://AzureADTokenExchange"],
    "subject": null,
    "claimsMatchingExpression": {
      "value": "claims[\u0027sub\u0027] matches 'repo:acme/é\\u00e9*' and claims['repository_id'] eq \u002742\u0027",
      "languageVersion": 1
    }
  }]
}"#;

#[test]
fn parts_know_their_place() {
    let text = &DOCUMENT.replace(r"\\u00e9", r"\u00e9");
    let found = identities(text).unwrap().unwrap();
    let [identity] = found.identities.as_slice() else {
        panic!("{found:?}");
    };
    assert_eq!(identity.name.as_deref(), Some("00a1"));
    assert_eq!(identity.reading.notices, []);
    let at = |span: Span| span.text(text);
    let [credential] = identity.reading.tree.as_ref().unwrap().as_slice() else {
        panic!("{identity:?}");
    };
    assert_eq!(
        at(credential.issuer.span),
        "\"https://token.actions.githubusercontent.com\""
    );
    assert_eq!(at(credential.audience.span), "\"api://AzureADTokenExchange\"");
    assert!(at(credential.span).starts_with("{\n    \"name\"") && at(credential.span).ends_with("}\n  }"));
    let Subject::Flexible(expression) = &credential.subject else {
        panic!("{credential:?}");
    };
    let [subject, id] = expression.comparisons.as_slice() else {
        panic!("{expression:?}");
    };
    assert_eq!(
        (subject.text.as_str(), at(subject.text.span)),
        ("repo:acme/éé*", r"repo:acme/é\u00e9*")
    );
    assert_eq!(
        at(subject.span),
        r"claims[\u0027sub\u0027] matches 'repo:acme/é\u00e9*'"
    );
    assert_eq!(at(id.claim.span), "repository_id");
    assert_eq!((id.text.as_str(), at(id.text.span)), ("42", "42"));
}

/// Returns the names of the identities with their numbers of credentials.
fn names(text: &str) -> Vec<(Option<String>, Option<String>, usize)> {
    let found = identities(text).unwrap().unwrap();
    let of = |reading: &Option<Vec<_>>| reading.as_ref().map_or(0, Vec::len);
    let identities = found.identities.into_iter();
    let all = identities.map(|identity| (identity.group, identity.name, of(&identity.reading.tree)));
    all.collect()
}

#[test]
fn identities_have_their_names() {
    let credential = |id: &str| {
        format!(
            r#"{{"id": "{id}", "issuer": "https://gitlab.com", "subject": "s", "audiences": ["api://AzureADTokenExchange"]}}"#
        )
    };
    let managed = |subscription: &str, groups: &str, name: &str| {
        let provider = "providers/Microsoft.ManagedIdentity/userAssignedIdentities";
        credential(&format!(
            "/subscriptions/{subscription}/{groups}/shop/{provider}/{name}/federatedIdentityCredentials/x"
        ))
    };
    let list = [
        managed("1", "resourcegroups", "deploy"),
        managed("1", "resourceGroups", "Deploy"),
        managed("2", "resourceGroups", "deploy"),
        credential("x"),
        credential("/subscriptions/1/resourceGroups/shop"),
    ];
    let group = Some("shop".to_owned());
    let name = Some("deploy".to_owned());
    assert_eq!(
        names(&format!("[{}]", list.join(", "))),
        [
            (group.clone(), name.clone(), 2),
            (group, name, 1),
            (None, None, 2)
        ]
    );
    let applications = format!(
        r#"{{"value": [{{"id": "1", "displayName": "shop", "federatedIdentityCredentials": [{}]}},
        {{"id": "2", "displayName": null, "federatedIdentityCredentials": [{}, {}]}},
        {{"id": "3", "displayName": "web", "federatedIdentityCredentials": []}}]}}"#,
        list[3], list[3], list[4]
    );
    let named = |name: &str, number| (None, Some(name.to_owned()), number);
    assert_eq!(names(&applications), [named("shop", 1), named("2", 2)]);
}

#[test]
fn other_documents_are_not_recognised() {
    for text in [
        "{}",
        "[]",
        "null",
        r#"{"value": []}"#,
        r#"{"value": [{"id": "x"}]}"#,
        r#"{"issuer": "https://gitlab.com", "subject": "s"}"#,
        r#"{"properties": {"issuer": "x"}}"#,
        r#"[[{"issuer": "x", "subject": "s", "audiences": []}]]"#,
    ] {
        assert_eq!(identities(text), Ok(None), "{text}");
    }
    let levels = 1_000_000;
    let deep = format!("{}{}", "[".repeat(levels), "]".repeat(levels));
    assert!(matches!(identities(&deep), Ok(None)));
}

#[test]
fn one_page_is_reported() {
    let text = DOCUMENT.replace(
        r#""value": [{"#,
        r#""@odata.nextLink": "https://graph.microsoft.com/beta/x", "value": [{"#,
    );
    let found = identities(&text).unwrap().unwrap();
    let codes: Vec<&str> = found.notices.iter().map(|notice| notice.code).collect();
    assert_eq!(codes, ["one-page-of-several"]);
}

/// A changed document is read or refused, and its notices have places in it.
#[test]
fn changed_documents() {
    let mut read = 0;
    for seed in 0..20_000 {
        let mut dice = Dice(seed);
        let mut bytes = DOCUMENT.to_owned().into_bytes();
        for _ in 0..=dice.below(3) {
            let (at, other) = (dice.below(bytes.len()), dice.below(bytes.len()));
            match dice.below(3) {
                0 => bytes[at] = bytes[other],
                1 => drop(bytes.remove(at)),
                _ => bytes.insert(at, bytes[other]),
            }
        }
        let text = String::from_utf8_lossy(&bytes);
        let Ok(Some(found)) = identities(&text) else {
            continue;
        };
        read += 1;
        for notice in found
            .identities
            .iter()
            .flat_map(|identity| &identity.reading.notices)
        {
            assert!(text.get(notice.span.range()).is_some(), "{notice:?}: {text}");
            assert!(!notice.message.contains(char::is_control), "{notice:?}");
        }
    }
    println!("{read} changed documents are read");
    assert!(read > 2_000, "{read}");
}
