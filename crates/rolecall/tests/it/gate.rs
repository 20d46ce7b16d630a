//! The gate: what it says, to whom, and with which policies and keys.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use crate::stage::{POLICY, Stage, code, names, policies, stage, token};
use crate::support::{NOW, Signer, URL, key_set, signer};
use rolecall::{Algorithm, ConfigError, Denial, DenialReason, Event, Gate, KeySources, Observer};
use serde_json::json;

#[test]
fn a_role_is_given_or_denied_and_a_bad_token_refused() {
    let Stage { gate, .. } = stage();
    let good = token(|_| ());
    for _ in 0..3 {
        let ruling = gate.authorize(&good, "deploy").unwrap();
        assert_eq!(ruling.token().issuer(), "gitlab");
        let grants = ruling.decision().grants();
        assert_eq!(grants, [("path", "apps/group/project".to_owned())]);
        assert_eq!(names(&gate.roles(&good).unwrap()), ["deploy", "read"]);

        let Err(Denial::Role(ruling)) = gate.authorize(&good, "admin") else {
            panic!()
        };
        assert_eq!(ruling.decision().reason(), Some(DenialReason::Condition));
        let Err(Denial::Role(ruling)) = gate.authorize(&good, "nobody") else {
            panic!()
        };
        assert_eq!(ruling.decision().reason(), Some(DenialReason::UnknownRole));
        // More roles than are remembered with a token.
        for role in ["a", "b", "c", "d", "read", "admin", "deploy"] {
            let allowed = ["deploy", "read"].contains(&role);
            assert_eq!(gate.authorize(&good, role).is_ok(), allowed, "{role}");
        }
        assert_eq!(code(gate.authorize("x.y.z", "deploy")), "malformed_token");
        assert!(gate.roles("x.y.z").is_err());
    }
}

#[test]
fn a_gate_is_shared_by_threads_and_a_clone_is_the_same() {
    fn shared<T: Send + Sync + Clone + 'static>(_: &T) {}
    let Stage { gate, .. } = stage();
    shared(&gate);
    let other = gate.clone();
    gate.replace_policies(policies(POLICY.split("role deploy").next().unwrap()))
        .unwrap();
    assert_eq!(code(other.authorize(&token(|_| ()), "deploy")), "denied");
}

#[test]
fn a_provider_that_is_down_for_an_hour_stops_no_token_of_a_known_key() {
    let Stage {
        gate,
        clock,
        provider,
    } = stage();
    gate.authorize(&token(|_| ()), "deploy").unwrap();
    provider.publish(None);
    for minute in 1..=60 {
        clock.pass(Duration::from_secs(60));
        let time = NOW + 60 * minute;
        let new = token(|claims| {
            claims["iat"] = json!(time);
            claims["nbf"] = json!(time);
            claims["exp"] = json!(time + 300);
        });
        // Each of them is new, so none is remembered.
        assert_eq!(code(gate.authorize(&new, "deploy")), "allowed", "minute {minute}");
    }
    // One try in 30 s at most, and one more right after the first failure.
    assert!(provider.asked() <= 1 + 122, "{}", provider.asked());
}

#[test]
fn policies_that_cannot_be_used_are_refused_and_the_old_ones_stay() {
    let Stage { gate, .. } = stage();
    let good = token(|_| ());
    let second = r#"issuer other { url "https://other.example" profile generic audience "rolecall" }"#;
    let error = gate
        .replace_policies(policies(&format!("{POLICY} {second}")))
        .unwrap_err();
    assert_eq!(
        error,
        ConfigError::NoKeySource {
            issuer: "other".to_owned()
        }
    );
    assert_eq!(code(gate.authorize(&good, "deploy")), "allowed");
}

#[test]
fn keys_stay_when_policies_are_replaced() {
    let Stage { gate, provider, .. } = stage();
    gate.authorize(&token(|_| ()), "deploy").unwrap();
    for _ in 0..10 {
        gate.replace_policies(policies(POLICY)).unwrap();
        assert_eq!(code(gate.authorize(&token(|_| ()), "deploy")), "allowed");
    }
    assert_eq!(provider.asked(), 1);
}

