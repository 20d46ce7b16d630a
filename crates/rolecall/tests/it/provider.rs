//! A gate and a real, certified OpenID provider: discovery, keys that are replaced and withdrawn, a provider that is down.
//!
//! The provider is a process of its own. `oidc-provider/install` fetches it. Without it these tests are reported as
//! skipped; with `ROLECALL_REQUIRE_PROVIDER=1` they fail.

mod process;
mod stage;

use std::thread;
use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use rolecall::{Denial, Gate, Ruling};
use serde_json::json;
use stage::{ALGORITHMS, LIFETIME, Stage, job};

/// For how long keys are fresh: the provider does not say.
const MAX_AGE: Duration = Duration::from_secs(600);

fn code(answer: &Result<Ruling, Denial>) -> &'static str {
    answer.as_ref().map_or_else(Denial::code, |_| "allowed")
}

fn ask(gate: &Gate, token: &str) -> &'static str {
    code(&gate.authorize(token, "deploy"))
}

/// Asks until the token is accepted, with time for another try at the keys in between.
fn until_allowed(stage: &Stage, gate: &Gate, token: &str) {
    for _ in 0..100 {
        if ask(gate, token) == "allowed" {
            return;
        }
        stage.clock.skip(Duration::from_secs(31));
    }
    panic!("never allowed, but {}", ask(gate, token));
}

/// The same token with another part of the three.
fn with_part(token: &str, place: usize, part: impl AsRef<[u8]>) -> String {
    let part = URL_SAFE_NO_PAD.encode(part);
    let mut parts: Vec<&str> = token.split('.').collect();
    parts[place] = &part;
    parts.join(".")
}

#[test]
fn tokens_of_each_algorithm_are_accepted() {
    let Some(stage) = Stage::new() else { return };
    let gate = stage.gate();
    for algorithm in ALGORITHMS {
        for _ in 0..2 {
            let token = stage.token(algorithm);
            let ruling = gate.authorize(&token, "deploy").unwrap();
            let grants = ruling.decision().grants();
            assert_eq!(grants, [("path", "apps/group/project".to_owned())]);
            assert_eq!(ask(&gate, &token), "allowed");
        }
        let other = stage
            .provider
            .issue(algorithm, "rolecall", LIFETIME, &job("group/other"));
        assert_eq!(ask(&gate, &other), "denied");
    }
    assert_eq!(stage.provider.requests(), (1, 1));
    assert_eq!(gate.key_status()[0].usable, ALGORITHMS.len());
}

#[test]
fn tokens_for_others_are_refused() {
    let Some(stage) = Stage::new() else { return };
    let gate = stage.gate();
    for audience in ["rolecall.example", "Rolecall", "rolecall2"] {
        let token = stage
            .provider
            .issue("RS256", audience, LIFETIME, &job("group/project"));
        assert_eq!(ask(&gate, &token), "wrong_audience", "{audience}");
    }
}

#[test]
fn tokens_die_at_their_end() {
    let Some(stage) = Stage::new() else { return };
    let (gate, forgetful) = (stage.gate(), stage.forgetful_gate());
    let token = stage
        .provider
        .issue("ES256", "rolecall", 3_600, &job("group/project"));
    for gate in [&gate, &forgetful] {
        assert_eq!(ask(gate, &token), "allowed");
    }
    // The leeway is 30 s.
    stage.clock.skip(Duration::from_secs(3_630));
    for gate in [&gate, &forgetful] {
        assert_eq!(ask(gate, &token), "expired");
    }
}

#[test]
fn tokens_with_one_other_byte_are_refused() {
    let Some(stage) = Stage::new() else { return };
    let gate = stage.gate();
    for algorithm in ALGORITHMS {
        let token = stage.token(algorithm);
        assert_eq!(ask(&gate, &token), "allowed");
        for place in 0..token.len() {
            let mut other = token.clone().into_bytes();
            other[place] = if other[place] == b'A' { b'B' } else { b'A' };
            let other = String::from_utf8(other).unwrap();
            assert_ne!(ask(&gate, &other), "allowed", "{algorithm}, at {place}");
        }
        assert_eq!(ask(&gate, &token), "allowed");
    }
}

#[test]
fn keys_that_are_another_issuers_by_its_own_word_are_not_taken() {
    let Some(stage) = Stage::new() else { return };
    // The same provider by another name. It calls itself by the first one.
    let url = stage.provider.url.replace("127.0.0.1", "localhost");
    let gate = stage.gate_for(&url, 1_024);
    let token = stage.token("RS256");
    assert_eq!(ask(&gate, &token), "unknown_issuer");
    let mut claims = job("group/project");
    claims["iss"] = json!(url);
    assert_eq!(ask(&gate, &with_part(&token, 1, claims.to_string())), "no_keys");
    let status = &gate.key_status()[0];
    assert_eq!(status.error.as_ref().unwrap().code(), "discovery_issuer");
    assert_eq!(stage.provider.requests(), (1, 0));
    // The observer is told after those who wait.
    for _ in 0..10_000 {
        if !stage.errors.0.lock().unwrap().is_empty() {
            break;
        }
        thread::sleep(Duration::from_millis(1));
    }
    assert_eq!(*stage.errors.0.lock().unwrap(), ["discovery_issuer"]);
}

