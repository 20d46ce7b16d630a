//! Tests of a gate whose policies are replaced, or whose keys are being fetched.

#![allow(
    clippy::arithmetic_side_effects,
    clippy::panic,
    clippy::unwrap_used,
    reason = "tests may end early"
)]

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, mpsc};
use std::thread;

use rolecall_engine::{PolicySet, Source};
use serde_json::json;

use super::Gate;
use super::verification::Step;
use crate::keys::{FOREVER, HandClock, KeySources, NOW, Provider, token};

fn policies(role: &str) -> PolicySet {
    let text = format!(
        r#"issuer ci {{ url "https://ci.example" profile gitlab-ci audience "rolecall" }}
           role {role} {{ allow from ci when project == "group/project" }}"#
    );
    PolicySet::compile([Source::new("test.policy", text)]).unwrap()
}

fn gate(provider: &Arc<Provider>) -> Gate {
    let sources = KeySources::new().otherwise(Arc::clone(provider));
    let clock = Arc::into_inner(HandClock::new()).unwrap();
    Gate::builder(policies("before"), sources)
        .clock(clock)
        .build()
        .unwrap()
}

/// An accepted token, a different one for each number.
fn good(number: u32) -> String {
    signed("a", number)
}

/// A token that names this key and is signed by it.
fn signed(kid: &str, number: u32) -> String {
    let claims = json!({
        "iss": "https://ci.example", "aud": "rolecall", "sub": format!("{number}"),
        "iat": NOW, "exp": NOW + 300, "project_path": "group/project",
    });
    token(kid, &claims)
}

#[test]
fn a_verification_that_ends_after_the_policies_were_replaced_does_not_keep_the_old_ones() {
    let provider = Provider::new(&["a"]);
    let gate = gate(&provider);
    let old = Arc::downgrade(&gate.shared.policies.load_full());
    let token = good(0);

    provider.holds(true);
    let held = gate.shared.policies.load_full();
    let Ok(Step::Wait(unverified, pending)) = gate.begin(&token, &held, gate.shared.clock.now()) else {
        panic!("it does not wait");
    };
    gate.replace_policies(policies("after")).unwrap();
    provider.holds(false);
    let keys = pending.wait();
    let known = gate.end(keys, &token, unverified, &held).unwrap();
    assert!(known.recall(known.decide("before")).is_allowed());
    drop((known, held));
    assert_eq!(old.strong_count(), 0);

    assert!(gate.authorize(&token, "after").is_ok());
    assert!(gate.shared.cache.get(&token).is_some());
}

/// Once a call can be decided by new policies, a token verified under older ones is no longer found.
#[test]
fn no_call_is_decided_by_older_policies_than_one_before() {
    let gate = gate(&Provider::new(&["a"]));
    let done = AtomicBool::new(false);
    thread::scope(|scope| {
        let late = scope.spawn(|| {
            let mut late = 0;
            while !done.load(Ordering::Relaxed) {
                let decides = gate.shared.policies.load().generation;
                late += usize::from(gate.shared.cache.generation() < decides);
            }
            late
        });
        let known = good(0);
        let all_good = (0..1_000).all(|_| {
            let replaced = gate.replace_policies(policies("after"));
            replaced.is_ok() && gate.authorize(&known, "after").is_ok()
        });
        done.store(true, Ordering::Relaxed);
        assert!(all_good);
        assert_eq!(late.join().unwrap(), 0);
    });
}

#[test]
fn invented_kids_make_few_threads_wait() {
    let provider = Provider::new(&["a"]);
    let gate = gate(&provider);
    assert!(gate.authorize(&good(0), "before").is_ok());
    provider.holds(true);
    let (sender, codes) = mpsc::channel();
    thread::scope(|scope| {
        for number in 0..64 {
            let (gate, sender) = (&gate, sender.clone());
            scope.spawn(move || {
                let invented = signed(&format!("invented {number}"), number);
                let denial = gate.authorize(&invented, "before").unwrap_err();
                sender.send((denial.code(), denial.to_string())).unwrap();
            });
        }
        // No thread is left waiting if an assertion fails.
        let refused: Vec<_> = (0..56).map_while(|_| codes.recv_timeout(FOREVER).ok()).collect();
        let honest = (1..10).all(|number| gate.authorize(&good(number), "before").is_ok());
        let waiting = codes.try_recv().is_err();
        provider.holds(false);
        let message = "8 requests are waiting for the keys of issuer `ci`, and no more may".to_owned();
        assert_eq!(refused, vec![("keys_unavailable", message); 56]);
        assert!(honest && waiting);
        let waited = (0..8).map_while(|_| codes.recv_timeout(FOREVER).ok());
        let waited: Vec<_> = waited.map(|(code, _)| code).collect();
        assert_eq!(waited, ["unknown_key"; 8]);
    });
    assert_eq!(provider.fetches(), 2);
}
