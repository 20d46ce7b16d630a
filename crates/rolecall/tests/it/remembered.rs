//! What a gate remembers never changes what it says: attacks on the tokens that it keeps.

use std::time::Duration;

use crate::stage::{POLICY, Stage, code, names, policies, stage, token};
use crate::support::{NOW, Signer, base64url};
use rolecall::Algorithm;
use serde_json::json;

#[test]
fn a_remembered_token_with_one_other_byte_is_refused() {
    let Stage { gate, .. } = stage();
    let good = token(|_| ());
    gate.authorize(&good, "deploy").unwrap();
    for place in 0..good.len() {
        let mut other = good.clone().into_bytes();
        other[place] = if other[place] == b'A' { b'B' } else { b'A' };
        let other = String::from_utf8(other).unwrap();
        assert_ne!(code(gate.authorize(&other, "deploy")), "allowed", "at {place}");
    }
    for other in [
        format!("{good}A"),
        format!(" {good}"),
        good[..good.len() - 1].to_owned(),
    ] {
        assert_ne!(code(gate.authorize(&other, "deploy")), "allowed");
    }
    assert_eq!(code(gate.authorize(&good, "deploy")), "allowed");
}

#[test]
fn another_payload_under_the_signature_of_a_remembered_token_is_refused() {
    let Stage { gate, .. } = stage();
    let good = token(|_| ());
    gate.authorize(&good, "deploy").unwrap();
    let evil = token(|claims| claims["project_path"] = json!("group/admin"));
    let payload = evil.split('.').nth(1).unwrap();
    let [header, _, signature] = good.split('.').collect::<Vec<_>>().try_into().unwrap();
    let forged = format!("{header}.{payload}.{signature}");
    assert_eq!(code(gate.authorize(&forged, "admin")), "bad_signature");
    let unsigned = format!("{}.{payload}.{signature}", base64url(r#"{"alg":"none"}"#));
    assert_eq!(code(gate.authorize(&unsigned, "admin")), "unsupported_algorithm");
}

#[test]
fn a_remembered_token_dies_at_its_end() {
    let Stage { gate, clock, .. } = stage();
    let good = token(|claims| claims["exp"] = json!(NOW + 100));
    assert_eq!(code(gate.authorize(&good, "deploy")), "allowed");
    // The leeway is 30 s.
    clock.set(NOW + 129);
    assert_eq!(code(gate.authorize(&good, "deploy")), "allowed");
    clock.set(NOW + 130);
    assert_eq!(code(gate.authorize(&good, "deploy")), "expired");
    assert!(gate.roles(&good).is_err());
}

#[test]
fn a_remembered_token_is_refused_when_the_clock_is_set_back_to_before_it() {
    let Stage { gate, clock, .. } = stage();
    let good = token(|_| ());
    assert_eq!(code(gate.authorize(&good, "deploy")), "allowed");
    clock.set(NOW - 3_600);
    assert_eq!(code(gate.authorize(&good, "deploy")), "issued_in_future");
    clock.set(NOW);
    assert_eq!(code(gate.authorize(&good, "deploy")), "allowed");
}

/// Asks until the answer is this one: keys are read by another thread.
fn until(wanted: &str, ask: impl Fn() -> &'static str) {
    for _ in 0..10_000 {
        if ask() == wanted {
            return;
        }
        std::thread::sleep(Duration::from_millis(1));
    }
    panic!("never {wanted}, but {}", ask());
}

/// A remembered token comes to this end when its issuer has another key, of this name, and nothing else.
fn dies_with_another_key(kid: &str, end: &str) {
    let Stage {
        gate,
        clock,
        provider,
    } = stage();
    let good = token(|claims| claims["exp"] = json!(NOW + 3_000));
    assert_eq!(code(gate.authorize(&good, "deploy")), "allowed");
    provider.publish(Some(vec![Signer::generate(Algorithm::EdDSA).jwk(kid)]));
    clock.pass(Duration::from_secs(599));
    until(end, || code(gate.authorize(&good, "deploy")));
}

#[test]
fn a_remembered_token_dies_with_its_key() {
    dies_with_another_key("other", "unknown_key");
}

#[test]
fn a_remembered_token_dies_when_its_key_is_replaced_under_the_same_name() {
    dies_with_another_key("key", "bad_signature");
}

#[test]
fn a_remembered_token_does_not_outlive_the_time_that_keys_may_be_stale() {
    let Stage {
        gate,
        clock,
        provider,
    } = stage();
    let good = token(|claims| claims["exp"] = json!(NOW + 80_000));
    assert_eq!(code(gate.authorize(&good, "deploy")), "allowed");
    provider.publish(None);
    // The calendar stands still, so only the age of the keys counts.
    clock.pass(Duration::from_secs(24 * 60 * 60 - 60));
    clock.set(NOW);
    assert_eq!(code(gate.authorize(&good, "deploy")), "allowed");
    clock.pass(Duration::from_secs(120));
    clock.set(NOW);
    until("no_keys", || code(gate.authorize(&good, "deploy")));
}

#[test]
fn a_remembered_token_dies_with_the_policies() {
    let Stage { gate, .. } = stage();
    let good = token(|_| ());
    let held = gate.authorize(&good, "deploy").unwrap();
    gate.replace_policies(policies(&POLICY.replace("\"group/project\"", "\"group/other\"")))
        .unwrap();
    assert_eq!(code(gate.authorize(&good, "deploy")), "denied");
    assert_eq!(names(&gate.roles(&good).unwrap()), ["read"]);
    gate.replace_policies(policies(&POLICY.replace("\"rolecall\"", "\"another\"")))
        .unwrap();
    assert_eq!(code(gate.authorize(&good, "deploy")), "wrong_audience");
    gate.replace_policies(policies("")).unwrap();
    assert_eq!(code(gate.authorize(&good, "deploy")), "unknown_issuer");
    // What was decided stays decided.
    assert!(held.decision().is_allowed());
}