#[test]
fn decisions_are_never_made_on_a_mixture_of_old_and_new_policies() {
    let Stage { gate, .. } = stage();
    let good = token(|_| ());
    // In each state of the policies exactly one of two roles is given.
    let state = |even: bool| {
        let (yes, no) = if even { ("even", "odd") } else { ("odd", "even") };
        policies(&format!(
            "{} role {yes} {{ allow from gitlab }} role {no} {{ allow from gitlab when project == \"x/y\" }}",
            POLICY.split("role deploy").next().unwrap()
        ))
    };
    gate.replace_policies(state(true)).unwrap();
    let done = AtomicBool::new(false);
    std::thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| {
                while !done.load(Ordering::Relaxed) {
                    assert_eq!(gate.roles(&good).unwrap().iter().count(), 1);
                    let ruling = match gate.authorize(&good, "even") {
                        Ok(ruling) | Err(Denial::Role(ruling)) => ruling,
                        Err(denial) => panic!("{denial}"),
                    };
                    assert_eq!(*ruling.decision().role().unwrap().name, *"even");
                }
            });
        }
        for turn in 0..200 {
            gate.replace_policies(state(turn % 2 == 0)).unwrap();
        }
        done.store(true, Ordering::Relaxed);
    });
}

#[test]
fn two_issuers_with_one_kid_keep_their_own_keys() {
    const OTHER: &str = "https://other.example";
    let other = Signer::generate(Algorithm::EdDSA);
    let text = format!(
        "{POLICY} issuer other {{ url \"{OTHER}\" profile gitlab-ci audience \"rolecall\" }} role theirs {{ allow from other }}"
    );
    let sources = KeySources::new()
        .fixed(URL, key_set(&[crate::stage::jwk()]))
        .fixed(OTHER, key_set(&[other.jwk("key")]));
    let gate = Gate::builder(policies(&text), sources)
        .clock(crate::stage::HandClock::new())
        .build()
        .unwrap();
    let mut claims = crate::support::claims();
    let header = r#"{"alg":"EdDSA","kid":"key"}"#;
    let ours = |claims: &serde_json::Value| signer(Algorithm::EdDSA).token(header, claims.to_string());
    let theirs = |claims: &serde_json::Value| other.token(header, claims.to_string());
    for _ in 0..2 {
        claims["iss"] = json!(URL);
        assert_eq!(code(gate.authorize(&ours(&claims), "deploy")), "allowed");
        assert_eq!(code(gate.authorize(&theirs(&claims), "deploy")), "bad_signature");
        claims["iss"] = json!(OTHER);
        assert_eq!(code(gate.authorize(&theirs(&claims), "theirs")), "allowed");
        assert_eq!(code(gate.authorize(&ours(&claims), "theirs")), "bad_signature");
    }
}

#[test]
fn a_token_of_an_issuer_that_is_not_configured_asks_nobody_for_keys() {
    let Stage { gate, provider, .. } = stage();
    for iss in [
        "https://evil.example",
        "https://gitlab.example/",
        "https://gitlab.example.evil",
    ] {
        let foreign = token(|claims| claims["iss"] = json!(iss));
        assert_eq!(code(gate.authorize(&foreign, "deploy")), "unknown_issuer");
    }
    assert_eq!(provider.asked(), 0);
}

#[test]
fn a_gate_without_a_cache_says_the_same() {
    for tokens in [0, 1, 1_000_000] {
        let sources = KeySources::new().fixed(URL, key_set(&[crate::stage::jwk()]));
        let builder = Gate::builder(policies(POLICY), sources).clock(crate::stage::HandClock::new());
        let gate = builder.cached_tokens(tokens.min(10_000)).build().unwrap();
        for n in 0..50 {
            let good = token(|claims| claims["jti"] = json!(n));
            assert_eq!(code(gate.authorize(&good, "deploy")), "allowed");
            assert_eq!(code(gate.authorize(&good, "admin")), "denied");
        }
        let large = token(|claims| claims["x"] = json!("x".repeat(7_000)));
        assert!(large.len() > 8 * 1_024);
        for _ in 0..2 {
            assert_eq!(code(gate.authorize(&large, "deploy")), "allowed");
        }
    }
}

