//! The forms of the feature `serde`: field names are permanent, and nothing is told that should not be.

use std::time::Duration;

use rolecall::{Denial, FetchError, VerifyError};
use serde_json::{Value, json, to_value};

use crate::stage::{Stage, stage, token};
use crate::support::{Attempt, NOW};

fn keys(value: &Value) -> Vec<&str> {
    value.as_object().unwrap().keys().map(String::as_str).collect()
}

#[test]
fn rulings_and_roles_are_records_for_an_audit_log() {
    let Stage { gate, .. } = stage();
    let good = token(|_| ());
    let ruling = gate.authorize(&good, "deploy").unwrap();
    let thumbprint = ruling.token().key_thumbprint().to_string();
    let subject = "project_path:group/project:ref_type:branch:ref:main";
    let deploy = json!({ "role": "deploy", "allowed": true, "grants": { "path": "apps/group/project" } });
    let mut expected = json!({
        "issuer": "gitlab", "subject": subject, "expires_at": NOW + 290, "key_thumbprint": thumbprint,
    });
    let roles = to_value(gate.roles(&good).unwrap()).unwrap();
    expected["roles"] = json!([deploy, { "role": "read", "allowed": true, "grants": {} }]);
    assert_eq!(roles, expected);

    let mut ruling = to_value(ruling).unwrap();
    let fields = ruling.as_object_mut().unwrap();
    for name in ["issuer", "subject", "expires_at", "key_thumbprint"] {
        assert_eq!(fields.remove(name).as_ref(), expected.get(name), "{name}");
    }
    assert_eq!(ruling, deploy);

    for (role, name, reason) in [
        ("admin", json!("admin"), "condition"),
        ("nobody", Value::Null, "unknown_role"),
    ] {
        let Denial::Role(ruling) = gate.authorize(&good, role).unwrap_err() else {
            panic!("the token is accepted");
        };
        let ruling = to_value(ruling).unwrap();
        assert_eq!((&ruling["role"], &ruling["reason"]), (&name, &json!(reason)));
        assert_eq!(ruling["allowed"], false);
        assert_eq!(ruling.get("grants"), None);
    }
}

#[test]
fn a_denial_tells_the_requester_neither_a_reason_nor_a_role() {
    let Stage { gate, .. } = stage();
    let good = token(|claims| claims["user_email"] = json!("canary@canary.example"));
    let expected = json!({ "code": "denied", "message": "the token may not take the role" });
    for role in ["admin", "nobody", "canary"] {
        let denial = gate.authorize(&good, role).unwrap_err();
        assert_eq!(to_value(denial).unwrap(), expected);
    }
    let denial = gate.authorize("canary", "deploy").unwrap_err();
    let expected = json!({
        "code": "malformed_token",
        "message": "the token is malformed: it has 1 segments instead of 3",
    });
    assert_eq!(to_value(denial).unwrap(), expected);
}

#[test]
fn refusals_have_evidence_but_not_what_is_accepted() {
    let error = |change: &dyn Fn(&mut Attempt)| {
        let mut attempt = Attempt::new(rolecall::Algorithm::EdDSA);
        attempt.issuer.audiences = vec!["canary".to_owned()];
        attempt.claims["aud"] = json!("canary");
        change(&mut attempt);
        attempt.run().unwrap_err()
    };
    let rows: [(VerifyError, &[&str]); 8] = [
        (error(&|it| it.claims["aud"] = json!("x")), &[]),
        (error(&|it| it.claims["aud"] = json!(["x", "y"])), &[]),
        (error(&|it| it.claims["azp"] = json!("x")), &[]),
        (error(&|it| it.now += 1_000), &["exp", "leeway_seconds", "now"]),
        (
            error(&|it| it.claims["exp"] = json!(NOW + 9_999)),
            &["life_seconds", "max_age_seconds"],
        ),
        (
            error(&|it| it.header["kid"] = json!("x".repeat(3_000))),
            &["length", "limit"],
        ),
        (error(&|it| it.claims["sub"] = json!(1)), &["claim"]),
        (error(&|it| it.keys = None), &["issuer"]),
    ];
    for (error, evidence) in rows {
        let value = to_value(&error).unwrap();
        assert_eq!(value["code"], error.code());
        let mut names = keys(&value);
        names.retain(|name| !["code", "message"].contains(name));
        names.sort_unstable();
        assert_eq!(names, evidence, "{value}");
        // What is accepted is for the operator.
        assert_eq!(error.to_string().contains("canary"), error.accepted().is_some());
        assert!(!value.to_string().contains("canary"), "{value}");
        let message = value["message"].as_str().unwrap();
        assert!(error.to_string().starts_with(message), "{message}");
    }
}

#[test]
fn the_state_of_keys_is_for_a_probe() {
    let Stage {
        gate,
        clock,
        provider,
    } = stage();
    gate.authorize(&token(|_| ()), "deploy").unwrap();
    clock.pass(Duration::from_secs(61));
    let mut status = gate.key_status().pop().unwrap();
    let mut expected = json!({
        "issuer": "gitlab", "usable": 1, "skipped": 0, "age_seconds": 61, "is_stale": false, "error": null,
        "failures": 0,
    });
    assert_eq!(to_value(&status).unwrap(), expected);
    status.error = Some(FetchError::NoUsableKey { skipped: 2 });
    status.age = None;
    expected["error"] =
        json!({ "code": "no_usable_key", "message": "none of the 2 keys of the key set is usable" });
    expected["age_seconds"] = Value::Null;
    assert_eq!(to_value(&status).unwrap(), expected);
    drop(provider);
}

#[test]
fn no_serialized_form_contains_a_token() {
    let Stage { gate, .. } = stage();
    let good = token(|claims| claims["user_email"] = json!("canary@canary.example"));
    let denied = gate.authorize(&good, "admin").unwrap_err();
    let refused = gate.authorize(&format!("{good}x"), "deploy").unwrap_err();
    let Denial::Role(ruling) = &denied else {
        panic!("the token is accepted");
    };
    let all = json!([
        ruling,
        denied,
        refused,
        gate.authorize(&good, "deploy").unwrap(),
        gate.roles(&good).unwrap(),
        gate.key_status(),
    ]);
    let all = all.to_string();
    assert!(!all.contains("canary"), "{all}");
    assert!(!good.split('.').any(|segment| all.contains(segment)), "{all}");
}
