//! Locations and notices of roles and mounts.

use rolecall_interop::NoticeKind;
use rolecall_interop::document::json;
use rolecall_interop::vault::{Keys, is_mount, is_role, mount, role};

const ROLE: &str = r#"{
  "request_id": "é",
  "data": {
    "bound_audiences": ["https://vault.example"],
    "bound_claims": {"project_id": ["22", "é23"], "/user/name": "a*"},
    "bound_claims_type": "glob",
    "bound_subject": "",
    "clock_skew_leeway": -1,
    "claim_mappings": {"ref": "git_ref"},
    "groups_claim": null,
    "role_type": "jwt",
    "token_bound_cidrs": ["10.0.0.0/8"],
    "token_policies": ["deploy"],
    "user_claim": "/user"
  }
}"#;

#[test]
fn parts_know_their_place() {
    let node = json(ROLE).unwrap();
    assert!(is_role(&node) && !is_mount(&node));
    let reading = role(&node);
    assert_eq!(reading.notices, []);
    let role = reading.tree.unwrap();
    let at = |span: rolecall_syntax::Span| &ROLE[span.range()];
    assert_eq!(at(role.audiences[0].span), "\"https://vault.example\"");
    assert_eq!(at(role.claims[0].claim.written.span), "\"project_id\"");
    assert_eq!(at(role.claims[0].values[1].span), "\"é23\"");
    assert_eq!(at(role.claims[1].values[0].span), "\"a*\"");
    assert_eq!(role.claims[1].claim.path, ["user", "name"]);
    assert_eq!(role.user_claim.path, ["/user"]);
    assert_eq!(at(role.cidrs[0].span), "\"10.0.0.0/8\"");
    assert_eq!(at(role.policies[0].span), "\"deploy\"");
    assert_eq!(at(role.mappings[0].key.span), "\"git_ref\"");
    let leeway = role.clock_skew_leeway.unwrap();
    assert_eq!((leeway.node, at(leeway.span)), (-1, "-1"));
    assert!(at(role.span).starts_with('{') && role.span.end + 2 == ROLE.len());
}

/// Returns the kinds, codes and places of the notices of a role with a member.
fn notices(member: &str) -> Vec<(NoticeKind, &'static str, String)> {
    let head = r#""role_type": "jwt", "user_claim": "sub", "bound_audiences": ["v"], "bound_subject": "s""#;
    let text = format!("{{{head}, {member}}}");
    let notices = role(&json(&text).unwrap()).notices.into_iter();
    notices
        .map(|notice| (notice.kind, notice.code, text[notice.span.range()].to_owned()))
        .collect()
}