#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<String>>>);

impl Observer for Log {
    fn observe(&self, event: &Event<'_>) {
        let line = match event {
            Event::Decided {
                role,
                token,
                decision,
            } => {
                format!(
                    "{role} {} {:?}",
                    token.issuer(),
                    decision.reason().map(DenialReason::code)
                )
            }
            Event::TokenRefused { role, error } => format!("{role:?} {}", error.code()),
            Event::RolesRemoved { roles } => format!("removed {roles:?}"),
            Event::PoliciesReplaced { roles } => format!("{roles} roles"),
            Event::KeysFetched { issuer, changed, .. } => format!("{issuer} {changed}"),
            _ => "other".to_owned(),
        };
        self.0.lock().unwrap().push(line);
    }
}

#[test]
fn an_observer_is_told_of_every_decision() {
    let log = Log::default();
    let sources = KeySources::new().fixed(URL, key_set(&[crate::stage::jwk()]));
    let builder = Gate::builder(policies(POLICY), sources).clock(crate::stage::HandClock::new());
    let gate = builder.observer(log.clone()).build().unwrap();
    let good = token(|_| ());
    for role in ["deploy", "deploy", "admin", "nobody"] {
        let _ = gate.authorize(&good, role);
    }
    let _ = gate.authorize("x", "deploy");
    gate.roles(&good).unwrap();
    gate.roles("x").unwrap_err();
    gate.replace_policies(policies(POLICY)).unwrap();
    gate.replace_policies(policies(&POLICY.replace("role read", "role write")))
        .unwrap();
    let told = log.0.lock().unwrap().join(", ");
    let expected = "deploy gitlab None, deploy gitlab None, admin gitlab Some(\"condition\"), \
        nobody gitlab Some(\"unknown_role\"), Some(\"deploy\") malformed_token, deploy gitlab None, \
        read gitlab None, None malformed_token, 3 roles, 3 roles, removed [\"read\"]";
    assert_eq!(told, expected);
}

#[test]
fn a_service_can_look_at_the_policies_in_use() {
    let Stage { gate, .. } = stage();
    let before = gate.policies();
    assert!(gate.has_role("read") && !gate.has_role("write") && !gate.has_role(""));
    gate.replace_policies(policies(&POLICY.replace("role read", "role write")))
        .unwrap();
    assert!(gate.has_role("write") && !gate.has_role("read"));
    assert!(before.program().role("read").is_some());
    assert!(gate.policies().program().role("read").is_none());
}

#[test]
fn waiting_for_keys_can_be_left_to_any_runtime() {
    let Stage { gate, provider, .. } = stage();
    let answers = AtomicUsize::new(0);
    let good = token(|_| ());
    std::thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| {
                pollster::block_on(async {
                    gate.authorize_async(&good, "deploy").await.unwrap();
                    assert_eq!(names(&gate.roles_async(&good).await.unwrap()), ["deploy", "read"]);
                    answers.fetch_add(1, Ordering::Relaxed);
                });
            });
        }
    });
    assert_eq!((answers.into_inner(), provider.asked()), (8, 1));
}

#[test]
fn what_a_gate_shows_of_itself_has_no_token_in_it() {
    let Stage { gate, .. } = stage();
    let good = token(|claims| claims["user_email"] = json!("canary@canary.example"));
    let ruling = gate.authorize(&good, "deploy").unwrap();
    let roles = gate.roles(&good).unwrap();
    let denial = gate.authorize(&good, "admin").unwrap_err();
    let shown = format!(
        "{gate:?} {ruling:?} {roles:?} {denial:?} {denial} {:?}",
        gate.key_status()
    );
    assert!(!shown.contains("canary"), "{shown}");
    assert!(!good.split('.').any(|segment| shown.contains(segment)), "{shown}");
}
