//! JWT-SVIDs: which keys a gate takes for them, by the profile of the issuer. The tokens are in `cases/tokens/svid.json`.

use crate::stage::{HandClock, Provider, code, policies};
use crate::support::{NOW, Signer, URL, claims, signer};
use rolecall::{Algorithm, Gate, KeySources, PolicySet, TokenKind};
use serde_json::{Value, json};
use std::time::Duration;

/// Policies whose issuer has this profile. There is a profile for JWT-SVIDs in them if there is no built-in one.
fn policy(profile: &str) -> PolicySet {
    let has_built_in = rolecall_engine::built_in_profiles().any(|(name, _)| name == "spiffe");
    let own = if has_built_in || profile != "spiffe" {
        ""
    } else {
        "profile spiffe { claim sub: text tenant }"
    };
    policies(&format!(
        "{own}
        issuer mesh {{ url \"{URL}\" profile {profile} audience \"rolecall\" }}
        role deploy {{ allow from mesh when sub == \"spiffe://example.org/deployer\" }}"
    ))
}

fn gate(profile: &str, provider: &Provider, clock: &HandClock) -> Gate {
    let sources = KeySources::new().source(URL, provider.clone());
    let builder = Gate::builder(policy(profile), sources);
    builder.clock(clock.clone()).build().unwrap()
}

/// The key that signs, for this use.
fn jwk(kid: &str, purpose: Value) -> Value {
    let mut jwk = signer(Algorithm::ES256).jwk(kid);
    jwk["use"] = purpose;
    jwk
}

fn token(typ: &str, kid: Option<&str>, iat: i64) -> String {
    let mut header = json!({"alg": "ES256", "typ": typ});
    if let Some(kid) = kid {
        header["kid"] = json!(kid);
    }
    let mut claims = claims();
    claims["sub"] = json!("spiffe://example.org/deployer");
    claims["iat"] = json!(iat);
    claims["nbf"] = json!(iat);
    claims["exp"] = json!(iat + 300);
    signer(Algorithm::ES256).token(header.to_string(), claims.to_string())
}

#[test]
fn the_profile_decides_which_keys_verify() {
    let uses = [
        json!("jwt-svid"),
        json!("sig"),
        json!(null),
        json!("wit-svid"),
        json!("x509-svid"),
    ];
    for profile in ["spiffe", "generic"] {
        for purpose in &uses {
            let provider = Provider::new(vec![jwk("key", purpose.clone())]);
            let gate = gate(profile, &provider, &HandClock::new());
            let is_usable = match profile {
                "spiffe" => purpose == "jwt-svid",
                _ => purpose == "sig" || purpose.is_null(),
            };
            for kid in [Some("key"), None] {
                let expected = if is_usable { "allowed" } else { "no_keys" };
                assert_eq!(
                    code(gate.authorize(&token("JWT", kid, NOW), "deploy")),
                    expected,
                    "{profile} {purpose}"
                );
            }
            let status = &gate.key_status()[0];
            assert_eq!(status.usable, usize::from(is_usable), "{profile} {purpose}");
        }
        let expected = if profile == "spiffe" {
            "allowed"
        } else {
            "wrong_type"
        };
        let provider = Provider::new(vec![jwk("key", json!("jwt-svid")), jwk("sig", json!("sig"))]);
        let gate = gate(profile, &provider, &HandClock::new());
        assert_eq!(
            code(gate.authorize(&token("JOSE", Some("key"), NOW), "deploy")),
            expected
        );
    }
}

/// A key of a WIT-SVID under the name of a key for JWT-SVIDs takes nothing away from that, and verifies nothing.
#[test]
fn keys_of_other_documents_are_not_there() {
    let mut wit = Signer::generate(Algorithm::ES256).jwk("key");
    wit["use"] = json!("wit-svid");
    let provider = Provider::new(vec![
        wit.clone(),
        jwk("key", json!("jwt-svid")),
        jwk("sig", json!("sig")),
    ]);
    let gate = gate("spiffe", &provider, &HandClock::new());
    for kid in [Some("key"), None] {
        assert_eq!(code(gate.authorize(&token("JWT", kid, NOW), "deploy")), "allowed");
    }
    assert_eq!(
        code(gate.authorize(&token("JWT", Some("sig"), NOW), "deploy")),
        "unusable_key"
    );
}

/// A bundle without a key for JWT-SVIDs is a withdrawal of all of them, whatever else is in it.
#[test]
fn a_bundle_of_other_keys_withdraws_the_keys() {
    let (clock, provider) = (
        HandClock::new(),
        Provider::new(vec![jwk("key", json!("jwt-svid"))]),
    );
    let gate = gate("spiffe", &provider, &clock);
    assert_eq!(
        code(gate.authorize(&token("JWT", Some("key"), NOW), "deploy")),
        "allowed"
    );
    provider.publish(Some(vec![
        jwk("key", json!("x509-svid")),
        jwk("sig", json!("sig")),
    ]));
    clock.pass(Duration::from_secs(3600));
    let new = token("JWT", Some("key"), NOW + 3600);
    assert_eq!(code(gate.authorize(&new, "deploy")), "no_keys");
}

/// Keys that were kept for one kind of tokens are not kept for the other.
#[test]
fn keys_do_not_outlive_the_profile() {
    let provider = Provider::new(vec![jwk("key", json!("jwt-svid"))]);
    let gate = gate("spiffe", &provider, &HandClock::new());
    let good = token("JWT", Some("key"), NOW);
    assert_eq!(code(gate.authorize(&good, "deploy")), "allowed");
    gate.replace_policies(policy("generic")).unwrap();
    assert_eq!(code(gate.authorize(&good, "deploy")), "no_keys");
    gate.replace_policies(policy("spiffe")).unwrap();
    assert_eq!(code(gate.authorize(&good, "deploy")), "allowed");
}

#[test]
fn a_set_for_one_kind_lists_the_other_keys() {
    let keys = || {
        crate::support::key_set(&[
            jwk("a", json!("jwt-svid")),
            jwk("b", json!("sig")),
            jwk("a", json!(null)),
        ])
    };
    assert_eq!(keys().len(), 3);
    for (tokens, used, skipped) in [
        (TokenKind::JwtSvid, vec!["a"], vec![1, 2]),
        (TokenKind::IdToken, vec!["b", "a"], vec![0]),
    ] {
        let set = keys().for_tokens(tokens);
        let kids: Vec<_> = set.keys().filter_map(|key| key.kid()).collect();
        let positions: Vec<_> = set.skipped().map(|key| key.position).collect();
        assert_eq!((kids, positions), (used, skipped));
        assert!(set.skipped().all(|key| key.reason.code() == "wrong_use"));
    }
}
