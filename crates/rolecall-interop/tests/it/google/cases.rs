//! Case files: documents with tokens, decided by the translation and by the reference.

use super::cel::Open;
use super::reference::{admits, attributes};
use crate::case_file::{Case, cases};
use rolecall_engine::{Document, JsonLimits, PolicySet, Source, UnverifiedClaims};
use rolecall_interop::{Fidelity, ForeignFile, Notice, NoticeKind, Profiles, translate};
use serde_json::{Value as Json, json};

const POOL: &str = "projects/123456789/locations/global/workloadIdentityPools/ci";
const GITHUB: &str = "https://token.actions.githubusercontent.com";

/// Returns the documents of a case that is written out, or that is short for two of them.
fn documents(short: &Json) -> Vec<Json> {
    if let Json::Array(documents) = short {
        return documents.clone();
    }
    let or = |name: &str, default: Json| short.get(name).cloned().unwrap_or(default);
    let mapping = json!({"google.subject": "assertion.sub", "attribute.repository": "assertion.repository"});
    let mut provider = json!({
        "name": format!("{POOL}/providers/ci"),
        "attributeMapping": or("mapping", mapping),
        "oidc": {"issuerUri": or("issuer", json!(GITHUB))},
        "state": "ACTIVE",
    });
    if let Some(audiences) = short.get("audiences") {
        provider["oidc"]["allowedAudiences"] = audiences.clone();
    }
    if let Some(condition) = short.get("condition") {
        provider["attributeCondition"] = condition.clone();
    }
    let members = or("members", json!(["*"]));
    let member = |selection: &Json| {
        let selection = selection.as_str().unwrap();
        let kind = if selection.starts_with("subject/") {
            "principal"
        } else {
            "principalSet"
        };
        json!(format!("{kind}://iam.googleapis.com/{POOL}/{selection}"))
    };
    let members: Vec<Json> = members.as_array().unwrap().iter().map(member).collect();
    let binding = json!({"members": members, "role": "roles/iam.workloadIdentityUser"});
    vec![
        provider,
        json!({"bindings": [binding], "etag": "x", "version": 1}),
    ]
}

/// Returns a token with the issuer and the audience of a provider, unless it has others.
fn token(token: &Json, provider: &Json) -> Json {
    let mut token = token.clone();
    let audience = match provider["oidc"]["allowedAudiences"][0].as_str() {
        Some(audience) => audience.to_owned(),
        None => format!(
            "https://iam.googleapis.com/{}",
            provider["name"].as_str().unwrap()
        ),
    };
    let claims = token.as_object_mut().unwrap();
    claims
        .entry("iss")
        .or_insert(provider["oidc"]["issuerUri"].clone());
    claims.entry("aud").or_insert(json!(audience));
    claims.entry("iat").or_insert(json!(1_800_000_000));
    claims.entry("exp").or_insert(json!(1_800_003_600));
    token
}

/// Decides a case, and returns the number of its tokens.
fn decide(case: &Case) -> usize {
    let title = &case.title;
    // Members that are given twice are lost here, but not in the text.
    let parsed: Json =
        serde_json::from_str(&case.document).unwrap_or_else(|error| panic!("{title}: {error}"));
    let documents = documents(&parsed);
    let texts: Vec<String> = match &parsed {
        Json::Array(_) => vec![case.document.clone()],
        _ => documents.iter().map(Json::to_string).collect(),
    };
    let read = |text: &String| ForeignFile::read(Source::new("deployer.json", text.as_str())).unwrap();
    let files: Vec<ForeignFile> = texts.iter().map(read).collect();
    let translation = translate(&files, &Profiles::default());
    let notices: Vec<&Notice> = translation.notices.iter().flatten().collect();
    let codes = |kind: NoticeKind| -> Vec<&str> {
        let notices = notices.iter().filter(|notice| notice.kind == kind);
        notices.map(|notice| notice.code).collect()
    };
    assert_eq!(codes(NoticeKind::Odd), case.odd, "{title}: odd");
    assert_eq!(codes(NoticeKind::Narrower), case.narrower, "{title}: narrower");
    assert_eq!(codes(NoticeKind::Refused), case.refused, "{title}: refused");
    let Some(role) = translation.coverage.roles.first().cloned() else {
        assert_eq!(case.tokens.len(), 0, "{title}");
        return 0;
    };
    let is_refused = matches!(role.fidelity, Fidelity::Refused(_));
    assert_eq!(is_refused, !case.refused.is_empty(), "{title}");
    let set = PolicySet::compile_files(translation.files).unwrap_or_else(|error| panic!("{title}: {error}"));
    let providers: Vec<Json> = documents
        .iter()
        .filter(|one| one.get("oidc").is_some())
        .cloned()
        .collect();
    let policy = documents.iter().find(|one| one.get("bindings").is_some());
    for (verdict, claims) in &case.tokens {
        let expected = verdict == "allow";
        let token = token(claims, &providers[0]);
        let document = Document::parse(token.to_string().into_bytes(), &JsonLimits::CLAIMS).unwrap();
        let found = set.rehearse(&UnverifiedClaims::new(document), &role.name).is_ok();
        assert_eq!(found, expected, "{title}: {token:#}");
        for open in Open::all() {
            let allowed = match policy {
                Some(policy) => {
                    let role = policy["bindings"][0]["role"].as_str().unwrap();
                    admits(policy, role, &providers, &token, open)
                }
                None => attributes(&providers[0], &token, open).is_some(),
            };
            let is_narrower = matches!(role.fidelity, Fidelity::Narrower(_)) && allowed;
            assert!(
                allowed == expected || is_narrower,
                "{title}: reference, {open:?}: {token:#}"
            );
        }
    }
    case.tokens.len()
}

#[test]
fn cases_of_google_have_the_same_verdicts() {
    let cases = cases("google");
    let verdicts: usize = cases.iter().map(decide).sum();
    println!("google: {} documents, {verdicts} verdicts", cases.len());
    let configurations = cases
        .iter()
        .filter(|case| case.title.starts_with("configurations.txt"));
    assert!(configurations.count() >= 25);
}