#[test]
fn keys_that_were_announced_are_there_when_they_sign() {
    let Some(stage) = Stage::new() else { return };
    let gates = [stage.gate(), stage.forgetful_gate()];
    let old = ALGORITHMS.map(|algorithm| stage.token(algorithm));
    let allowed = |tokens: &[String; 3]| {
        for gate in &gates {
            for token in tokens {
                assert_eq!(ask(gate, token), "allowed");
            }
        }
    };
    allowed(&old);
    stage.provider.publish_keys();
    stage.clock.skip(MAX_AGE);
    allowed(&old);
    assert_eq!(stage.key_sets_asked_for(), 4, "two for each gate");

    stage.provider.sign_with_newest();
    let new = ALGORITHMS.map(|algorithm| stage.token(algorithm));
    for _ in 0..2 {
        allowed(&new);
        allowed(&old);
    }
    assert_eq!(stage.key_sets_asked_for(), 4, "nobody had to ask again");
}

#[test]
fn a_key_that_signs_at_once_is_found_by_the_first_token() {
    let Some(stage) = Stage::new() else { return };
    for (round, gate) in [(1, stage.gate()), (2, stage.forgetful_gate())] {
        let old = stage.token("RS256");
        assert_eq!(ask(&gate, &old), "allowed");
        stage.rotate();
        let new = ALGORITHMS.map(|algorithm| stage.token(algorithm));
        for token in &new {
            assert_eq!(ask(&gate, token), "allowed");
        }
        assert_eq!(ask(&gate, &old), "allowed");
        assert_eq!(stage.provider.requests(), (round, 2 * round));
    }
}

#[test]
fn many_who_have_a_token_of_a_new_key_cause_one_fetch() {
    let Some(stage) = Stage::new() else { return };
    let gate = stage.gate();
    assert_eq!(ask(&gate, &stage.token("RS256")), "allowed");
    stage.rotate();
    let tokens: Vec<String> = (0..8).map(|n| stage.token(ALGORITHMS[n % 3])).collect();
    thread::scope(|scope| {
        for token in &tokens {
            scope.spawn(|| assert_eq!(ask(&gate, token), "allowed"));
        }
    });
    assert_eq!(stage.key_sets_asked_for(), 2);
}

#[test]
fn tokens_of_a_key_that_was_removed_are_refused_within_the_age_of_keys() {
    let Some(stage) = Stage::new() else { return };
    let gates = [stage.gate(), stage.forgetful_gate()];
    let old = stage.token("RS256");
    for gate in &gates {
        assert_eq!(ask(gate, &old), "allowed");
    }
    stage.rotate();
    stage.provider.retire_keys();
    stage.clock.skip(MAX_AGE);
    for gate in &gates {
        assert_eq!(ask(gate, &old), "unknown_key");
        assert_eq!(ask(gate, &stage.token("RS256")), "allowed");
        assert_eq!(ask(gate, &old), "unknown_key");
    }
}

#[test]
fn tokens_of_a_key_that_was_removed_are_refused_as_soon_as_a_new_one_is_seen() {
    let Some(stage) = Stage::new() else { return };
    let gates = [stage.gate(), stage.forgetful_gate()];
    let old = stage.token("ES256");
    for gate in &gates {
        assert_eq!(ask(gate, &old), "allowed");
    }
    stage.rotate();
    stage.provider.retire_keys();
    let new = stage.token("ES256");
    for gate in &gates {
        assert_eq!(ask(gate, &new), "allowed");
        assert_eq!(ask(gate, &old), "unknown_key");
    }
}

#[test]
fn a_provider_that_is_down_for_an_hour_stops_no_token_of_a_known_key() {
    let Some(stage) = Stage::new() else { return };
    let gate = stage.gate();
    let known = stage.token("RS256");
    assert_eq!(ask(&gate, &known), "allowed");
    let tokens: Vec<String> = (0..60).map(|n| stage.token(ALGORITHMS[n % 3])).collect();
    stage.provider.go_down();
    for (minute, token) in tokens.iter().enumerate() {
        stage.clock.skip(Duration::from_secs(60));
        assert_eq!(ask(&gate, &known), "allowed", "minute {minute}");
        // One that was never seen before.
        assert_eq!(ask(&gate, token), "allowed", "minute {minute}");
    }
    let status = &gate.key_status()[0];
    assert!(status.is_stale && status.usable == 3, "{status:?}");
    assert_eq!(status.error.as_ref().unwrap().code(), "connection");

    // Who never saw the keys accepts nothing.
    let late = stage.gate();
    assert_eq!(ask(&late, &known), "no_keys");

    stage.provider.come_back();
    stage.rotate();
    let new = stage.token("RS256");
    for gate in [&gate, &late] {
        until_allowed(&stage, gate, &new);
        assert_eq!(ask(gate, &known), "allowed");
        let status = &gate.key_status()[0];
        assert!(!status.is_stale && status.usable == 6, "{status:?}");
    }
}

#[test]
fn ten_thousand_invented_keys_cause_one_fetch_and_stop_no_good_token() {
    let Some(stage) = Stage::new() else { return };
    let gate = stage.forgetful_gate();
    let good = ALGORITHMS.map(|algorithm| stage.token(algorithm));
    for token in &good {
        assert_eq!(ask(&gate, token), "allowed");
    }
    thread::scope(|scope| {
        for (from, (algorithm, token)) in ALGORITHMS.into_iter().zip(&good).enumerate() {
            let gate = &gate;
            scope.spawn(move || {
                for n in (from..10_000).step_by(ALGORITHMS.len()) {
                    let header = json!({ "alg": algorithm, "kid": format!("invented-{n}") });
                    let invented = with_part(token, 0, header.to_string());
                    assert_eq!(ask(gate, &invented), "unknown_key");
                    if n % 10 == 0 {
                        assert_eq!(ask(gate, token), "allowed");
                    }
                }
            });
        }
    });
    assert_eq!(stage.provider.requests(), (1, 2));
}