#[test]
fn notices_are_at_their_place() {
    use NoticeKind::{Odd, Refused};
    for (member, kind, code, place) in [
        (
            r#""bound_claims": {"a": "b*"}"#,
            Odd,
            "wildcard-in-equality",
            r#""b*""#,
        ),
        (
            r#""bound_claims": {"a": ["x", "b,c"]}"#,
            Odd,
            "comma-in-value",
            r#""b,c""#,
        ),
        (r#""bound_claims": {"a": []}"#, Odd, "never-matches", "[]"),
        (
            r#""bound_claims": {"a": {"b": "c"}}"#,
            Refused,
            "value-of-wrong-kind",
            r#"{"b": "c"}"#,
        ),
        (
            r#""bound_claims": {"a": [["b"]]}"#,
            Refused,
            "value-of-wrong-kind",
            r#"["b"]"#,
        ),
        (
            r#""bound_claims": {"a": [null]}"#,
            Refused,
            "value-of-wrong-kind",
            "null",
        ),
        (
            r#""bound_claims": {"a": 1.0}"#,
            Refused,
            "number-not-exact",
            "1.0",
        ),
        (
            r#""bound_claims": {"a": 9007199254740993}"#,
            Refused,
            "number-not-exact",
            "9007199254740993",
        ),
        (
            r#""bound_claims": {"/a/01": "b"}"#,
            Refused,
            "index-not-decimal",
            r#""/a/01""#,
        ),
        (
            r#""bound_claims": {"a": "b", "a": "c"}"#,
            Refused,
            "member-given-twice",
            r#""a""#,
        ),
        (
            r#""bound_claims": {"a": 1}, "bound_claims_type": "glob""#,
            Refused,
            "value-of-wrong-kind",
            "1",
        ),
        (
            r#""bound_claims_type": "regex""#,
            Refused,
            "unknown-claims-type",
            r#""regex""#,
        ),
        (
            r#""token_bound_cidrs": "10.0.0.0/8""#,
            Refused,
            "value-of-wrong-kind",
            r#""10.0.0.0/8""#,
        ),
        (
            r#""expiration_leeway": "5m""#,
            Refused,
            "value-of-wrong-kind",
            r#""5m""#,
        ),
        (r#""cel_program": {}"#, Refused, "cel-role", "{}"),
    ] {
        assert_eq!(notices(member), [(kind, code, place.to_owned())], "{member}");
    }
    for (text, kind, code) in [
        (
            r#"{"role_type": "jwt", "user_claim": "sub", "bound_subject": "s"}"#,
            Odd,
            "no-audience",
        ),
        (
            r#"{"role_type": "other", "user_claim": "sub", "bound_audiences": ["v"], "bound_subject": "s"}"#,
            Refused,
            "not-a-jwt-role",
        ),
        (
            r#"{"user_claim": "sub", "bound_audiences": ["v"], "bound_subject": "s"}"#,
            Refused,
            "not-a-jwt-role",
        ),
        (
            r#"{"role_type": "jwt", "bound_audiences": ["v"], "bound_subject": "s"}"#,
            Refused,
            "no-user-claim",
        ),
    ] {
        let found = role(&json(text).unwrap()).notices;
        assert_eq!(found.len(), 1, "{text}: {found:?}");
        assert_eq!((found[0].kind, found[0].code), (kind, code), "{text}");
    }
}

#[test]
fn mounts_have_keys_and_an_issuer() {
    let read = |text: &str| {
        let node = json(text).unwrap();
        assert!(is_mount(&node) && !is_role(&node), "{text}");
        let reading = mount(&node);
        let codes: Vec<&str> = reading.notices.iter().map(|notice| notice.code).collect();
        (reading.tree, codes.join(" "))
    };
    let printed = r#"{"data": {"bound_issuer": "https://gitlab.com", "default_role": "", "jwks_pairs": [], "jwks_url": "",
        "jwt_validation_pubkeys": [], "oidc_discovery_url": "https://gitlab.com", "provider_config": {}}}"#;
    let (found, codes) = read(printed);
    let found = found.unwrap();
    assert_eq!(codes, "");
    assert_eq!(found.issuer.unwrap().node, "https://gitlab.com");
    assert_eq!(found.default_role, None);
    assert!(
        matches!(found.keys, Keys::Discovery(url) if printed[url.span.range()] == *"\"https://gitlab.com\"")
    );
    for (text, codes) in [
        (
            r#"{"bound_issuer": "", "jwks_url": "https://a/keys"}"#,
            "issuer-not-checked",
        ),
        (
            r#"{"bound_issuer": "https://a/", "oidc_discovery_url": "https://a"}"#,
            "never-matches",
        ),
        (
            r#"{"bound_issuer": "", "oidc_discovery_url": "https://a", "jwks_url": "https://a"}"#,
            "no-key-source",
        ),
        (r#"{"bound_issuer": "", "jwks_url": ""}"#, "no-key-source"),
        (
            r#"{"bound_issuer": "", "jwks_pairs": [{"jwks_url": "https://a"}, {"jwks_url": "https://b"}]}"#,
            "",
        ),
        (r#"{"bound_issuer": "x", "jwt_validation_pubkeys": ["PEM"]}"#, ""),
        (
            r#"{"bound_issuer": "", "oidc_discovery_url": "https://a", "provider_config": {"provider": "azure"}}"#,
            "provider-config",
        ),
    ] {
        assert_eq!(read(text).1, codes, "{text}");
    }
}
